// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The kit of a booklet that is keyed: what of the paper a teacher keys, and what it is worth.
 * docs/spec/keying.md. Knows items, no pupil.
 * @module
 */

/** @typedef {"circle" | "cross" | "judge" | "code" | "number" | "time" | "words" | "fluency"} Mask */
/** @typedef {{id: string, label: string}} Choice */
/**
 * @typedef {object} Field
 * @property {string} id the item
 * @property {string} label how paper calls it within its exercise
 * @property {string} response
 * @property {Mask} mask
 * @property {number} [most] choices that may be circled; 0: any number
 * @property {Choice[]} [choices] in the order of the paper
 * @property {number} [digits] of the longest number
 * @property {Choice[]} [words] of a text, in order
 * @property {number} [seconds] how long a text is read
 */
/**
 * @typedef {object} Exercise
 * @property {string} id
 * @property {string} title
 * @property {string} what what it measures, in a word
 * @property {string} instruction
 * @property {boolean} oral
 * @property {number | null} timed_s
 * @property {string[]} pages pictures of the pages it stands on
 * @property {Field[]} items
 */
/** @typedef {{id: string, title: string, minutes: number, exercises: Exercise[]}} Sequence */
/** @typedef {"besoins" | "fragile" | "satisfaisant"} Group */
/**
 * @typedef {object} Domain
 * @property {string} id
 * @property {string} label
 * @property {string} subject
 * @property {string} measures
 * @property {Record<Group, string>} next_steps
 * @property {string[]} items
 * @property {number} max_score
 * @property {[number, number]} thresholds
 */
/**
 * @typedef {object} Kit
 * @property {1} v
 * @property {string} bundle 16 hex digits
 * @property {string} title
 * @property {string} lang
 * @property {Sequence[]} sequences
 * @property {Domain[]} domains
 * @property {Record<string, Record<string, number>>} marking
 * @property {string[]} unscored
 * @property {Record<string, {sha256: string, size: number, type: string}>} files
 * @property {{file: string, title: string, kind: "pupil" | "pupil-large" | "teacher"}[]} papers
 */

/** Every exercise, in order. @param {Kit} kit */
export const exercisesOf = (kit) => kit.sequences.flatMap((sequence) => sequence.exercises);

/** Every field, in order. @param {Kit} kit */
export const fieldsOf = (kit) => exercisesOf(kit).flatMap((exercise) => exercise.items);
