// SPDX-License-Identifier: AGPL-3.0-or-later
/** A reading that is timed: what stops it, what is noted, what comes out. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as readings from "../src/keying/fluency/reading.js";
import { OPEN, isSaid } from "../src/keying/rules/entries.js";
import { dice, fieldOf, times } from "./keying/builders.js";

const FIELD = fieldOf("flu-1"); // nine words, sixty seconds
const START_MS = 5_000;
const begun = () => readings.started(readings.ready(FIELD), START_MS);
/** A reading that lasted so long. @param {number} seconds */
const lasted = (seconds) => readings.stopped(begun(), START_MS + seconds * 1000);

test("a reading stops by itself when its minute is over, not before", () => {
  assert.equal(readings.ticked(begun(), START_MS + 59_999).phase, "reading");
  const over = readings.ticked(begun(), START_MS + 60_000);
  assert.deepEqual([over.phase, over.seconds, over.last], ["stopped", 60, null]);
  assert.equal(readings.ticked(begun(), START_MS + 75_000).seconds, 60, "a page that was asleep counts a minute");
});

test("the clock counts down in whole seconds", () => {
  assert.equal(readings.left_s(readings.ready(FIELD), 0), 60);
  assert.equal(readings.left_s(begun(), START_MS + 100), 60);
  assert.equal(readings.left_s(begun(), START_MS + 1_000), 59);
  assert.equal(readings.left_s(begun(), START_MS + 90_000), 0);
});

test("a word that was touched is misread, touched again it is not", () => {
  const once = readings.noted(begun(), "w3", "wrong");
  assert.deepEqual(once.wrong, ["w3"]);
  assert.deepEqual(readings.noted(once, "w3", "wrong").wrong, []);
  assert.deepEqual(readings.noted(once, "w3", "hesitated"), { ...once, hesitated: ["w3"] });
});

test("nothing is noted before the start, of a word that is not there, or beyond the last word", () => {
  const before = readings.ready(FIELD);
  assert.equal(readings.noted(before, "w3", "wrong"), before);
  assert.equal(readings.noted(begun(), "w99", "wrong").wrong.length, 0);
  const ended = readings.ended(lasted(60), 4);
  assert.equal(readings.noted(ended, "w5", "wrong"), ended);
  assert.deepEqual(readings.noted(ended, "w4", "wrong").wrong, ["w4"]);
});

test("there is no result before the last word is told", () => {
  for (const reading of [readings.ready(FIELD), begun(), lasted(60)]) {
    assert.equal(readings.outcome(reading), null);
    assert.equal(readings.entryOfReading(FIELD, reading, OPEN), null);
  }
  assert.equal(readings.ended(begun(), 4).last, null, "nor told while she reads");
  assert.equal(readings.ended(lasted(60), 10).last, null, "nor beyond the text");
});

test("words misread are taken off, those beyond the last word are not", () => {
  let reading = lasted(60);
  for (const word of ["w2", "w4", "w8"]) reading = readings.noted(reading, word, "wrong");
  reading = readings.ended(reading, 6);
  assert.deepEqual(readings.outcome(reading), { correct: 4, last: 6, seconds: 60, wrong: 2, hesitated: 0 });
  assert.deepEqual(readings.entryOfReading(FIELD, reading, OPEN), { r: { RESPONSE: ["4"], LAST: ["6"], SECONDS: ["60"], WRONG: ["w2", "w4"] } });
});

test("who finishes the text early reads more words in a minute", () => {
  const reading = readings.ended(lasted(40), 9);
  assert.deepEqual([readings.outcome(reading)?.correct, readings.outcome(reading)?.seconds], [14, 40], "13.5, rounded half up");
});

test("who stops before the end of the text had the whole minute", () => {
  assert.deepEqual(readings.outcome(readings.ended(lasted(10), 3)), { correct: 3, last: 3, seconds: 60, wrong: 0, hesitated: 0 });
});

test("who read nothing has a result too", () => {
  const entry = readings.entryOfReading(FIELD, readings.ended(lasted(60), 0), OPEN);
  assert.deepEqual(entry, { r: { RESPONSE: ["0"], LAST: ["0"], SECONDS: ["60"] } });
  assert.ok(entry && isSaid(entry));
});

test("an adapted version stays one", () => {
  assert.equal(readings.entryOfReading(FIELD, readings.ended(lasted(60), 2), { r: {}, mark: "adapted" })?.mark, "adapted");
});

test("what was kept is called back to be corrected", () => {
  let reading = readings.noted(readings.noted(lasted(33), "w2", "wrong"), "w1", "hesitated");
  reading = readings.ended(reading, 9);
  const entry = readings.entryOfReading(FIELD, reading, OPEN);
  assert.ok(entry);
  assert.deepEqual(readings.entryOfReading(FIELD, readings.recalled(FIELD, entry), entry), entry);
  assert.equal(readings.recalled(FIELD, { r: { RESPONSE: ["42"] } }).phase, "ready", "what was counted on paper was not timed");
});

test("whatever is touched, the result is the formula of the contract", () => {
  const die = dice(21);
  for (let round = 0; round < times(5_000); round += 1) {
    let reading = begun();
    let now_ms = START_MS;
    for (let step = die(30); step > 0; step -= 1) {
      now_ms += die(6_000);
      reading = readings.noted(readings.ticked(reading, now_ms), `w${1 + die(10)}`, die(3) ? "wrong" : "hesitated");
    }
    reading = readings.ended(readings.stopped(reading, now_ms), die(10));
    for (let step = die(5); step > 0; step -= 1) reading = readings.noted(reading, `w${1 + die(10)}`, "wrong");
    const entry = readings.entryOfReading(FIELD, reading, OPEN);
    assert.ok(entry);
    const [last, seconds, correct] = ["LAST", "SECONDS", "RESPONSE"].map((name) => Number(entry.r[name]?.[0]));
    const wrong = (entry.r.WRONG ?? []).length;
    assert.ok(seconds >= 1 && seconds <= 60 && wrong <= last);
    const exact = ((last - wrong) * 60) / seconds;
    assert.ok(correct - exact <= 0.5 && exact - correct < 0.5, `${correct} for ${exact}`);
    assert.ok((entry.r.WRONG ?? []).every((word) => Number(word.slice(1)) <= last));
  }
});
