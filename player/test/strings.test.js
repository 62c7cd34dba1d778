// SPDX-License-Identifier: AGPL-3.0-or-later
/** Both languages say the same things. @module */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as keyingEn from "../src/keying/strings/en.js";
import * as keyingFr from "../src/keying/strings/fr.js";
import * as en from "../src/strings/en.js";
import * as fr from "../src/strings/fr.js";

/** Every path to a sentence. @param {unknown} value @param {string} at @returns {string[]} */
const paths = (value, at = "") =>
  value && typeof value === "object"
    ? Object.entries(value).flatMap(([key, inside]) => paths(inside, `${at}.${key}`))
    : [at];

/** Sentences as they are written, functions as their source. @param {unknown} value @returns {string[]} */
const sentences = (value) =>
  value && typeof value === "object" ? Object.values(value).flatMap(sentences) : [String(value)];

test("French and English have the same keys", () => {
  assert.deepEqual(paths({ ...en }).sort(), paths({ ...fr }).sort());
  assert.deepEqual(paths({ ...keyingEn }).sort(), paths({ ...keyingFr }).sort());
});

test("no straight apostrophe and no simple space before a double sign in French", () => {
  for (const said of [...sentences({ ...fr }), ...sentences({ ...keyingFr })]) {
    const written = said.replace(/\(\/\*\*.*?\*\/|=>|\$\{[^}]*\}|\? | : |`/g, "");
    assert.doesNotMatch(written, /[a-zà-ü]'[a-zà-ü]/i, said);
    if (!said.includes("=>")) assert.doesNotMatch(said, / [?!:;»]/, said);
  }
});
