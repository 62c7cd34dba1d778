// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Time limits at four levels: the test, a part, a section, an item. Seconds are given, no clock is
 * read here. QTI 3.0 ASI, "TimeLimits"; the twin of qti/encrier_qti/sessions/clock.py.
 * @module
 */

/** @typedef {import("./outline.js").Elements} Elements */
/** @typedef {import("./outline.js").Limits} Limits */
/** @typedef {import("./outline.js").Test} Test */
/** @typedef {import("./route.js").Stop} Stop */
/** One limit around a stop; `key` names it in the sheet, "" is the test. @typedef {{level: "test" | "part" | "section" | "item", key: string, limits: Limits}} Around */

export const TEST = "";

/**
 * The elements whose time runs at a stop, from the outermost, each with its limits. An item's key
 * is its name, whose time the sheet keeps with the answer.
 * @param {Test} test @param {Elements} elements @param {Stop} stop
 * @returns {Around[]}
 */
export const around = (test, elements, stop) => [
  { level: "test", key: TEST, limits: test.limits ?? {} },
  { level: "part", key: stop.part, limits: elements.parts.get(stop.part)?.limits ?? {} },
  ...stop.sections.map(({ id, name }) => ({
    level: /** @type {const} */ ("section"), key: name, limits: elements.sections.get(id)?.limits ?? {},
  })),
  { level: "item", key: stop.name, limits: elements.items.get(stop.ref)?.limits ?? {} },
];

/** The maximum with a pupil's extra time, in seconds. @param {Limits} limits @param {number} extra percent */
export const maximum = ({ max_s }, extra) => (max_s === undefined ? Infinity : max_s * (1 + extra / 100));

/**
 * What runs out first around a stop, and the seconds it has left; Infinity where nothing is limited.
 * Of two that run out together, the outermost.
 * @param {Around[]} held @param {(one: Around) => number} spent seconds @param {number} extra percent
 */
export function tightest(held, spent, extra) {
  /** @type {{one: Around | null, left_s: number}} */
  const none = { one: null, left_s: Infinity };
  return held.reduce((least, one) => {
    const left_s = Math.max(0, maximum(one.limits, extra) - spent(one));
    return left_s < least.left_s ? { one, left_s } : least;
  }, none);
}

/**
 * Seconds before what is left may be left: the longest of the minimum times that remain.
 * @param {Around[]} leaving @param {(one: Around) => number} spent seconds
 */
export const tooEarly = (leaving, spent) =>
  Math.max(0, ...leaving.map((one) => (one.limits.min_s ?? 0) - spent(one)));
