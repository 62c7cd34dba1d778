// SPDX-License-Identifier: AGPL-3.0-or-later
/** Pupil codes as typed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { BadCode, LETTERS, parse, printed } from "../src/core/codes.js";

/** @param {string} eleven */
const whole = (eleven) => Array.from(LETTERS, (last) => eleven + last).find(passes) ?? "";

/** @param {string} typed */
function passes(typed) {
  try {
    return Boolean(parse(typed));
  } catch (fault) {
    assert.ok(fault instanceof BadCode);
    return false;
  }
}

const CODE = whole("BRTKMWZDHNP");

test("case, spaces, hyphens and dots do not count", () => {
  const shown = printed(CODE);
  for (const typed of [shown, shown.toLowerCase(), ` ${shown.replaceAll("-", " ")}\t`, shown.replaceAll("-", "–"), shown.replaceAll("-", "\u00a0.")]) {
    assert.equal(parse(typed), CODE);
  }
});

test("one wrong letter is always refused", () => {
  for (let place = 0; place < CODE.length; place += 1) {
    for (const letter of LETTERS) {
      if (letter === CODE[place]) continue;
      assert.equal(passes(CODE.slice(0, place) + letter + CODE.slice(place + 1)), false);
    }
  }
});

test("two different letters exchanged are always refused", () => {
  for (let a = 0; a < CODE.length; a += 1) {
    for (let b = a + 1; b < CODE.length; b += 1) {
      const letters = Array.from(CODE);
      [letters[a], letters[b]] = [letters[b] ?? "", letters[a] ?? ""];
      assert.equal(passes(letters.join("")), letters.join("") === CODE);
    }
  }
});

test("each refusal says what to do, and never repeats what was typed", () => {
  for (const typed of ["", "BRTK", "BRTK-MWZD-HNPA", "1234 5678 9012", `${CODE}B`, CODE.slice(0, 11) + (CODE.endsWith("B") ? "C" : "B")]) {
    assert.throws(() => parse(typed), (fault) => {
      assert.ok(fault instanceof BadCode);
      assert.ok(fault.what.endsWith(".") && fault.nextStep.endsWith("."));
      return typed === "" || !`${fault.what} ${fault.nextStep}`.includes(typed);
    });
  }
});

test("a code begun is shown in its groups so far", () => {
  assert.equal(printed(""), "");
  assert.equal(printed("BRT"), "BRT");
  assert.equal(printed("BRTK"), "BRTK");
  assert.equal(printed("BRTKM"), "BRTK-M");
});
