// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The way of one pupil through a test: where it begins, where it goes on, what may be gone back to.
 * Pure but for hashes; knows no clock, disk or screen, and no key.
 * @module
 */

import { elementsOf } from "./outline.js";
import { navigation } from "./navigation.js";
import { resolve } from "./route.js";
import { passes, worthOf } from "./routing.js";

/** @typedef {import("./outline.js").Test} Test */
/** @typedef {import("./outline.js").Element} Element */
/** @typedef {import("./route.js").Stop} Stop */
/** @typedef {import("./routing.js").Worth} Worth */
/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../items/bundle.js").Index} Index */
/** @typedef {Awaited<ReturnType<typeof course>>} Course */

/** @param {Index} index @param {string} seed the sitting, in hex */
export async function course(index, seed) {
  const { test, routing } = index;
  const elements = elementsOf(test);
  const stops = await resolve(test, seed);
  const way = navigation(elements, stops);
  const adaptive = new Set(test.parts.filter((part) => hasConditions(part)).map((part) => part.id));

  /** What the answers so far are worth to the conditions. @param {Sheet} sheet */
  async function judged(sheet) {
    const visited = stops.filter((stop) => stop.name in sheet.items);
    const entered = new Set(visited.map((stop) => stop.part));
    const met = stops.filter((stop) =>
      adaptive.has(stop.part) ? stop.name in sheet.items : entered.has(stop.part));
    /** @type {Map<string, Worth | null>} */
    const worths = new Map();
    for (const { ref, name } of met.filter((stop) => stop.occurrence === 0)) {
      const declared = index.items[ref]?.responses[routing?.items[ref]?.response ?? ""];
      worths.set(ref, routing ? await worthOf(routing, ref, declared, sheet.items[name]?.r ?? {}) : null);
    }
    return (/** @type {import("./outline.js").Condition} */ condition) => passes(condition, worths);
  }

  return {
    test,
    elements,
    stops,
    isLinear: way.isLinear,
    /** Whether it is not known beforehand which items will be met. */
    routed: adaptive.size > 0,
    /** The place of a stop, or -1. @param {string} name */
    place: (name) => stops.findIndex((stop) => stop.name === name),
    /** Where the test begins; the number of stops where nothing can be met. @param {Sheet} sheet */
    begin: async (sheet) => way.enterable(0, null, await judged(sheet)),
    /** Where going on leads; the number of stops at the end. @param {number} at @param {Sheet} sheet */
    async next(at, sheet) {
      const holds = await judged(sheet);
      return way.enterable(way.after(at, holds), at, holds);
    },
    /** Where the end of the part leads, in a part that is free. @param {number} at @param {Sheet} sheet */
    async afterPart(at, sheet) {
      const last = way.endOfPart(at) - 1;
      const holds = await judged(sheet);
      return way.enterable(way.after(last, holds), last, holds);
    },
    /** The stops of the part around a stop. @param {Stop} here */
    partOf: (here) => stops.filter((stop) => stop.part === here.part),
  };
}

/** @param {import("./outline.js").Part | import("./outline.js").Section | import("./outline.js").Item} element @returns {boolean} */
function hasConditions(element) {
  const inside = "sections" in element ? element.sections : "children" in element ? element.children : [];
  return Boolean(element.only_if?.length || element.branches?.length) || inside.some(hasConditions);
}
