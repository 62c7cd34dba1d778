// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Draws that come out the same here and in Python: from hashes, not from a generator.
 * docs/spec/draws.md; the twin of qti/encrier_qti/sessions/draw.py.
 * @module
 */

import { big, concat, hex, sha256, utf8 } from "../core/bytes.js";

/** 64 hex digits by which to order what has these names. @param {string} seed @param {...string} names */
export async function rank(seed, ...names) {
  const named = [seed, ...names].map(utf8).flatMap((name) => [big(name.length, 4), name]);
  return hex(await sha256(concat(...named)));
}

/** A whole number from 0 to `below` - 1. @param {number} below @param {string} seed @param {...string} names */
export const number = async (below, seed, ...names) =>
  Number.parseInt((await rank(seed, ...names)).slice(0, 12), 16) % below;

/**
 * These things in the order of their ranks.
 * @template T
 * @param {T[]} things @param {(thing: T) => string} named the last name of each @param {string} seed @param {...string} names
 * @returns {Promise<T[]>}
 */
export async function ordered(things, named, seed, ...names) {
  const ranked = await Promise.all(
    things.map(async (thing) => ({ thing, at: await rank(seed, ...names, named(thing)) })),
  );
  return ranked.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ thing }) => thing);
}
