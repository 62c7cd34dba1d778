// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What was keyed and is hardly what pupils wrote: questions to the teacher, each asked once.
 *
 * A doubt refuses nothing. Its key stays the same for as long as what is doubted does, so that
 * whoever answered "yes, that is right" is not asked again.
 *
 * Pure. Knows entries by order number and, in the question alone, first names.
 * @module
 */

import { exercisesOf } from "../kit.js";
import { answerKey, choicesOf, entryOf, isEmpty, isGiven, valuesOf } from "./entries.js";
import { pointsOf } from "./marking.js";
import { exerciseCalled, itemCalled, placeOf, who } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../kit.js").Exercise} Exercise */
/** @typedef {import("./entries.js").Sheet} Sheet */
/** @typedef {import("./places.js").Pupil} Pupil */
/** @typedef {import("./places.js").Sheets} Sheets */
/** @typedef {import("../strings.js").Told} Told */
/** @typedef {"alike" | "one-choice" | "twins" | "far" | "fast" | "all-blank"} Kind */
/**
 * `orders`: whose entries are doubted; `at`: the identifier of the exercise, the sequence or the
 * item; `said`: what is doubted, where it is a value.
 * @typedef {{key: string, kind: Kind, orders: string[], at: string, said: string}} Doubt
 */

const CLASS = 5; // pupils: fewer may well answer alike
const ALIKE_ITEMS = 3;
const SAME_CHOICE_ITEMS = 6;
const TWIN_ITEMS = 12;
const BLANK_ITEMS = 3;
const FAR_DIGITS = 2; // more than the longest number that the table knows: 607 for 67 is a pupil's mistake
const FAST_WORDS = 120; // a minute: what is hoped for at the end of primary school

/**
 * Every doubt about a class. @param {Kit} kit @param {Pupil[]} pupils @param {Sheets} sheets
 * @returns {Doubt[]}
 */
export function doubts(kit, pupils, sheets) {
  const orders = pupils.map(({ order }) => order);
  return [
    ...exercisesOf(kit).flatMap((exercise) => [
      ...alike(exercise, orders, sheets),
      ...orders.flatMap((order) => oneChoice(kit, exercise, order, sheets.get(order))),
      ...allBlank(exercise, orders, sheets),
      ...orders.flatMap((order) => farValues(kit, exercise, order, sheets.get(order))),
    ]),
    ...kit.sequences.flatMap((sequence) => twins(kit, sequence, orders, sheets)),
  ];
}

/** Those that were not answered yet. @param {Doubt[]} all @param {ReadonlySet<string>} answered keys */
export const unanswered = (all, answered) => all.filter(({ key }) => !answered.has(key));

/** A doubt as a question. @param {Kit} kit @param {Doubt} doubt @param {Pupil[]} pupils @param {Told} tell */
export function question(kit, doubt, pupils, tell) {
  const names = pupils.filter(({ order }) => doubt.orders.includes(order)).map((pupil) => who(pupil, tell));
  return tell.doubts[doubt.kind](names, called(kit, doubt, tell), doubt.said);
}

/** @param {Kit} kit @param {Doubt} doubt @param {Told} tell */
function called(kit, { kind, at }, tell) {
  if (kind === "far" || kind === "fast") return itemCalled(kit, at, tell);
  if (kind === "twins") return kit.sequences.find(({ id }) => id === at)?.title ?? at;
  const exercise = exercisesOf(kit).find(({ id }) => id === at);
  return exercise ? exerciseCalled(kit, exercise, tell) : at;
}

/** @param {Kind} kind @param {string[]} orders @param {string} at @param {string} [said] @returns {Doubt} */
const doubt = (kind, orders, at, said = "") =>
  ({ key: [kind, at, said, ...(kind === "alike" ? [] : [...orders].sort())].join(":"), kind, orders, at, said });

/** What a pupil gave to fields, as one text; null when one of them awaits or was not given. @param {Field[]} fields @param {Sheet | undefined} sheet */
function row(fields, sheet) {
  const entries = fields.map((field) => ({ field, entry: entryOf(sheet, field.id) }));
  if (!entries.every(({ entry }) => isGiven(entry))) return null;
  return JSON.stringify(entries.map(({ field, entry }) => answerKey(field, entry)));
}

/** The whole class gave the same to every item. @param {Exercise} exercise @param {string[]} orders @param {Sheets} sheets @returns {Doubt[]} */
function alike({ id, items }, orders, sheets) {
  const given = orders.map((order) => ({ order, row: row(items, sheets.get(order)) })).filter((one) => one.row !== null);
  const isAlike = given.length >= CLASS && items.length >= ALIKE_ITEMS && new Set(given.map((one) => one.row)).size === 1;
  return isAlike ? [doubt("alike", given.map(({ order }) => order), id)] : [];
}

