// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a pupil reads, in the language in use. Read a sentence when it is shown, not when the page
 * is loaded: `speak` changes them all at once.
 * @module
 */

import * as en from "./strings/en.js";
import * as fr from "./strings/fr.js";

/** @typedef {import("./strings/fr.js").Notice} Notice */
/** @typedef {"fr" | "en"} Language */

/** @type {Record<Language, typeof fr>} */
const LANGUAGES = { fr, en };

export const SAY = { ...fr.SAY };
export const ASK = { ...fr.ASK };
export const NOTICES = { ...fr.NOTICES };

/** @type {Language} */
let spoken = "fr";

/** The language in use. */
export const language = () => spoken;

/** Go on in this language; the page says so to screen readers. @param {Language} chosen */
export function speak(chosen) {
  spoken = chosen;
  Object.assign(SAY, LANGUAGES[chosen].SAY);
  Object.assign(ASK, LANGUAGES[chosen].ASK);
  Object.assign(NOTICES, LANGUAGES[chosen].NOTICES);
  document.documentElement.lang = chosen;
}
