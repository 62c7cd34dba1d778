// SPDX-License-Identifier: AGPL-3.0-or-later
/** Where keys lead in the grid: every cell is met, and each way back is the way there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { exerciseAt, groundOf, moved, nextAwaited, onward } from "../src/keying/rules/moving.js";
import { KIT, dice, times } from "./keying/builders.js";

/** @typedef {import("../src/keying/rules/moving.js").Cell} Cell */
/** @typedef {import("../src/keying/rules/moving.js").Way} Way */

const WAYS = /** @type {const} */ (["pupil", "exercise"]);
const FIRST = { pupil: 0, field: 0 };
const never = () => false;
/** @param {Way} way */
const ground = (way, n_pupils = 4) => groundOf(KIT, n_pupils, way);
/** @param {Way} way @param {Cell} cell @param {string} key */
const go = (way, cell, key, shiftKey = false) => moved(ground(way), cell, { key, shiftKey }, never);
/** @param {Cell | null} cell */
const named = (cell) => (cell ? `${cell.pupil}/${cell.field}` : "nowhere");

for (const way of WAYS) {
  test(`going on by ${way}, every cell is met once and none is left out`, () => {
    const met = [];
    for (let cell = /** @type {Cell | null} */ (FIRST); cell; cell = onward(ground(way), cell)) met.push(named(cell));
    assert.equal(met.length, 4 * ground(way).n_fields);
    assert.equal(new Set(met).size, met.length);
  });

  test(`by ${way}, each move has one that undoes it`, () => {
    const die = dice(2);
    const pairs = [["ArrowDown", "ArrowUp"], ["ArrowRight", "ArrowLeft"], ["ArrowUp", "ArrowDown"], ["ArrowLeft", "ArrowRight"]];
    for (let round = 0; round < times(2_000); round += 1) {
      const cell = { pupil: die(4), field: die(ground(way).n_fields) };
      const [there, back] = pairs[die(4)] ?? ["", ""];
      const next = go(way, cell, there);
      if (next) assert.equal(named(go(way, next, back)), named(cell));
      const entered = go(way, cell, "Enter");
      if (entered) assert.equal(named(go(way, entered, "Enter", true)), named(cell));
    }
  });

  test(`by ${way}, Tab goes field by field and leaves the grid at the end of what is shown`, () => {
    const last = { pupil: way === "pupil" ? 0 : 3, field: 5 };
    assert.equal(named(go(way, FIRST, "Tab")), "0/1");
    assert.equal(go(way, last, "Tab"), null);
    assert.equal(go(way, FIRST, "Tab", true), null);
  });
}

test("by pupil, Tab leaves a booklet of one exercise at its end too", () => {
  const [sequence] = KIT.sequences;
  const short = { ...KIT, sequences: [{ ...sequence, exercises: sequence.exercises.slice(0, 1) }] };
  const last = { pupil: 0, field: 5 };
  assert.equal(moved(groundOf(short, 4, "pupil"), last, { key: "Tab" }, never), null);
  assert.equal(named(moved(groundOf(short, 4, "exercise"), last, { key: "Tab" }, never)), "1/0");
});

test("by pupil the booklet goes down, and the next pupil follows", () => {
  assert.equal(named(go("pupil", FIRST, "ArrowDown")), "0/1");
  assert.equal(named(go("pupil", { pupil: 0, field: 5 }, "Enter")), "0/6", "the next exercise");
  const last = ground("pupil").n_fields - 1;
  assert.equal(named(go("pupil", { pupil: 0, field: last }, "Enter")), "1/0");
  assert.equal(named(go("pupil", FIRST, "ArrowRight")), "1/0");
});

test("by exercise its items go across, then the next pupil's, then the next exercise", () => {
  assert.equal(named(go("exercise", FIRST, "ArrowRight")), "0/1");
  assert.equal(named(go("exercise", { pupil: 0, field: 5 }, "Enter")), "1/0");
  assert.equal(named(go("exercise", { pupil: 3, field: 5 }, "Enter")), "0/6");
  assert.equal(named(go("exercise", FIRST, "ArrowDown")), "1/0");
  assert.equal(named(go("exercise", { pupil: 3, field: 0 }, "ArrowDown")), "0/1", "the next column from its top");
});

test("pages lead from exercise to exercise, Home and End along one", () => {
  assert.equal(named(go("pupil", { pupil: 2, field: 3 }, "PageDown")), "2/6");
  assert.equal(named(go("pupil", { pupil: 2, field: 7 }, "PageUp")), "2/0");
  assert.equal(go("pupil", { pupil: 2, field: 3 }, "PageUp"), null);
  assert.equal(named(go("exercise", { pupil: 2, field: 8 }, "Home")), "2/6");
  assert.equal(named(go("exercise", { pupil: 2, field: 6 }, "End")), "2/8");
});

test("the next awaited field is found past the end, and the cell itself is not the next", () => {
  const only = (/** @type {Cell} */ { pupil, field }) => pupil === 1 && field === 2;
  for (const way of WAYS) {
    for (const from of [FIRST, { pupil: 3, field: 20 }]) assert.equal(named(moved(ground(way), from, { key: "m" }, only)), "1/2");
    assert.equal(named(moved(ground(way), FIRST, { key: "M", shiftKey: true }, only)), "1/2");
    assert.equal(nextAwaited(ground(way), { pupil: 1, field: 2 }, only), null);
  }
});

test("m leads to the nearest awaited field of those before and after", () => {
  const die = dice(8);
  for (let round = 0; round < times(300); round += 1) {
    const field = ground("pupil");
    const awaited = new Set(Array.from({ length: 1 + die(8) }, () => named({ pupil: die(4), field: die(field.n_fields) })));
    const from = { pupil: die(4), field: die(field.n_fields) };
    let walked = /** @type {Cell | null} */ (from);
    do walked = walked ? onward(field, walked) : FIRST; while (!walked || (!awaited.has(named(walked)) && named(walked) !== named(from)));
    const found = nextAwaited(field, from, (cell) => awaited.has(named(cell)));
    assert.equal(named(found), named(walked) === named(from) ? "nowhere" : named(walked));
  }
});

test("nothing leads out of an empty class, and a shortcut of the browser leads nowhere", () => {
  assert.equal(onward(ground("pupil", 1), { pupil: 0, field: ground("pupil").n_fields - 1 }), null);
  assert.equal(moved(ground("pupil"), FIRST, { key: "ArrowRight", altKey: true }, never), null);
  assert.equal(moved(ground("pupil"), FIRST, { key: "q" }, never), null);
});

test("a field is in the exercise that begins before it", () => {
  assert.deepEqual([0, 5, 6, 8, 9].map((field) => exerciseAt(ground("pupil"), field)), [0, 0, 1, 1, 2]);
});
