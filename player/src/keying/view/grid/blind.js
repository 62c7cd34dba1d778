// SPDX-License-Identifier: AGPL-3.0-or-later
/** The booklet as it is keyed a second time: the same items under the names of their second entries. @module */

import { secondOf } from "../../rules/double.js";

/** @typedef {import("../../kit.js").Kit} Kit */

/** @type {WeakMap<Kit, Kit>} one of each, for what is asked of a kit is remembered by it */
const made = new WeakMap();

/** @param {Kit} kit @returns {Kit} */
export function blindKit(kit) {
  const known = made.get(kit) ?? renamed(kit);
  made.set(kit, known);
  return known;
}

/** @param {Kit} kit @returns {Kit} */
const renamed = (kit) => ({
  ...kit,
  unscored: kit.unscored.map(secondOf),
  sequences: kit.sequences.map((sequence) => ({
    ...sequence,
    exercises: sequence.exercises
      .map((exercise) => ({ ...exercise, items: exercise.items.filter(({ mask }) => mask !== "fluency").map((field) => ({ ...field, id: secondOf(field.id) })) }))
      .filter(({ items }) => items.length > 0),
  })),
});
