// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What is awaited of a class: how much, of whom, where; in a sentence that leads there.
 *
 * Pure. Knows first names as the ring tells them; gives them to the sentence alone.
 * @module
 */

import { exercisesOf, fieldsOf } from "../kit.js";
import { entryOf, isSaid } from "./entries.js";
import { counting, exerciseCalled, who } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Exercise} Exercise */
/** @typedef {import("./entries.js").Sheet} Sheet */
/** @typedef {import("./places.js").Pupil} Pupil */
/** @typedef {import("./places.js").Sheets} Sheets */
/** @typedef {import("../strings.js").Told} Told */
/** `of`: items that count. @typedef {{said: number, of: number}} Progress */
/** What is awaited of one pupil in one exercise; never without an item. @typedef {{pupil: Pupil, exercise: Exercise, items: string[]}} Gap */

const NAMED = 3; // pupils in a sentence; the others are counted

/** How far a pupil's booklet is keyed. @param {Kit} kit @param {Sheet | undefined} sheet @returns {Progress} */
export function progressOf(kit, sheet) {
  const fields = counting(kit, fieldsOf(kit));
  return { said: fields.filter(({ id }) => isSaid(entryOf(sheet, id))).length, of: fields.length };
}

/** How far a class is keyed. @param {Kit} kit @param {Pupil[]} pupils @param {Sheets} sheets @returns {Progress} */
export function progressOfClass(kit, pupils, sheets) {
  const each = pupils.map(({ order }) => progressOf(kit, sheets.get(order)));
  return each.reduce((sum, { said, of }) => ({ said: sum.said + said, of: sum.of + of }), { said: 0, of: 0 });
}

/**
 * Everything that is awaited, pupil after pupil in the order of the booklet.
 * @param {Kit} kit @param {Pupil[]} pupils @param {Sheets} sheets
 * @returns {Gap[]}
 */
export const gaps = (kit, pupils, sheets) => pupils.flatMap((pupil) => gapsOf(kit, pupil, sheets.get(pupil.order)));

/** @param {Kit} kit @param {Pupil} pupil @param {Sheet | undefined} sheet @returns {Gap[]} */
export function gapsOf(kit, pupil, sheet) {
  const all = exercisesOf(kit).map((exercise) => {
    const open = counting(kit, exercise.items).filter(({ id }) => !isSaid(entryOf(sheet, id)));
    return { pupil, exercise, items: open.map(({ id }) => id) };
  });
  return all.filter(({ items }) => items.length > 0);
}

/**
 * What is missing, in a sentence. @param {Kit} kit @param {Gap[]} missing @param {Told} tell
 */
export function sentence(kit, missing, tell) {
  if (missing.length === 0) return tell.missing.nothing;
  const n = missing.reduce((sum, { items }) => sum + items.length, 0);
  const pupils = [...new Set(missing.map(({ pupil }) => pupil))];
  const places = pupils.slice(0, NAMED).map((pupil) => placed(kit, missing.filter((gap) => gap.pupil === pupil), tell));
  return tell.missing.places(n, places, Math.max(0, pupils.length - NAMED));
}

/** Where one pupil's gaps are. @param {Kit} kit @param {Gap[]} missing @param {Told} tell */
function placed(kit, missing, tell) {
  const name = missing[0] ? who(missing[0].pupil, tell) : "";
  const n = missing.reduce((sum, { items }) => sum + items.length, 0);
  if (n === counting(kit, fieldsOf(kit)).length) return tell.missing.whole(name);
  return tell.missing.at(name, missing.map(({ exercise }) => exerciseCalled(kit, exercise, tell)));
}
