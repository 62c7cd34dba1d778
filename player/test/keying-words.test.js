// SPDX-License-Identifier: AGPL-3.0-or-later
/** The screens of the keying page say the same things in both languages. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as en from "../src/keying/view/words/en.js";
import * as fr from "../src/keying/view/words/fr.js";

/** Every path to a sentence. @param {unknown} value @param {string} at @returns {string[]} */
const paths = (value, at = "") =>
  value && typeof value === "object" ? Object.entries(value).flatMap(([key, inside]) => paths(inside, `${at}.${key}`)) : [at];

/** Sentences as they are written, functions as their source. @param {unknown} value @returns {string[]} */
const sentences = (value) => (value && typeof value === "object" ? Object.values(value).flatMap(sentences) : [String(value)]);

test("French and English have the same keys", () => {
  assert.deepEqual(paths({ ...en }).sort(), paths({ ...fr }).sort());
});

test("French is set as French is: apostrophes, and no simple space before a double sign", () => {
  for (const said of sentences({ ...fr })) {
    const written = said.replace(/\(\/\*\*.*?\*\/|=>|\$\{[^}]*\}|\? | : |`/g, "");
    assert.doesNotMatch(written, /[a-zà-ü]'[a-zà-ü]/i, said);
    if (!said.includes("=>")) assert.doesNotMatch(said, / [?!:;»]|« /, said);
  }
});
