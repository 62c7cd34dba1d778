// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The order in which a pupil sees choices: drawn from the sitting and the item, so that it is the
 * same after a reload and on another device, and differs between neighbours.
 * @module
 */

/**
 * Shuffle what is not `fixed`; what is fixed keeps its place.
 * @template T
 * @param {T[]} choices @param {string} seed @param {(choice: T) => boolean} fixed
 * @returns {T[]}
 */
export function shuffled(choices, seed, fixed) {
  const random = numbers(seed);
  const free = choices.filter((choice) => !fixed(choice));
  for (let i = free.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [free[i], free[j]] = [/** @type {T} */ (free[j]), /** @type {T} */ (free[i])];
  }
  let at = 0;
  return choices.map((choice) => (fixed(choice) ? choice : /** @type {T} */ (free[at++])));
}

/**
 * Numbers in [0, 1) from a text: FNV-1a (Fowler, Noll, Vo), then mulberry32 (T. Ettinger, 2017).
 * Not secret and need not be.
 * @param {string} seed
 */
function numbers(seed) {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i += 1) {
    state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