/** The choice of the same rank all along, and not because it is right each time. @param {Kit} kit @param {Exercise} exercise @param {string} order @param {Sheet | undefined} sheet @returns {Doubt[]} */
function oneChoice(kit, { id, items }, order, sheet) {
  const fields = items.filter(({ mask }) => mask === "circle" || mask === "cross");
  if (fields.length < SAME_CHOICE_ITEMS) return [];
  const ranks = new Set(fields.map((field) => rankOf(field, sheet)));
  const [rank] = ranks;
  if (ranks.size !== 1 || !rank || areRight(kit, fields, sheet)) return [];
  return [doubt("one-choice", [order], id, String(rank))];
}

/** The rank of the one choice made, from 1; 0 when none or several are. @param {Field} field @param {Sheet | undefined} sheet */
function rankOf(field, sheet) {
  const [value, ...others] = valuesOf(field, entryOf(sheet, field.id));
  return others.length ? 0 : choicesOf(field).findIndex(({ id }) => id === value) + 1;
}

/** Nothing written all along by one, while half of the others or more wrote something. @param {Exercise} exercise @param {string[]} orders @param {Sheets} sheets @returns {Doubt[]} */
function allBlank({ id, items }, orders, sheets) {
  if (items.length < BLANK_ITEMS) return [];
  const empty = orders.filter((order) => items.every((field) => isEmpty(field, entryOf(sheets.get(order), field.id))));
  const wrote = orders.filter((order) => items.some((field) => valuesOf(field, entryOf(sheets.get(order), field.id)).length > 0));
  return wrote.length > 0 && wrote.length >= empty.length ? empty.map((order) => doubt("all-blank", [order], id)) : [];
}

/** Numbers far from any that the table knows, and readings that are too fast. @param {Kit} kit @param {Exercise} exercise @param {string} order @param {Sheet | undefined} sheet @returns {Doubt[]} */
function farValues(kit, { items }, order, sheet) {
  return items.flatMap((field) => {
    const value = answerKey(field, entryOf(sheet, field.id));
    if (value === "") return [];
    if (field.mask === "fluency" && Number(value) > FAST_WORDS) return [doubt("fast", [order], field.id, value)];
    return field.mask === "number" && isFar(kit, field, value) ? [doubt("far", [order], field.id, value)] : [];
  });
}

/** @param {Kit} kit @param {Field} field @param {string} value */
function isFar(kit, field, value) {
  const known = Object.keys(kit.marking[field.id] ?? {}).filter((key) => /^\d+$/.test(key));
  return known.length > 0 && value.length >= Math.max(...known.map((key) => key.length)) + FAR_DIGITS;
}

/**
 * Pupils with the same row over a whole sequence, mistakes included: one booklet keyed twice?
 * @param {Kit} kit @param {import("../kit.js").Sequence} sequence @param {string[]} orders @param {Sheets} sheets
 * @returns {Doubt[]}
 */
function twins(kit, { id, exercises }, orders, sheets) {
  const fields = exercises.flatMap(({ items }) => items);
  if (fields.length < TWIN_ITEMS) return [];
  /** @type {Map<string, string[]>} */
  const byRow = new Map();
  for (const order of orders) {
    const same = row(fields, sheets.get(order));
    if (same !== null) byRow.set(same, [...(byRow.get(same) ?? []), order]);
  }
  const shared = [...byRow.values()].filter(([first, ...others]) => {
    const sheet = sheets.get(first ?? "");
    return others.length > 0 && !areRight(kit, fields, sheet) && isWritten(fields, sheet);
  });
  return shared.map((pupils) => doubt("twins", pupils, id));
}

/** Whether each of these items has the most points there are. @param {Kit} kit @param {Field[]} fields @param {Sheet | undefined} sheet */
const areRight = (kit, fields, sheet) =>
  fields.every(({ id }) => {
    const most = Math.max(...Object.values(kit.marking[id] ?? {}));
    return placeOf(kit, id) !== undefined && pointsOf(kit, id, entryOf(sheet, id)) === most;
  });

/** Whether half of these items or more have an answer: blank rows look alike by themselves. @param {Field[]} fields @param {Sheet | undefined} sheet */
const isWritten = (fields, sheet) =>
  2 * fields.filter((field) => valuesOf(field, entryOf(sheet, field.id)).length > 0).length >= fields.length;
