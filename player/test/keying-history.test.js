// SPDX-License-Identifier: AGPL-3.0-or-later
/** Whatever is keyed, filled, undone and redone, nothing is lost and everything can be taken back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { blank, keyed, merged } from "../src/core/sheet.js";
import { fieldsOf } from "../src/keying/kit.js";
import { OPEN, choicesOf, entryOf, same } from "../src/keying/rules/entries.js";
import { column, marked } from "../src/keying/rules/filling.js";
import { BEGINNING, gestures, noted, redone, undone } from "../src/keying/rules/history.js";
import { pointer, press } from "../src/keying/rules/pressing.js";
import { BUNDLE, HAND, KIT, dice, fieldOf, pupils, said, times } from "./keying/builders.js";

/** @typedef {import("../src/keying/rules/history.js").Changes} Changes */
/** @typedef {import("../src/keying/rules/history.js").Step} Step */

const CLASS = pupils(4);
const FIELDS = fieldsOf(KIT);
const KEYS = [..."0123456789", " ", "Backspace", "a", "x"];

/** A class that is keyed: what the page does with the rules, without the page. */
class Keying {
  sheets = new Map(CLASS.map(({ order }) => [order, blank(BUNDLE)]));
  history = BEGINNING;
  hand = HAND;

  /** @param {string} order @param {string} item */
  shown = (order, item) => entryOf(this.sheets.get(order), item);

  /** @param {Changes} changes */
  put(changes) {
    for (const { order, item, after } of changes) {
      this.sheets.set(order, keyed(this.sheets.get(order) ?? blank(BUNDLE), item, after, this.hand));
    }
  }

  /** @param {Changes} changes */
  make(changes) {
    this.history = noted(this.history, changes);
    this.put(changes);
  }

  /** @param {Step | null} step */
  take(step) {
    if (!step) return false;
    this.history = step.history;
    this.put(step.changes);
    return true;
  }

  undo = () => this.take(undone(this.history, this.shown));
  redo = () => this.take(redone(this.history, this.shown));
  /** Everything that stands, by pupil and item. */
  all = () => CLASS.flatMap(({ order }) => FIELDS.map(({ id }) => this.shown(order, id)));
}

/** One gesture at random. @param {Keying} keying @param {(sides: number) => number} die */
function gesture(keying, die) {
  const { order } = CLASS[die(CLASS.length)] ?? { order: "" };
  const field = FIELDS[die(FIELDS.length)] ?? fieldOf("let-1");
  const before = keying.shown(order, field.id);
  const roll = die(40);
  if (roll === 0) return keying.make(column({ item: field.id, entry: before, over: die(2) === 0 }, CLASS, keying.sheets));
  if (roll === 1) return keying.make(marked(KIT, { exercise: "e2" }, { order, mark: "absent", over: die(2) === 0, sheets: keying.sheets }));
  if (roll < 8) return void keying.undo();
  if (roll < 12) return void keying.redo();
  const choice = choicesOf(field)[die(12)];
  const key = KEYS[die(KEYS.length)] ?? " ";
  const after = choice && die(4) === 0 ? pointer(field, before, choice.id) : press(field, before, "", { key, code: "" })?.entry;
  if (after) keying.make([{ order, item: field.id, before, after }]);
}

test("100,000 gestures: the history is the sheet, and undoing all of them leaves nothing keyed", () => {
  const keying = new Keying();
  const die = dice(1);
  for (let round = 0; round < times(100_000); round += 1) gesture(keying, die);

  const replayed = new Map();
  for (const { order, item, before, after } of gestures(keying.history).flat()) {
    const at = `${order} ${item}`;
    assert.ok(same(replayed.get(at) ?? OPEN, before), "each change begins where the last one ended");
    replayed.set(at, after);
  }
  for (const { order } of CLASS) {
    for (const { id } of FIELDS) assert.ok(same(replayed.get(`${order} ${id}`) ?? OPEN, keying.shown(order, id)));
  }

  const whole = keying.all();
  let n_undone = 0;
  while (keying.undo()) n_undone += 1;
  assert.ok(keying.all().every((entry) => same(entry, OPEN)), "nothing is keyed any more");
  for (let again = 0; again < n_undone; again += 1) keying.redo();
  assert.deepEqual(keying.all(), whole, "and all of it comes back");
});

test("an undo is a newer save than what it undoes", () => {
  const keying = new Keying();
  const [{ order }] = CLASS;
  keying.make([{ order, item: "let-1", before: OPEN, after: said("A") }]);
  const stamp = keying.sheets.get(order)?.items["let-1"]?.stamp[1] ?? 0;
  keying.undo();
  assert.deepEqual(keying.sheets.get(order)?.items["let-1"]?.mark, "open");
  assert.ok((keying.sheets.get(order)?.items["let-1"]?.stamp[1] ?? 0) > stamp);
});

test("what changes nothing is no gesture, and keeps what may be redone", () => {
  const [{ order }] = CLASS;
  const keying = new Keying();
  keying.make([{ order, item: "let-1", before: OPEN, after: said("A") }]);
  keying.undo();
  keying.make([{ order, item: "let-1", before: OPEN, after: { r: {}, mark: "open" } }]);
  assert.ok(keying.redo());
  assert.deepEqual(keying.shown(order, "let-1"), said("A"));
});

test("a column that was filled is undone at once", () => {
  const keying = new Keying();
  keying.make(column({ item: "let-1", entry: said("A"), over: false }, CLASS, keying.sheets));
  assert.equal(keying.all().filter((entry) => same(entry, said("A"))).length, CLASS.length);
  keying.undo();
  assert.ok(keying.all().every((entry) => same(entry, OPEN)));
  assert.equal(keying.undo(), false);
});

test("an undo leaves alone what another computer has keyed since, and says so", () => {
  const keying = new Keying();
  keying.make(column({ item: "let-1", entry: said("A"), over: false }, CLASS, keying.sheets));
  const [{ order }] = CLASS;
  keying.put([{ order, item: "let-1", before: said("A"), after: said("C") }]);
  const step = undone(keying.history, keying.shown);
  assert.deepEqual([step?.changes.length, step?.stale.map((change) => change.order)], [CLASS.length - 1, [order]]);
  keying.undo();
  assert.deepEqual(keying.shown(order, "let-1"), said("C"));
});

test("what several computers key of a class is the same class in whatever order it is merged", () => {
  const die = dice(9);
  for (let round = 0; round < times(60); round += 1) {
    const hands = [0, 1, 2].map((epoch) => ({ epoch: epoch % 2, stream: `${epoch}`.repeat(16) }));
    const computers = hands.map((hand) => {
      const keying = new Keying();
      keying.hand = hand;
      for (let step = die(60); step > 0; step -= 1) gesture(keying, die);
      return keying;
    });
    for (const { order } of CLASS) {
      const sheets = computers.map((one) => one.sheets.get(order) ?? blank(BUNDLE));
      const [a, b, c] = /** @type {[typeof sheets[0], typeof sheets[0], typeof sheets[0]]} */ (sheets);
      const one = merged(merged(a, b), c);
      for (const other of [merged(c, merged(b, a)), merged(merged(c, a), b), merged(b, merged(a, c)), merged(one, a)]) {
        for (const { id } of FIELDS) assert.ok(same(entryOf(one, id), entryOf(other, id)));
      }
    }
  }
});
