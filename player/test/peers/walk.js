// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Walk tests as the player does, for a law written in Python: on standard input a list of
 * {index, seed, answers}; on standard output, for each, the stops of its route and those met.
 * @module
 */

import { readFileSync } from "node:fs";

import { blank } from "../../src/core/sheet.js";
import { course } from "../../src/test/course.js";

/** @param {any} asked */
async function walked({ index, seed, answers }) {
  const way = await course(index, seed);
  /** @type {import("../../src/core/sheet.js").Sheet} */
  let sheet = blank("");
  const met = [];
  let at = await way.begin(sheet);
  while (at < way.stops.length) {
    const { name, ref } = /** @type {import("../../src/test/route.js").Stop} */ (way.stops[at]);
    met.push(name);
    const answer = { r: answers[ref] ?? {}, t_ms: 0, n: 1, stamp: /** @type {const} */ ([0, met.length, ""]) };
    sheet = { ...sheet, items: { ...sheet.items, [name]: { ...answer, stamp: [...answer.stamp] } } };
    at = await way.next(at, sheet);
  }
  return { route: way.stops.map((stop) => stop.name), met };
}

const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await Promise.all(asked.map(walked))));
