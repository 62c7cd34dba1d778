// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Where a key leads in the grid, by pupil (her booklet, field after field, then the next pupil) or
 * by exercise (its items for one pupil, then for the next one, then the next exercise).
 *
 * Both ways are orders of the same cells, and a move is a step in an order: nothing is ever
 * skipped, and a step back undoes a step on.
 *
 * Pure. Knows ranks of pupils and of fields; never a name, never an answer.
 * @module
 */

import { exercisesOf } from "../kit.js";

/** A cell: ranks of the pupil among those shown and of the field in the booklet. @typedef {{pupil: number, field: number}} Cell */
/** @typedef {"pupil" | "exercise"} Way */
/** `starts`: the first field of each exercise, then one past the last field. @typedef {{way: Way, n_pupils: number, n_fields: number, starts: number[]}} Ground */
/** @typedef {{key: string, shiftKey?: boolean, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} Key */
/** @typedef {{to: (ground: Ground, cell: Cell) => number, at: (ground: Ground, rank: number) => Cell}} Order */

/**
 * What is walked. @param {import("../kit.js").Kit} kit @param {number} n_pupils @param {Way} way
 * @returns {Ground}
 */
export function groundOf(kit, n_pupils, way) {
  const starts = [0];
  for (const { items } of exercisesOf(kit)) starts.push((starts.at(-1) ?? 0) + items.length);
  return { way, n_pupils, n_fields: starts.at(-1) ?? 0, starts };
}

/** One pupil's whole booklet, then the next one's. @type {Order} */
const BOOKLETS = {
  to: ({ n_fields }, { pupil, field }) => pupil * n_fields + field,
  at: ({ n_fields }, rank) => ({ pupil: Math.floor(rank / n_fields), field: rank % n_fields }),
};

/** One field for every pupil, then the next field. @type {Order} */
const COLUMNS = {
  to: ({ n_pupils }, { pupil, field }) => field * n_pupils + pupil,
  at: ({ n_pupils }, rank) => ({ pupil: rank % n_pupils, field: Math.floor(rank / n_pupils) }),
};

/** One exercise pupil after pupil, then the next exercise. @type {Order} */
const EXERCISES = {
  to(ground, { pupil, field }) {
    const { start, length } = around(ground, field);
    return start * ground.n_pupils + pupil * length + (field - start);
  },
  at(ground, rank) {
    const { start, length } = around(ground, Math.floor(rank / ground.n_pupils));
    const within = rank - start * ground.n_pupils;
    return { pupil: Math.floor(within / length), field: start + (within % length) };
  },
};

/** @type {Record<Way, Order>} */
const READING = { pupil: BOOKLETS, exercise: EXERCISES };

/** Where the next field to key is; null after the last. @param {Ground} ground @param {Cell} cell */
export const onward = (ground, cell) => stepped(ground, cell, READING[ground.way], 1);

/**
 * Where a key leads; null when it leads nowhere, or is no key of moving.
 * @param {Ground} ground @param {Cell} cell @param {Key} key
 * @param {(cell: Cell) => boolean} isAwaited whether something is still to be keyed there
 * @returns {Cell | null}
 */
export function moved(ground, cell, key, isAwaited) {
  if (key.ctrlKey || key.altKey || key.metaKey) return null;
  const reading = READING[ground.way];
  const step = key.shiftKey ? -1 : 1;
  switch (key.key) {
    case "Enter": return stepped(ground, cell, reading, step);
    case "Tab": return within(ground, cell, stepped(ground, cell, reading, step));
    case "ArrowDown": return stepped(ground, cell, ground.way === "pupil" ? reading : COLUMNS, 1);
    case "ArrowUp": return stepped(ground, cell, ground.way === "pupil" ? reading : COLUMNS, -1);
    case "ArrowRight": return stepped(ground, cell, ground.way === "pupil" ? COLUMNS : reading, 1);
    case "ArrowLeft": return stepped(ground, cell, ground.way === "pupil" ? COLUMNS : reading, -1);
    case "PageDown": return exerciseAway(ground, cell, 1);
    case "PageUp": return exerciseAway(ground, cell, -1);
    case "Home": return { pupil: cell.pupil, field: around(ground, cell.field).start };
    case "End": return { pupil: cell.pupil, field: around(ground, cell.field).start + around(ground, cell.field).length - 1 };
    case "m": case "M": return nextAwaited(ground, cell, isAwaited, step);
    default: return null;
  }
}

/**
 * The nearest cell where something is awaited, past the end from the beginning; null when nothing
 * is awaited elsewhere.
 * @param {Ground} ground @param {Cell} cell @param {(cell: Cell) => boolean} isAwaited
 * @param {1 | -1} step
 * @returns {Cell | null}
 */
export function nextAwaited(ground, cell, isAwaited, step = 1) {
  const order = READING[ground.way];
  const n_cells = ground.n_pupils * ground.n_fields;
  const from = order.to(ground, cell);
  for (let gone = 1; gone < n_cells; gone += 1) {
    const there = order.at(ground, (from + step * gone + n_cells) % n_cells);
    if (isAwaited(there)) return there;
  }
  return null;
}

/** The rank of the exercise of a field. @param {Ground} ground @param {number} field */
export const exerciseAt = ({ starts }, field) => starts.findLastIndex((start) => start <= field);

/** @param {Ground} ground @param {number} field */
function around(ground, field) {
  const at = exerciseAt(ground, field);
  const start = ground.starts[at] ?? 0;
  return { start, length: (ground.starts[at + 1] ?? ground.n_fields) - start };
}

/** @param {Ground} ground @param {Cell} cell @param {Order} order @param {1 | -1} step */
function stepped(ground, cell, order, step) {
  const rank = order.to(ground, cell) + step;
  return rank < 0 || rank >= ground.n_pupils * ground.n_fields ? null : order.at(ground, rank);
}

/**
 * Where Tab leads: within what is on the screen, so that the page beyond the grid is reached with
 * Tab too (WCAG 2.1.2). @param {Ground} ground @param {Cell} from @param {Cell | null} to
 */
function within(ground, from, to) {
  if (!to || exerciseAt(ground, from.field) !== exerciseAt(ground, to.field)) return null;
  return ground.way === "pupil" && from.pupil !== to.pupil ? null : to;
}

/** @param {Ground} ground @param {Cell} cell @param {1 | -1} step @returns {Cell | null} */
function exerciseAway(ground, cell, step) {
  const { start, length } = around(ground, cell.field);
  const beside = step === 1 ? start + length : start - 1;
  if (beside < 0 || beside >= ground.n_fields) return null;
  return { pupil: cell.pupil, field: around(ground, beside).start };
}
