// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The items that one pupil may meet, in which order: selection and ordering, from the seed of the
 * sitting. docs/spec/draws.md, "A route"; the twin of qti/encrier_qti/sessions/route.py.
 * @module
 */

import { number, ordered } from "./draws.js";

/** @typedef {import("./outline.js").Test} Test */
/** @typedef {import("./outline.js").Section} Section */
/** @typedef {import("./outline.js").Item} Item */
/**
 * One item on the way. `name` is the reference, and its number from the second time it is met.
 * `sections` from the outermost, by their names.
 * @typedef {{name: string, ref: string, occurrence: number, part: string, sections: {id: string, name: string}[]}} Stop
 */
/** Stops that stay together when the section around them is shuffled. @typedef {{stops: Stop[], fixed: boolean}} Block */
/** @typedef {{seed: string, met: Map<string, number>}} Drawing */

/**
 * @param {Test} test @param {string} seed the sitting, in hex
 * @returns {Promise<Stop[]>}
 */
export async function resolve(test, seed) {
  const drawing = { seed, met: new Map() };
  /** @type {Stop[]} */
  const stops = [];
  for (const part of test.parts) {
    for (const section of part.sections) {
      const blocks = await blocksOf(section, part.id, [], drawing);
      stops.push(...blocks.flatMap((block) => block.stops));
    }
  }
  /** @type {Map<string, number>} */
  const met = new Map();
  return stops.map((stop) => {
    const occurrence = met.get(stop.ref) ?? 0;
    met.set(stop.ref, occurrence + 1);
    return { ...stop, occurrence, name: numbered(stop.ref, occurrence) };
  });
}

/** "S1" the first time, then "S1.2", "S1.3"… @param {string} id @param {number} occurrence */
const numbered = (id, occurrence) => (occurrence ? `${id}.${occurrence + 1}` : id);

/**
 * @param {Section} section @param {string} part @param {Stop["sections"]} around @param {Drawing} drawing
 * @returns {Promise<Block[]>}
 */
async function blocksOf(section, part, around, drawing) {
  const occurrence = drawing.met.get(section.id) ?? 0;
  drawing.met.set(section.id, occurrence + 1);
  const name = numbered(section.id, occurrence);
  const sections = [...around, { id: section.id, name }];
  /** @type {Block[]} */
  const blocks = [];
  for (const child of await selected(section, name, drawing.seed)) {
    if (child.kind === "section") {
      blocks.push(...joined(child, await blocksOf(child, part, sections, drawing)));
    } else {
      const stop = { name: "", ref: child.id, occurrence: 0, part, sections };
      blocks.push({ stops: [stop], fixed: child.fixed ?? false });
    }
  }
  return section.shuffle ? shuffled(blocks, name, drawing.seed) : blocks;
}

/** @param {Section} section @param {string} name @param {string} seed @returns {Promise<(Section | Item)[]>} */
async function selected({ children, select, with_replacement }, name, seed) {
  if (select === undefined) return children;
  if (with_replacement) return withReplacement(children, select, name, seed);
  const required = children.filter((child) => child.required);
  const others = children.filter((child) => !child.required);
  const drawn = await ordered(others, (child) => child.id, seed, "select", name);
  const kept = new Set([...required, ...drawn.slice(0, select - required.length)]);
  return children.filter((child) => kept.has(child));
}

/** @param {(Section | Item)[]} children @param {number} select @param {string} name @param {string} seed */
async function withReplacement(children, select, name, seed) {
  const times = children.map((child) => Number(child.required ?? false));
  const draws = select - times.reduce((sum, n) => sum + n, 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const at = await number(children.length, seed, "select", name, String(draw));
    times[at] = (times[at] ?? 0) + 1;
  }
  return children.flatMap((child, i) => Array(times[i]).fill(child));
}

/** @param {Block[]} blocks @param {string} name @param {string} seed */
async function shuffled(blocks, name, seed) {
  const free = blocks.map((_, place) => place).filter((place) => !blocks[place]?.fixed);
  const drawn = await ordered(free, String, seed, "order", name);
  const after = [...blocks];
  free.forEach((place, i) => (after[place] = /** @type {Block} */ (blocks[/** @type {number} */ (drawn[i])])));
  return after;
}

/** A section as one block, or as its own blocks if it may be mixed with what is around. @param {Section} section @param {Block[]} blocks */
function joined({ visible = true, keep_together = true, fixed = false }, blocks) {
  if (!visible && !keep_together) return blocks.map((block) => ({ ...block, fixed: block.fixed || fixed }));
  const stops = blocks.flatMap((block) => block.stops);
  return stops.length ? [{ stops, fixed }] : [];
}
