// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Where an item stands in its booklet, and how a sentence calls the place.
 *
 * Pure. Knows a kit; never a pupil's answer.
 * @module
 */

import { exercisesOf } from "../kit.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../kit.js").Exercise} Exercise */
/** @typedef {import("../kit.js").Sequence} Sequence */
/** @typedef {import("../strings.js").Told} Told */
/** @typedef {{field: Field, exercise: Exercise, sequence: Sequence}} Place */
/** Of whom a row is, as the ring tells it. @typedef {{order: string, shown: string}} Pupil */
/** What is keyed of a class: a sheet a pupil, by order number. @typedef {ReadonlyMap<string, import("../../core/sheet.js").Sheet>} Sheets */

/** @type {WeakMap<Kit, Map<string, Place>>} asked thousands of times a screen, of a kit that never changes */
const indexes = new WeakMap();

/** Where an item of this kit stands; nothing of an item that it does not hold. @param {Kit} kit @param {string} item */
export function placeOf(kit, item) {
  const known = indexes.get(kit) ?? indexed(kit);
  return known.get(item);
}

/** @param {Kit} kit */
function indexed(kit) {
  /** @type {Map<string, Place>} */
  const index = new Map();
  for (const sequence of kit.sequences) {
    for (const exercise of sequence.exercises) {
      for (const field of exercise.items) index.set(field.id, { field, exercise, sequence });
    }
  }
  indexes.set(kit, index);
  return index;
}

/** The items of these that count: the others may stay unsaid. @param {Kit} kit @param {Field[]} fields */
export const counting = (kit, fields) => {
  const free = new Set(kit.unscored);
  return fields.filter(({ id }) => !free.has(id));
};

/** A pupil as a sentence calls her: her first name, or her number. @param {Pupil} pupil @param {Told} tell */
export const who = ({ order, shown }, tell) => shown || tell.number(order);

/**
 * An exercise as a sentence calls it, with its sequence where another has the same title.
 * @param {Kit} kit @param {Exercise} exercise @param {Told} tell
 */
export function exerciseCalled(kit, exercise, tell) {
  const title = uncapitalised(exercise.title);
  const twins = exercisesOf(kit).filter((other) => other.title === exercise.title);
  const sequence = kit.sequences.find(({ exercises }) => exercises.includes(exercise));
  return twins.length > 1 && sequence ? tell.inSequence(title, sequence.title) : title;
}

/** An item as a sentence calls it. @param {Kit} kit @param {string} item @param {Told} tell */
export function itemCalled(kit, item, tell) {
  const place = placeOf(kit, item);
  if (!place) return item;
  return tell.question(exerciseCalled(kit, place.exercise, tell), place.field.label);
}

/** "Exercice 4" within a sentence; an acronym stays as it is. @param {string} title */
const uncapitalised = (title) =>
  /^\p{Lu}(?!\p{Lu})/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
