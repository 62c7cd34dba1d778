// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The second, blind entry of a sample: who is drawn, under which names it is kept, how far both
 * agree, and what is left to settle. docs/spec/keying.md, "Marks".
 *
 * No clock, no disk, no network. Knows pupils by order number.
 * @module
 */

import { fieldsOf } from "../kit.js";
import { ordered } from "../../test/draws.js";
import { entryCalled, entryOf, isSaid, same } from "./entries.js";
import { real } from "./history.js";
import { itemCalled, placeOf, who } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Sheet} Sheet */
/** @typedef {import("./history.js").Change} Change */
/** @typedef {import("./places.js").Pupil} Pupil */
/** @typedef {import("./places.js").Sheets} Sheets */
/** @typedef {import("../strings.js").Told} Told */
/** @typedef {{order: string, item: string, first: Entry, second: Entry}} Difference */
/** How many entries were keyed twice, how many of them agree, and those that do not. @typedef {{compared: number, equal: number, differences: Difference[]}} Agreement */

const FEWEST = 2; // of one pupil alone nobody could tell a slip from a habit

/**
 * Whose booklets are keyed a second time: the same whatever the order of the list, and a class
 * that gains a pupil keeps most of its draw.
 * @param {string[]} orders @param {string} seed @param {number} part of the class, from 0 to 1
 * @returns {Promise<string[]>} in the order of the list
 */
export async function sample(orders, seed, part) {
  const n = Math.min(orders.length, Math.max(FEWEST, Math.ceil(part * orders.length)));
  const drawn = new Set((await ordered(orders, (order) => order, seed, "second-entry")).slice(0, n));
  return orders.filter((order) => drawn.has(order));
}

/** The name on the sheet of the second entry of an item. @param {string} item */
export const secondOf = (item) => `${item}~2`;

/** The fields that are keyed twice: a child reads aloud once. @param {Kit} kit */
export const twice = (kit) => fieldsOf(kit).filter(({ mask }) => mask !== "fluency");

/** Those whose second entry is awaited. @param {Kit} kit @param {Sheet | undefined} sheet @returns {Field[]} */
export const awaitedTwice = (kit, sheet) => twice(kit).filter(({ id }) => !isSaid(entryOf(sheet, secondOf(id))));

/**
 * How far first and second entries agree. @param {Kit} kit @param {Sheets} sheets
 * @returns {Agreement}
 */
export function agreement(kit, sheets) {
  const pairs = [...sheets].flatMap(([order, sheet]) => pairsOf(kit, order, sheet));
  const differences = pairs.filter(({ first, second }) => !same(scored(first), scored(second)));
  return { compared: pairs.length, equal: pairs.length - differences.length, differences };
}

/**
 * What to key once the teacher has looked at the paper again: both entries say what she chose.
 * @param {Difference} difference @param {"first" | "second"} chosen
 * @returns {Change[]}
 */
export function settled({ order, item, first, second }, chosen) {
  const after = chosen === "first" ? first : second;
  return real([
    { order, item, before: first, after },
    { order, item: secondOf(item), before: second, after },
  ]);
}

/** How far both agree, in a sentence. @param {Agreement} agreed @param {Told} tell */
export const sentence = ({ compared, equal }, tell) => tell.double.agreed(compared, equal);

/** A difference as a question. @param {Kit} kit @param {Difference} difference @param {Pupil[]} pupils @param {Told} tell */
export function question(kit, { order, item, first, second }, pupils, tell) {
  const pupil = pupils.find((one) => one.order === order) ?? { order, shown: "" };
  const field = placeOf(kit, item)?.field;
  const said = (/** @type {Entry} */ entry) => (field ? entryCalled(field, entry, tell) : "");
  return tell.double.differs(who(pupil, tell), itemCalled(kit, item, tell), [said(first), said(second)]);
}

/** @param {Kit} kit @param {string} order @param {Sheet} sheet @returns {Difference[]} */
function pairsOf(kit, order, sheet) {
  const pairs = twice(kit).map(({ id }) => ({ order, item: id, first: entryOf(sheet, id), second: entryOf(sheet, secondOf(id)) }));
  return pairs.filter(({ first, second }) => isSaid(first) && isSaid(second));
}

/** What of an entry counts: a strike, or the version, that one noted and the other did not changes no score. @param {Entry} entry @returns {Entry} */
function scored({ r, mark }) {
  const kept = Object.entries(r).filter(([name]) => !name.endsWith(".struck") && !name.endsWith(".hesitated"));
  if (mark && mark !== "adapted") return { r: {}, mark };
  return kept.length ? { r: Object.fromEntries(kept) } : { r: {}, mark: "blank" };
}
