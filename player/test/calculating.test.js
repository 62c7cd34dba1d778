// SPDX-License-Identifier: AGPL-3.0-or-later
/** The pocket calculator: what stands in its window after each key. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FAULT, SIGNS, cleared, pressed, written } from "../src/tools/calculating.js";

/** @param {string} keys one character a key */
const after = (keys) => Array.from(keys).reduce(pressed, cleared()).shown;

for (const [keys, shown] of [
  ["", "0"], ["007", "7"], ["12+30=", "42"], ["7×8=", "56"], ["1÷8=", "0,125"], ["5-9=", "-4"], ["0,1+0,2=", "0,3"],
  ["2+3×4=", "20"], ["2+×4=", "8"], ["1,2,3", "1,23"], ["12⌫", "1"], ["1⌫⌫", "0"], ["9C", "0"], ["8=5", "5"],
  ["1÷0=", FAULT], ["1÷0=5", "5"], ["1÷0=+", "0"], ["1234567890123", "123456789012"], ["999999999999+1=", FAULT], ["1÷3×3=", "0,99999999999"],
  ["6×=", "36"], ["2+3==", "5"], ["x", "0"],
]) {
  test(`${keys} shows ${shown}`, () => assert.equal(after(String(keys)), shown));
}

test("whatever keys are pressed, the window shows a number or the fault", () => {
  const keys = [...Array.from("0123456789,=C⌫"), ...SIGNS];
  let seed = 7;
  for (let run = 0; run < 500; run += 1) {
    let now = cleared();
    for (let i = 0; i < 40; i += 1) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      now = pressed(now, keys[seed % keys.length] ?? "");
      assert.match(now.shown, /^(Erreur|-?\d{1,12}(,\d*)?)$/);
    }
  }
});

test("two numbers give what arithmetic gives", () => {
  for (let a = -20; a <= 20; a += 1) {
    for (let b = 0; b <= 20; b += 1) {
      const start = { ...cleared(), shown: written(a), fresh: false };
      const shown = [..."-", ...String(b), "="].reduce(pressed, start).shown;
      assert.equal(shown, String(a - b));
    }
  }
});
