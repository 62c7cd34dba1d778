// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Judge a condition from the table of the bundle: the points of an answer by its hash, for the
 * page has no key. docs/spec/bundle.md, "Routes"; the twin of qti/encrier_qti/delivery/routes/follow.py.
 * @module
 */

import { big, concat, fromHex, hex, sha256, utf8 } from "../core/bytes.js";

/** @typedef {import("../core/sheet.js").Responses} Responses */
/** @typedef {import("./outline.js").Condition} Condition */
/** @typedef {import("./outline.js").Term} Term */
/** @typedef {{salt: string, items: Record<string, {response: string, points?: Record<string, number>, right?: string}>}} Table */
/** What an answer is worth. @typedef {{points: number, right: boolean}} Worth */
/** @typedef {import("../items/bundle.js").Declaration} Declaration */

const THAN = {
  lt: (/** @type {number} */ a, /** @type {number} */ b) => a < b,
  lte: (/** @type {number} */ a, /** @type {number} */ b) => a <= b,
  gt: (/** @type {number} */ a, /** @type {number} */ b) => a > b,
  gte: (/** @type {number} */ a, /** @type {number} */ b) => a >= b,
  equal: (/** @type {number} */ a, /** @type {number} */ b) => a === b,
};
const HASH_HEX = 16;

/**
 * Whether a condition holds. `worths` has the items met so far and only those; null for one that is
 * met and not submitted.
 * @param {Condition} condition @param {Map<string, Worth | null>} worths
 */
export const passes = (condition, worths) =>
  condition.every(({ terms, than, value, needs }) => {
    if (!needs.every((group) => group.some((item) => worths.has(item)))) return false;
    return THAN[than](terms.reduce((sum, term) => sum + adds(term, worths), 0), value);
  });

/** @param {Term} term @param {Map<string, Worth | null>} worths */
function adds({ item, weight = 1, right = false }, worths) {
  const worth = worths.get(item);
  if (!worth) return 0;
  return right ? (worth.right ? weight : 0) : weight * worth.points;
}

/**
 * What the answer to one item is worth; null when no condition asks for this item.
 * @param {Table} table @param {string} item @param {Declaration | undefined} declared @param {Responses} given
 * @returns {Promise<Worth | null>}
 */
export async function worthOf(table, item, declared, given) {
  const listed = table.items[item];
  if (!listed || !declared) return null;
  const digest = await answerHash(declared, given[listed.response] ?? [], [table.salt, item, listed.response]);
  return { points: listed.points?.[digest] ?? 0, right: digest === listed.right };
}

/**
 * The hash of an answer, 16 hex digits. `named`: the salt in hex, the item, the response.
 * @param {Declaration} kind @param {string[]} values @param {[string, string, string]} named
 */
export async function answerHash({ cardinality, base_type }, values, [salt, ...names]) {
  const written = values.map((value) => canonical(base_type, value));
  if (cardinality !== "ordered") written.sort(byCodePoint);
  const parts = [fromHex(salt), ...[...names, ...written].map(utf8)];
  const sum = await sha256(concat(...parts.flatMap((part) => [big(part.length, 4), part])));
  return hex(sum).slice(0, HASH_HEX);
}

/** A pair is put in order; spaces around and between go. @param {string} base @param {string} written */
function canonical(base, written) {
  if (base !== "pair" && base !== "directedPair") return written;
  const ends = written.trim().split(/\s+/);
  if (ends.length !== 2) return written;
  return (base === "pair" ? ends.sort(byCodePoint) : ends).join(" ");
}

/** As Python sorts texts: JavaScript's own order is of UTF-16 units. @param {string} a @param {string} b */
function byCodePoint(a, b) {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i += 1) {
    const apart = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    if (apart) return apart;
  }
  return x.length - y.length;
}
