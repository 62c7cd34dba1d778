// SPDX-License-Identifier: AGPL-3.0-or-later
/** What the scoring engine gave, the teacher's page gives the same: tests/vectors/marking.json. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pointsOf, results } from "../src/keying/rules/marking.js";
import { sheetWith } from "./keying/builders.js";

const { kit, entries, sheets } = JSON.parse(readFileSync(new URL("../../tests/vectors/marking.json", import.meta.url), "utf8"));

test("each entry has the points that the engine gave it", () => {
  assert.ok(entries.length > 60);
  for (const { item, entry, points } of entries) assert.equal(pointsOf(kit, item, entry), points, JSON.stringify({ item, entry }));
});

test("each sheet has the scores and groups that results would hand over", () => {
  assert.ok(sheets.length > 5);
  for (const { entries: keyed, domains } of sheets) {
    const found = results(kit, sheetWith(keyed)).map(({ domain, score, group, awaited, notGiven, open }) =>
      ({ domain: domain.id, score, group, awaited, not_given: notGiven, open }));
    assert.deepEqual(found, domains);
  }
});
