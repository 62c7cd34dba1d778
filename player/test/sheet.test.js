// SPDX-License-Identifier: AGPL-3.0-or-later
/** The answer sheet: cumulative, and merged the same way in any order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as sheets from "../src/core/sheet.js";

const A = { epoch: 0, stream: "aaaaaaaaaaaaaaaa" };
const B = { epoch: 1, stream: "bbbbbbbbbbbbbbbb" };
const blank = sheets.blank("0123456789abcdef");
/** @param {string} value */
const r = (value) => ({ RESPONSE: [value] });

/** @type {(sheets.Mark | undefined)[]} */
const MARKS = [undefined, "blank", "open", "adapted", "unfit", "absent", "exempt", "left"];

/** Numbers that are the same at each run. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % sides;
  };
}

/** What a teacher could note of an item. @param {(sides: number) => number} die @returns {sheets.Entry} */
function entry(die) {
  const mark = MARKS[die(MARKS.length)];
  return { r: die(2) ? r(`v${die(9)}`) : {}, mark };
}

/** A sheet that two devices could have written. @param {(sides: number) => number} die */
function any(die) {
  let sheet = blank;
  for (let step = die(12); step > 0; step -= 1) {
    const hand = die(2) ? A : B;
    const item = `item-${die(4)}`;
    if (die(5) === 0) sheet = sheets.placed(sheet, item, hand);
    else if (die(5) === 0) sheet = sheets.flagged(sheet, item, die(2) === 0, hand);
    else if (die(6) === 0) sheet = sheets.supported(sheet, { designated: [], available: [], used: [`size:${die(3)}`], now: { size: String(die(3)) } }, hand);
    else if (die(5) === 0) sheet = sheets.spent(sheet, ["", item], die(900), hand);
    else if (die(3) === 0) sheet = sheets.seen(sheet, item, die(900), hand);
    else if (die(5) === 0) sheet = sheets.happened(sheet, "offline", hand);
    else if (die(3) === 0) sheet = sheets.keyed(sheet, item, entry(die), hand);
    else sheet = sheets.answered(sheet, item, die(6) ? r(`v${die(9)}`) : {}, hand);
  }
  return sheet;
}

test("an answer that is the same again changes nothing", () => {
  const once = sheets.answered(blank, "x", r("A"), A);
  assert.equal(sheets.answered(once, "x", r("A"), A), once);
  assert.equal(sheets.answered(blank, "x", {}, A), blank);
});

test("each change counts, and has a higher stamp than all before it", () => {
  let sheet = sheets.answered(blank, "x", r("A"), A);
  sheet = sheets.happened(sheet, "offline", A);
  sheet = sheets.answered(sheet, "x", r("B"), A);
  assert.deepEqual(sheet.items.x, { r: r("B"), t_ms: 0, n: 2, stamp: [0, 3, A.stream] });
});

test("time adds up and does not make an old answer newer", () => {
  let sheet = sheets.answered(blank, "x", r("A"), A);
  sheet = sheets.seen(sheets.seen(sheet, "x", 1000.4, A), "x", 500, B);
  assert.deepEqual(sheet.items.x, { r: r("A"), t_ms: 1500, n: 1, stamp: [0, 1, A.stream] });
});

test("an item only seen never wins over an answer", () => {
  const theirs = sheets.answered(blank, "x", r("A"), A);
  const ours = sheets.seen(sheets.happened(blank, "sign-in", B), "x", 9000, B);
  assert.deepEqual(sheets.merged(ours, theirs).items.x?.r, r("A"));
  assert.deepEqual(sheets.merged(theirs, ours).items.x?.r, r("A"));
});

test("of two answers the later device wins, even when it took the answer away", () => {
  const first = sheets.answered(blank, "x", r("A"), A);
  const later = sheets.answered(first, "x", {}, B);
  assert.deepEqual(sheets.merged(first, later).items.x?.r, {});
  assert.equal(sheets.isAnswered(later, "x"), false);
});

