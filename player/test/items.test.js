// SPDX-License-Identifier: AGPL-3.0-or-later
/** The order of choices, and numbers as pupils write them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { lexical } from "../src/interactions/text.js";
import { shuffled } from "../src/items/shuffle.js";

const CHOICES = ["A", "B", "C", "D", "E", "F"];
const free = () => false;

test("a pupil always sees the same order, and every choice once", () => {
  for (let pupil = 0; pupil < 200; pupil += 1) {
    const seen = shuffled(CHOICES, `${pupil}/item/RESPONSE`, free);
    assert.deepEqual(seen, shuffled(CHOICES, `${pupil}/item/RESPONSE`, free));
    assert.deepEqual([...seen].sort(), CHOICES);
  }
});

test("neighbours see different orders, and each choice comes first about as often", () => {
  /** @type {Map<string, number>} */
  const first = new Map();
  const orders = new Set();
  for (let pupil = 0; pupil < 6000; pupil += 1) {
    const seen = shuffled(CHOICES, `${pupil.toString(16).padStart(32, "0")}/item/RESPONSE`, free);
    orders.add(seen.join(""));
    first.set(seen[0] ?? "", (first.get(seen[0] ?? "") ?? 0) + 1);
  }
  assert.ok(orders.size > 700, `${orders.size} of 720 orders`);
  for (const count of first.values()) assert.ok(count > 850 && count < 1150, `${count} of 6000`);
});

test("a fixed choice keeps its place", () => {
  for (let pupil = 0; pupil < 100; pupil += 1) {
    const seen = shuffled(CHOICES, String(pupil), (choice) => choice === "B" || choice === "F");
    assert.equal(seen[1], "B");
    assert.equal(seen[5], "F");
  }
});

test("who scores can draw again the order that a pupil saw", () => {
  // The same vectors as in tests/unit/qti/test_qti_bundle_of_tests.py.
  const fixed = (/** @type {string} */ choice) => choice === "B";
  assert.equal(shuffled(CHOICES, "4f6e/q1/RESPONSE", fixed).join(""), "FBACDE");
  assert.equal(shuffled(CHOICES, "é🥚/q1/RESPONSE/1", fixed).join(""), "FBCDAE");
});

test("a text goes as typed, and nothing is no answer", () => {
  assert.deepEqual(lexical(" l’œuf ", "string"), [" l’œuf "]);
  assert.deepEqual(lexical("", "string"), []);
});

test("a number is written with a point and without spaces", () => {
  assert.deepEqual(lexical("1 234,50", "float"), ["1234.5"]);
  assert.deepEqual(lexical("12\u202f000", "integer"), ["12000"]);
  assert.deepEqual(lexical("−3,5", "float"), ["-3.5"]);
  assert.deepEqual(lexical("007", "integer"), ["7"]);
});

test("what is no number is no answer where a number is asked", () => {
  for (const typed of ["", "abc", "3 km", "1,2,3", "-", "."]) assert.deepEqual(lexical(typed, "float"), []);
  assert.deepEqual(lexical("3,5", "integer"), []);
});

test("half a character, which no reader of sheets takes, does not leave the page", () => {
  assert.deepEqual(lexical("un \ud83d œuf 🥚", "string"), ["un \ufffd œuf 🥚"]);
});
