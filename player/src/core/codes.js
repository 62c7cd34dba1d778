// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Pupil codes as typed: told wrong in the page, before any network call.
 * The twin of kernel/encrier/codes.py; the two read the same vectors.
 * @module
 */

export const LETTERS = "BCDFGHJKLMNPRSTVWXZ";
export const LENGTH = 12;
const GROUP = 4;
const PRIME = LETTERS.length;
const IGNORED = /[ \-–—_.\u00a0\u202f\t\r\n]/g;

/** A code that does not exist: what happened, and what the pupil can do. */
export class BadCode extends Error {
  /** @param {string} what @param {string} nextStep */
  constructor(what = "Ce code n’existe pas.", nextStep = "Compare-le avec ta feuille, lettre par lettre.") {
    super(what);
    this.what = what;
    this.nextStep = nextStep;
  }
}

/**
 * Turn what a pupil typed into the twelve letters of a code, or throw BadCode.
 * @param {string} typed
 */
export function parse(typed) {
  const letters = clean(typed);
  if (letters.length !== LENGTH) {
    throw new BadCode(
      "Un code a douze lettres, en trois groupes de quatre.",
      "Regarde ta feuille et complète le code.",
    );
  }
  const values = Array.from(letters, (letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) {
    throw new BadCode("Un code ne contient que des consonnes, sans chiffre ni voyelle.");
  }
  // 1·x1 + 2·x2 + … + 12·x12 = 0 modulo 19: one wrong letter, or two swapped, never passes
  const sum = values.reduce((total, value, i) => total + (i + 1) * value, 0);
  if (sum % PRIME !== 0) throw new BadCode();
  return letters;
}

/** What was typed, in capitals, without what does not count. @param {string} typed */
export const clean = (typed) => typed.replace(IGNORED, "").toUpperCase();

/** A code, whole or begun, as it stands on a slip: BRTK-MWZD-HNPH. @param {string} letters */
export const printed = (letters) => letters.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join("-") ?? "";
