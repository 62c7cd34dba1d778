// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a teacher reads while she keys, in the language in use. The rules take it as an argument:
 * what they say is told by who asks, in the language of that moment.
 * @module
 */

import { language } from "../strings.js";
import * as en from "./strings/en.js";
import * as fr from "./strings/fr.js";

/** @typedef {typeof fr.TELL} Told */

/** @type {Record<import("../strings.js").Language, Told>} */
const LANGUAGES = { fr: fr.TELL, en: en.TELL };

/** The sentences of the language in use; to be asked for when they are shown. */
export const told = () => LANGUAGES[language()];
