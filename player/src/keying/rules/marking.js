// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What is keyed, in points: the table of the kit, and the rules of docs/spec/keying.md, "Marks".
 *
 * Pure. Knows a booklet's marking table and one sheet; never whose sheet it is. The table is made
 * by the scoring engine: what is read here is the official score of closed items.
 * @module
 */

import { answerKey, entryOf, isGiven, isSaid } from "./entries.js";
import { placeOf } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Domain} Domain */
/** @typedef {import("../kit.js").Group} Group */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Sheet} Sheet */
/**
 * A pupil in a domain: points of what she was given so far; her group, once it can be told; items
 * of it that are awaited, and that she was not given; `open` where some are scored later only.
 * @typedef {{domain: Domain, score: number, group: Group | null, awaited: number, notGiven: number, open: boolean}} Result
 */

/**
 * The points of an entry; null where there are none to tell: nothing is said, the item was not
 * given, or it is scored after the opening only.
 * @param {Kit} kit @param {string} item @param {Entry} entry
 * @returns {number | null}
 */
export function pointsOf(kit, item, entry) {
  const place = placeOf(kit, item);
  if (!place || !Object.hasOwn(kit.marking, item) || !isGiven(entry)) return null;
  const table = kit.marking[item] ?? {};
  const key = answerKey(place.field, entry);
  if (Object.hasOwn(table, key)) return table[key] ?? null;
  return key === "" ? null : (table["*"] ?? null); // "anything else" is something that was written
}

/**
 * Each domain of a booklet for one pupil, in the order of the kit.
 * @param {Kit} kit @param {Sheet | undefined} sheet
 * @returns {Result[]}
 */
export const results = (kit, sheet) => kit.domains.map((domain) => resultOf(kit, domain, sheet));

/** @param {Kit} kit @param {Domain} domain @param {Sheet | undefined} sheet @returns {Result} */
function resultOf(kit, domain, sheet) {
  const items = domain.items.filter((item) => !kit.unscored.includes(item));
  const entries = items.map((item) => ({ item, entry: entryOf(sheet, item) }));
  const said = entries.filter(({ entry }) => isSaid(entry));
  const given = said.filter(({ entry }) => isGiven(entry));
  const points = given.map(({ item, entry }) => pointsOf(kit, item, entry));
  const score = exactSum(points.map((each) => each ?? 0));
  const awaited = items.length - said.length;
  const notGiven = said.length - given.length;
  const open = items.some((item) => !Object.hasOwn(kit.marking, item)) || points.includes(null);
  const whole = awaited === 0 && notGiven === 0 && !open;
  return { domain, score, group: whole ? groupOf(domain, score) : null, awaited, notGiven, open };
}

/** A score at a threshold is in the group above it. @param {Domain} domain @param {number} score @returns {Group} */
export function groupOf({ thresholds: [needs, fragile] }, score) {
  if (score < needs) return "besoins";
  return score < fragile ? "fragile" : "satisfaisant";
}

/**
 * The sum as if it were reckoned without rounding, then rounded once: what `math.fsum` gives, so
 * that ten tenths reach a threshold of 1 here as they do where the official score is made.
 * Shewchuk (1997), Adaptive Precision Floating-Point Arithmetic, section 2.
 * @param {number[]} numbers
 */
export function exactSum(numbers) {
  /** @type {number[]} parts that do not overlap, the smallest first */
  const parts = [];
  for (const number of numbers) {
    let carried = number;
    let kept = 0;
    for (const part of [...parts]) {
      const [sum, rest] = added(carried, part);
      if (rest !== 0) parts[kept++] = rest;
      carried = sum;
    }
    parts.length = kept;
    parts.push(carried);
  }
  return roundedOnce(parts);
}

/** @param {number[]} parts */
function roundedOnce(parts) {
  let total = 0;
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const [sum, rest] = added(total, parts[at] ?? 0);
    total = sum;
    if (rest === 0) continue;
    const below = parts[at - 1] ?? 0; // what lies below a half decides which way the half goes
    const nudged = total + 2 * rest;
    return Math.sign(rest) === Math.sign(below) && 2 * rest === nudged - total ? nudged : total;
  }
  return total;
}

/** A sum, and exactly what its rounding lost. @param {number} a @param {number} b @returns {[number, number]} */
function added(a, b) {
  const [large, small] = Math.abs(a) < Math.abs(b) ? [b, a] : [a, b];
  const sum = large + small;
  return [sum, small - (sum - large)];
}
