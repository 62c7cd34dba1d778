// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Undo and redo, without limit. What is undone is keyed anew like anything else: the sheet knows
 * no undo, and what was keyed stays kept until something newer is.
 *
 * Pure. Knows changes; never how they are kept. Lives in memory, for as long as the page does.
 * @module
 */

import { same } from "./entries.js";

/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {{order: string, item: string, before: Entry, after: Entry}} Change */
/** What one gesture changed: one entry, or a column; an item of a pupil once at most. @typedef {Change[]} Changes */
/** Linked, so that a key costs the same after ten thousand others. @typedef {{changes: Changes, under: Stack} | null} Stack */
/** @typedef {{done: Stack, undone: Stack}} History */
/** `stale`: those left alone, as something newer stands there. @typedef {{history: History, changes: Changes, stale: Changes}} Step */
/** What stands now. @typedef {(order: string, item: string) => Entry} Shown */

/** @type {History} */
export const BEGINNING = Object.freeze({ done: null, undone: null });

/** These without those that change nothing. @param {Changes} changes */
export const real = (changes) => changes.filter(({ before, after }) => !same(before, after));

/**
 * The history after a gesture; what had been undone is forgotten.
 * @param {History} history @param {Changes} changes
 * @returns {History}
 */
export function noted(history, changes) {
  const made = real(changes);
  return made.length ? { done: { changes: made, under: history.done }, undone: null } : history;
}

/**
 * The last gesture taken back: what to key for it, or null when there is none. What another
 * computer has keyed over since is left alone.
 * @param {History} history @param {Shown} shown
 * @returns {Step | null}
 */
export function undone(history, shown) {
  if (!history.done) return null;
  const { changes, under } = history.done;
  const back = changes.map(reversed);
  return { history: { done: under, undone: { changes, under: history.undone } }, ...standing(back, shown) };
}

/**
 * The last gesture that was taken back, made again.
 * @param {History} history @param {Shown} shown
 * @returns {Step | null}
 */
export function redone(history, shown) {
  if (!history.undone) return null;
  const { changes, under } = history.undone;
  return { history: { done: { changes, under: history.done }, undone: under }, ...standing(changes, shown) };
}

/** Every gesture that stands, the oldest first. @param {History} history @returns {Changes[]} */
export function gestures(history) {
  const all = [];
  for (let stack = history.done; stack; stack = stack.under) all.push(stack.changes);
  return all.reverse();
}

/** @param {Change} change @returns {Change} */
const reversed = ({ order, item, before, after }) => ({ order, item, before: after, after: before });

/** @param {Changes} changes @param {Shown} shown */
function standing(changes, shown) {
  const stands = (/** @type {Change} */ { order, item, before }) => same(shown(order, item), before);
  return { changes: changes.filter(stands), stale: changes.filter((change) => !stands(change)) };
}
