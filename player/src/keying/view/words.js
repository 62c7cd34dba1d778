// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a teacher reads on the screens of the keying page, in the language in use; asked when it is
 * shown, for the language changes on the page.
 * @module
 */

import { language } from "../../strings.js";
import { WORDS as en } from "./words/en.js";
import { WORDS as fr } from "./words/fr.js";

/** @returns {typeof fr} */
export const words = () => (language() === "en" ? en : fr);
