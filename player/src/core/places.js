// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Which pair of nodes serves a code: its first two letters say it, for the manifest says whose they
 * are. The twin of kernel/encrier/places.py; the two read the same vectors.
 * @module
 */

import { LETTERS } from "./codes.js";

const FREE = ".";
const PAIRS = "123456789abcdefghijklmnopqrstuvwxyz";

/** The pair of a campaign that has one. */
export const ONLY = 0;

/**
 * The pair that serves a code; null where its place is in nobody's use.
 * @param {string} places of the manifest @param {string} code twelve letters, parsed
 * @returns {number | null}
 */
export function pairOf(places, code) {
  if (!places) return ONLY;
  const [first = 0, second = 0] = Array.from(code.slice(0, 2), (letter) => LETTERS.indexOf(letter));
  const written = places[first * LETTERS.length + second] ?? FREE;
  return written === FREE ? null : PAIRS.indexOf(written) + 1;
}
