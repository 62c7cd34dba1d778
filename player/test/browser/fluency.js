// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The screen of a timed reading on an empty page, for the tests: `time` shows it, `clock_ms` is
 * the time, `kept` what was keyed of each pupil. Bundled by the tests, never by the build.
 * @module
 */

import { fluencyScreen } from "../../src/keying/fluency/screen.js";
import { OPEN } from "../../src/keying/rules/entries.js";
import { KIT, fieldOf, pupils } from "../keying/builders.js";

/** @type {any} */
const page = window;

/** @param {string[]} labels the text @param {number} n_pupils */
page.time = (labels, n_pupils) => {
  page.clock_ms = 1_000;
  page.kept = {};
  page.left = false;
  const field = { ...fieldOf("flu-1"), words: labels.map((label, at) => ({ id: `w${at + 1}`, label })) };
  document.querySelector("main")?.replaceChildren(fluencyScreen({
    kit: KIT, field, pupils: pupils(n_pupils),
    entryOf: (order) => page.kept[order] ?? OPEN,
    key: (order, entry) => (page.kept[order] = entry),
    now: () => page.clock_ms,
    back: () => (page.left = true),
  }));
};