test("merging gives the same sheet in any order, once or twice", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const die = dice(seed);
    const [a, b, c] = [any(die), any(die), any(die)];
    const one = sheets.merged(sheets.merged(a, b), c);
    const other = sheets.merged(a, sheets.merged(c, b));
    assert.deepEqual(one.events, other.events);
    for (const item of Object.keys(one.items)) {
      assert.equal(sheets.order(one.items[item]?.stamp ?? [0, 0, ""], other.items[item]?.stamp ?? [0, 0, ""]), 0);
    }
    assert.deepEqual(sheets.merged(one, one), one);
  }
});

test("progress counts items with an answer, not those seen, and rounds down", () => {
  let sheet = sheets.seen(blank, "a", 10, A);
  assert.equal(sheets.progress(sheet, ["a", "b", "c"]), 0);
  sheet = sheets.answered(sheet, "a", r("A"), A);
  assert.equal(sheets.progress(sheet, ["a", "b", "c"]), 33);
  assert.equal(sheets.progress(sheet, []), 0);
});

test("what the host does not have is counted once an item, exactly", () => {
  const theirs = sheets.answered(blank, "a", r("A"), A);
  assert.equal(sheets.newer(theirs, theirs), 0);
  let sheet = sheets.answered(sheets.answered(theirs, "b", r("A"), A), "b", r("B"), A);
  assert.equal(sheets.newer(sheet, theirs), 1);
  sheet = sheets.seen(sheet, "c", 100, A); // only looked at
  assert.equal(sheets.newer(sheet, theirs), 1);
  sheet = sheets.answered(sheet, "a", {}, A); // taken away
  assert.equal(sheets.newer(sheet, theirs), 2);
});

test("an answer of this computer is counted though the host holds a later event of another", () => {
  const mine = sheets.answered(blank, "a", r("A"), A);
  let theirs = sheets.happened(sheets.happened(blank, "sign-in", B), "offline", B);
  theirs = sheets.answered(theirs, "b", r("B"), B);
  assert.equal(sheets.newer(sheets.merged(theirs, mine), theirs), 1);
});

test("a network that comes and goes all day does not fill the sheet", () => {
  let sheet = sheets.happened(blank, "sign-in", A);
  for (let i = 0; i < 1200; i += 1) sheet = sheets.happened(sheet, i % 2 ? "online" : "offline", A);
  assert.equal(sheet.events.length, 900);
  assert.equal(sheet.events[0]?.kind, "sign-in");
});

test("what is not a sheet of this bundle is refused", () => {
  assert.throws(() => sheets.read("{}", blank.bundle));
  assert.throws(() => sheets.read(JSON.stringify(blank), "another"));
  assert.deepEqual(sheets.read(JSON.stringify(blank), blank.bundle), blank);
});

test("the last place wins, and of each time the longest", () => {
  const here = sheets.spent(sheets.placed(blank, "x", A), ["", "part"], 5_000, A);
  const there = sheets.spent(sheets.placed(here, "y", B), [""], 1_000, B);
  const both = sheets.merged(sheets.spent(here, ["part"], 2_000, A), there);
  assert.equal(both.test?.at, "y");
  assert.deepEqual(both.test?.spent, { "": 6_000, part: 7_000 });
});

test("a mark to look again is put and taken away", () => {
  const marked = sheets.flagged(sheets.flagged(blank, "x", true, A), "y", true, A);
  assert.equal(sheets.flagged(marked, "x", true, A), marked);
  assert.deepEqual(sheets.flagged(marked, "x", false, A).test?.flags, ["y"]);
});

