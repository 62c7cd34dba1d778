// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is keyed, in points and in groups: docs/spec/keying.md, "Marks". */

import assert from "node:assert/strict";
import { test } from "node:test";

import { blank } from "../src/core/sheet.js";
import { entryOf, isGiven, isSaid } from "../src/keying/rules/entries.js";
import { exactSum, groupOf, pointsOf, results } from "../src/keying/rules/marking.js";
import { BUNDLE, KIT, all, dice, noted, said, sheetWith, times } from "./keying/builders.js";

const LETTERS = ["let-1", "let-2", "let-3", "let-4", "let-5", "let-6"];
/** @param {Record<string, import("../src/keying/rules/entries.js").Entry>} entries @param {string} domain */
const one = (entries, domain) => {
  const found = results(KIT, sheetWith(entries)).find((each) => each.domain.id === domain);
  assert.ok(found);
  return found;
};

test("an answer has the points of its line in the table", () => {
  assert.equal(pointsOf(KIT, "let-1", said("A")), 1);
  assert.equal(pointsOf(KIT, "let-1", said("C")), 0);
  assert.equal(pointsOf(KIT, "shp-3", said("B", "A")), 1, "in whatever order they were circled");
});

test("a number is the same number with zeros before it", () => {
  assert.equal(pointsOf(KIT, "num-1", said("007")), 0.1);
  assert.equal(pointsOf(KIT, "num-1", said("70")), 0);
  assert.equal(pointsOf(KIT, "num-1", said("000")), 0);
});

test("no answer has the points of nothing, also on an adapted version", () => {
  assert.equal(pointsOf(KIT, "let-1", noted("blank")), 0);
  assert.equal(pointsOf(KIT, "let-1", noted("adapted")), 0);
  assert.equal(pointsOf(KIT, "let-1", { r: { RESPONSE: ["A"] }, mark: "adapted" }), 1);
});

test("what was only struck out is no answer", () => {
  assert.equal(pointsOf(KIT, "let-1", { r: { "RESPONSE.struck": ["A"] } }), 0);
});

test("there are no points for what is awaited, not given or scored later", () => {
  assert.equal(pointsOf(KIT, "let-1", noted("open")), null);
  for (const mark of /** @type {const} */ (["absent", "exempt", "left", "unfit"])) assert.equal(pointsOf(KIT, "let-1", noted(mark)), null);
  assert.equal(pointsOf(KIT, "shp-2", said("1")), null);
  assert.equal(pointsOf(KIT, "unknown", said("1")), null);
});

test("where the table says nothing of no answer, nothing is made up", () => {
  const kit = { ...KIT, marking: { ...KIT.marking, "let-1": { A: 1, "*": 0.5 } } };
  assert.equal(pointsOf(kit, "let-1", noted("blank")), null);
  assert.equal(results(kit, sheetWith(all(LETTERS, noted("blank"))))[0]?.open, true);
});

test("a score at a threshold is in the group above it", () => {
  const [letters] = KIT.domains;
  assert.ok(letters);
  assert.deepEqual([2.99, 3, 4.99, 5].map((score) => groupOf(letters, score)), ["besoins", "fragile", "fragile", "satisfaisant"]);
});

test("three tenths reach a threshold of 0.3, whichever way they are added", () => {
  const numbers = one(all(["num-1", "num-2", "num-3"], said("7")), "nombres");
  assert.deepEqual([numbers.score, numbers.group], [exactSum([0.1, 0.1, 0.1]), "satisfaisant"]);
  assert.equal(exactSum(new Array(10).fill(0.1)), 1);
});

test("sums are rounded once, as math.fsum does", () => {
  /** @type {[number[], number][]} cases of CPython's test_math */
  const cases = [
    [[], 0],
    [[1e100, 1, -1e100, 1e-100, 1e50, -1, -1e50], 1e-100],
    [[2 ** 53, -0.5, -(2 ** -54)], 2 ** 53 - 1],
    [[2 ** 53, 1, 2 ** -100], 2 ** 53 + 2],
    [[2 ** 53 + 10, 1, 2 ** -100], 2 ** 53 + 12],
    [[2 ** 53 - 4, 0.5, 2 ** -54], 2 ** 53 - 3],
    [[1e16, 1, 1e-16], 10000000000000002],
    [[1e16 - 2, 1 - 2 ** -53, -(1e16 - 2), -(1 - 2 ** -53)], 0],
  ];
  for (const [numbers, sum] of cases) assert.equal(exactSum(numbers), sum, String(numbers));
});

test("a sum is the same in any order", () => {
  const die = dice(3);
  for (let round = 0; round < times(500); round += 1) {
    const numbers = Array.from({ length: die(30) }, () => (die(2000) - 1000) / [3, 7, 10, 1e9][die(4)]);
    const other = [...numbers].sort(() => die(3) - 1);
    assert.equal(exactSum(numbers), exactSum(other));
  }
});

test("items that count for nothing may stay unsaid", () => {
  const reading = one({ "flu-1": said("9") }, "lire");
  assert.deepEqual([reading.awaited, reading.group], [0, "satisfaisant"]);
});

test("a domain that is partly scored later has the points of the rest and no group", () => {
  const shapes = one({ "shp-1": said("1"), "shp-2": said("9"), "shp-3": said("A"), "shp-4": noted("blank") }, "formes");
  assert.deepEqual([shapes.score, shapes.group, shapes.open, shapes.awaited], [1.5, null, true, 0]);
});

test("nothing is told of a pupil of whom nothing is keyed", () => {
  for (const sheet of [undefined, blank(BUNDLE)]) {
    for (const result of results(KIT, sheet)) assert.deepEqual([result.score, result.group, result.notGiven], [0, null, 0]);
  }
});

test("a domain has a group if and only if its counting items are said, and given", () => {
  const die = dice(11);
  const marks = /** @type {const} */ (["blank", "open", "adapted", "unfit", "absent", "exempt", "left"]);
  let withGroup = 0;
  for (let round = 0; round < times(4_000); round += 1) {
    /** @type {Record<string, import("../src/keying/rules/entries.js").Entry>} */
    const entries = {};
    for (const item of [...LETTERS, "num-1", "num-2", "num-3"]) {
      const roll = die(40);
      if (roll > 1) entries[item] = roll < 9 ? noted(marks[roll - 2] ?? "blank") : said(["A", "B", "7"][die(3)] ?? "A");
    }
    const sheet = sheetWith(entries);
    for (const { domain, group, awaited, notGiven } of results(KIT, sheet).slice(0, 2)) {
      const each = domain.items.map((item) => entryOf(sheet, item));
      assert.equal(group !== null, each.every((entry) => isSaid(entry) && isGiven(entry)));
      assert.equal(awaited, domain.items.filter((item) => !sheet.items[item] || sheet.items[item].mark === "open").length);
      assert.equal(notGiven, each.filter(({ mark }) => mark && ["unfit", "absent", "exempt", "left"].includes(mark)).length);
      withGroup += group ? 1 : 0;
    }
  }
  assert.ok(withGroup > 100, "the law was tried on both sides");
});
