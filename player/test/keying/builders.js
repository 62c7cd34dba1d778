// SPDX-License-Identifier: AGPL-3.0-or-later
/** A small booklet with each mask, a class, and dice: what the laws of keying are tried on. @module */

import { LETTERS as OF_CODES } from "../../src/core/codes.js";
import { blank, keyed } from "../../src/core/sheet.js";

export { dice } from "../faults/dice.js";

/** @typedef {import("../../src/keying/kit.js").Kit} Kit */
/** @typedef {import("../../src/keying/kit.js").Field} Field */
/** @typedef {import("../../src/keying/rules/entries.js").Entry} Entry */
/** @typedef {import("../../src/keying/rules/places.js").Pupil} Pupil */

export const BUNDLE = "0123456789abcdef";
export const HAND = { epoch: 0, stream: "aaaaaaaaaaaaaaaa" };
/** How many times a law is tried; more of them by the environment. @param {number} usual */
export const times = (usual) => Math.ceil(usual * Number(process.env.ENCRIER_LAWS ?? 1));

/** A code that exists, by its number. @param {number} n */
export function codeOf(n) {
  const first = Array.from({ length: 11 }, (_, at) => (at + n) % OF_CODES.length);
  const sum = first.reduce((total, value, at) => total + (at + 1) * value, 0);
  const last = OF_CODES.split("").findIndex((_, value) => (sum + 12 * value) % OF_CODES.length === 0);
  return [...first, last].map((value) => OF_CODES[value]).join("");
}

/** @param {number} n */
const choices = (n) => Array.from({ length: n }, (_, at) => ({ id: String.fromCharCode(65 + at), label: `mot ${at + 1}` }));
/** @param {string} id @param {Partial<Field>} more @returns {Field} */
const field = (id, more) => ({ id, label: id.slice(-1), response: "RESPONSE", mask: "circle", ...more });
/** @param {string} id @param {number} n @param {Partial<Field>} more */
const fields = (id, n, more) => Array.from({ length: n }, (_, at) => field(`${id}-${at + 1}`, more));
/** @param {string} id @param {string} title @param {Field[]} items */
const exercise = (id, title, items) => ({ id, title, what: title, instruction: "…", oral: false, timed_s: null, pages: [], items });

const LETTERS = fields("let", 6, { choices: choices(4), most: 1 });
const NUMBERS = fields("num", 3, { mask: "number", digits: 3 });
const SHAPES = [
  field("shp-1", { mask: "judge", choices: [{ id: "1", label: "juste" }, { id: "0", label: "faux" }] }),
  field("shp-2", { mask: "code", choices: ["1", "9", "0", "10"].map((id) => ({ id, label: `code ${id}` })) }),
  field("shp-3", { mask: "cross", choices: choices(4), most: 2 }),
  field("shp-4", { choices: choices(12), most: 0 }),
];
const WORDS = fields("wrd", 12, { choices: choices(3), most: 1 });
const READING = [
  field("flu-1", { mask: "fluency", seconds: 60, words: "Le chat dort sur le lit bleu de Nour".split(" ").map((label, at) => ({ id: `w${at + 1}`, label })) }),
  field("tim-1", { mask: "time", digits: 3 }),
];

/** @type {Kit["sequences"]} */
const SEQUENCES = [
  { id: "s1", title: "Séquence 1", minutes: 20, exercises: [
    exercise("e1", "Exercice 1", LETTERS), exercise("e2", "Exercice 2", NUMBERS), exercise("e3", "Exercice 3", SHAPES)] },
  { id: "s2", title: "Séquence 2", minutes: 20, exercises: [exercise("e4", "Exercice 1", WORDS), exercise("e5", "Lire", READING)] },
];

/** @param {string} id @param {string[]} items @param {[number, number]} thresholds @returns {Kit["domains"][number]} */
const domain = (id, items, thresholds) => ({
  id, label: id, subject: "Français", measures: "…", items, max_score: items.length, thresholds,
  next_steps: { besoins: `${id} besoins`, fragile: `${id} fragile`, satisfaisant: `${id} satisfaisant` },
});

const ONE_RIGHT = { A: 1, "*": 0, "": 0 };

/** A booklet with each mask; the code of `shp-2` is scored later, `tim-1` counts for nothing. @type {Kit} */
export const KIT = {
  v: 1, bundle: BUNDLE, title: "Essai", lang: "fr", sequences: SEQUENCES, unscored: ["tim-1"], files: {}, papers: [],
  domains: [
    domain("lettres", LETTERS.map(({ id }) => id), [3, 5]),
    domain("nombres", NUMBERS.map(({ id }) => id), [0.2, 0.3]),
    domain("formes", SHAPES.map(({ id }) => id), [1, 2]),
    domain("mots", WORDS.map(({ id }) => id), [4, 8]),
    domain("lire", READING.map(({ id }) => id), [5, 9]),
  ],
  marking: {
    ...Object.fromEntries([...LETTERS, ...WORDS].map(({ id }) => [id, ONE_RIGHT])),
    ...Object.fromEntries(NUMBERS.map(({ id }) => [id, { 7: 0.1, "*": 0, "": 0 }])),
    "shp-1": { 1: 1, 0: 0, "": 0 },
    "shp-3": { "A B": 1, A: 0.5, B: 0.5, "*": 0, "": 0 },
    "shp-4": { "A L": 1, "*": 0, "": 0 },
    "flu-1": { 9: 9, "*": 1, "": 0 },
  },
};

/** @param {string} id @returns {Field} */
export function fieldOf(id) {
  const found = SEQUENCES.flatMap(({ exercises }) => exercises.flatMap(({ items }) => items)).find((one) => one.id === id);
  if (!found) throw new Error(`no field ${id}`);
  return found;
}

/** @param {...string} values @returns {Entry} */
export const said = (...values) => ({ r: { RESPONSE: values } });
/** @param {import("../../src/core/sheet.js").Mark} mark @returns {Entry} */
export const noted = (mark) => ({ r: {}, mark });

/** A sheet on which this is keyed. @param {Record<string, Entry>} entries */
export const sheetWith = (entries) =>
  Object.entries(entries).reduce((sheet, [item, entry]) => keyed(sheet, item, entry, HAND), blank(BUNDLE));

/** The same entry for each of these items. @param {string[]} items @param {Entry} entry */
export const all = (items, entry) => Object.fromEntries(items.map((item) => [item, entry]));

/** A class without a family name. @param {number} n @returns {Pupil[]} */
export const pupils = (n) =>
  Array.from({ length: n }, (_, at) => ({ order: String(10_000_000 + at * 7_919), shown: ["Léa", "Tom", "Zoé", "Nour", "Ana", "Max"][at] ?? `Élève ${at + 1}` }));