test("files that no envelope could hold are refused", () => {
  const file = `data:x;base64,${"A".repeat(50_000)}`;
  let sheet = sheets.answered(blank, "x", r(file), A);
  assert.ok(sheets.fits(sheet, "y", r(file)));
  sheet = sheets.answered(sheet, "y", r(file), A);
  assert.ok(!sheets.fits(sheet, "z", r(file)));
  assert.ok(sheets.fits(sheet, "x", r(file)), "the same file again takes no more room");
  assert.ok(sheets.fits(sheet, "z", r("words".repeat(9_000))), "words pack");
});

test("settings once used stay noted, whatever is in force", () => {
  const made = { designated: [], available: ["size:150"], used: ["size:150"], now: { size: "150" } };
  const large = sheets.supported(blank, made, A);
  const back = sheets.supported(large, { ...made, used: [], now: { size: "100" } }, A);
  assert.deepEqual(back.supports?.used, ["size:150"]);
  assert.deepEqual(sheets.merged(large, back).supports?.now, { size: "100" });
});

test("what is keyed again as it was changes nothing, and any other mark or answer does", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const die = dice(seed);
    const [first, second] = [entry(die), entry(die)];
    const once = sheets.keyed(any(die), "x", first, A);
    assert.equal(sheets.keyed(once, "x", first, B), once);
    const twice = sheets.keyed(once, "x", second, B);
    const same = first.mark === second.mark && JSON.stringify(first.r) === JSON.stringify(second.r);
    assert.equal(twice === once, same);
    assert.deepEqual([twice.items.x?.r ?? {}, twice.items.x?.mark], [second.r, second.mark]);
  }
});

test("a mark that is taken away leaves nothing of itself on the sheet", () => {
  const marked = sheets.keyed(blank, "x", { r: {}, mark: "absent" }, A);
  assert.equal("mark" in (sheets.keyed(marked, "x", { r: r("A") }, A).items.x ?? {}), false);
  assert.deepEqual(sheets.seen(marked, "x", 900, A).items.x, { r: {}, t_ms: 900, n: 1, stamp: [0, 1, A.stream], mark: "absent" });
});

test("every mark but « open » closes its item, and progress counts those that are closed", () => {
  const items = MARKS.map((mark) => mark ?? "answered");
  let sheet = blank;
  for (const mark of MARKS) sheet = sheets.keyed(sheet, mark ?? "answered", { r: mark ? {} : r("A"), mark }, A);
  assert.deepEqual(items.filter((item) => !sheets.isAnswered(sheet, item)), ["open"]);
  assert.equal(sheets.progress(sheet, items), 87);
  assert.equal(sheets.progress(sheet, [...items, "never keyed"]), 77);
});

test("what is struck out, hesitated at or keyed a second time says nothing of the item", () => {
  const notes = { "RESPONSE.struck": ["A"], "RESPONSE.hesitated": ["w1"] };
  let sheet = sheets.keyed(blank, "x", { r: notes }, A);
  sheet = sheets.keyed(sheet, "x~2", { r: r("A") }, A);
  assert.equal(sheets.isAnswered(sheet, "x"), false);
  assert.equal(sheets.progress(sheet, ["x"]), 0);
  assert.ok(sheets.isAnswered(sheets.keyed(sheet, "x", { r: { ...notes, ...r("B") } }, A), "x"));
  assert.ok(sheets.isAnswered(sheets.keyed(sheet, "x", { r: notes, mark: "blank" }, A), "x"));
});

test("what is keyed after taking up another's sheet wins over all that either had", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const die = dice(seed);
    const [mine, theirs] = [any(die), any(die)];
    const raised = { ...A, epoch: B.epoch + 1 }; // the same stream goes on
    const last = { r: r("last"), mark: MARKS[die(2) * 3] };
    const after = sheets.keyed(sheets.merged(mine, theirs), "item-0", last, raised);
    for (const both of [sheets.merged(after, theirs), sheets.merged(mine, after), sheets.merged(theirs, after)]) {
      assert.deepEqual(both.items["item-0"], after.items["item-0"]);
    }
  }
});
