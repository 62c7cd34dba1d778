// SPDX-License-Identifier: AGPL-3.0-or-later
/** Chance that repeats. @module */

/** Numbers that are the same at each run. @param {number} seed */
export function dice(seed) {
  let state = seed | 0;
  return (/** @type {number} */ sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}
