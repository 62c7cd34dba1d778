// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Several entries at once: the last one again, a column, a mark for an exercise, a sequence or all.
 *
 * Each gives the changes it would make, so that they are told before they are made and undone as
 * one. What was said is never written over unless that is asked.
 *
 * Pure. Knows entries by order number.
 * @module
 */

import { exercisesOf, fieldsOf } from "../kit.js";
import { OPEN, choicesOf, entryOf, isNumber, isSaid } from "./entries.js";
import { real } from "./history.js";
import { who } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./history.js").Change} Change */
/** @typedef {import("./places.js").Pupil} Pupil */
/** @typedef {import("./places.js").Sheets} Sheets */
/** @typedef {"absent" | "exempt" | "left" | "unfit"} RowMark */
/** What a mark is put on: an exercise or a sequence of this identifier, or the whole booklet. @typedef {{exercise: string} | {sequence: string} | "all"} Extent */

/**
 * The entry of another field, again in this one; null where it would mean nothing.
 * @param {{field: Field, entry: Entry}} last @param {Field} field
 * @returns {Entry | null}
 */
export function repeated({ field: from, entry }, field) {
  if (!isSaid(entry) || field.mask === "fluency") return null; // each reads aloud for herself
  if (Object.keys(entry.r).length === 0) return entry;
  const isAlike = from.mask === field.mask && (isNumber(field) ? (from.digits ?? 3) <= (field.digits ?? 3) : hasSame(from, field));
  if (!isAlike) return null;
  const named = Object.entries(entry.r).map(([name, values]) => [field.response + name.slice(from.response.length), values]);
  return { ...entry, r: Object.fromEntries(named) };
}

/**
 * An item filled for these pupils.
 * @param {{item: string, entry: Entry, over: boolean}} fill over: also where something was said
 * @param {Pupil[]} pupils @param {Sheets} sheets
 * @returns {Change[]}
 */
export const column = ({ item, entry, over }, pupils, sheets) =>
  changing(pupils.map(({ order }) => ({ order, item })), { entry, over }, sheets);

/**
 * A mark on each field of an extent, for one pupil.
 * @param {Kit} kit @param {Extent} extent
 * @param {{order: string, mark: RowMark, over: boolean, sheets: Sheets}} row
 * @returns {Change[]}
 */
export const marked = (kit, extent, { order, mark, over, sheets }) =>
  changing(fieldsIn(kit, extent).map(({ id }) => ({ order, item: id })), { entry: { r: {}, mark }, over }, sheets);

/**
 * The mark taken back wherever it stands in an extent: she was there after all.
 * @param {Kit} kit @param {Extent} extent @param {{order: string, mark: RowMark, sheets: Sheets}} row
 * @returns {Change[]}
 */
export function unmarked(kit, extent, { order, mark, sheets }) {
  const marks = fieldsIn(kit, extent).filter(({ id }) => entryOf(sheets.get(order), id).mark === mark);
  return changing(marks.map(({ id }) => ({ order, item: id })), { entry: OPEN, over: true }, sheets);
}

/** The fields of an extent. @param {Kit} kit @param {Extent} extent @returns {Field[]} */
export function fieldsIn(kit, extent) {
  if (extent === "all") return fieldsOf(kit);
  if ("exercise" in extent) return exercisesOf(kit).filter(({ id }) => id === extent.exercise).flatMap(({ items }) => items);
  return kit.sequences.filter(({ id }) => id === extent.sequence).flatMap(({ exercises }) => exercises.flatMap(({ items }) => items));
}

/**
 * What changes would do, told before: for whom, how many, and how many that were said go.
 * @param {Change[]} changes @param {Pupil[]} pupils @param {import("../strings.js").Told} tell
 */
export function toldBefore(changes, pupils, tell) {
  if (changes.length === 0) return tell.filling.nothing;
  const orders = new Set(changes.map(({ order }) => order));
  const names = pupils.filter(({ order }) => orders.has(order)).map((pupil) => who(pupil, tell));
  const replaced = changes.filter(({ before }) => isSaid(before)).length;
  return tell.filling.changes(changes.length, names, replaced);
}

/** @param {{order: string, item: string}[]} cells @param {{entry: Entry, over: boolean}} put @param {Sheets} sheets */
function changing(cells, { entry, over }, sheets) {
  const changes = cells.map(({ order, item }) => ({ order, item, before: entryOf(sheets.get(order), item), after: entry }));
  return real(changes.filter(({ before }) => over || !isSaid(before)));
}

/** @param {Field} one @param {Field} other */
const hasSame = (one, other) =>
  (one.most ?? 1) === (other.most ?? 1) &&
  JSON.stringify(choicesOf(one).map(({ id }) => id)) === JSON.stringify(choicesOf(other).map(({ id }) => id));
