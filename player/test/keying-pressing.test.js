// SPDX-License-Identifier: AGPL-3.0-or-later
/** What a key or a touch does in a field. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf } from "../src/keying/kit.js";
import { OPEN, choicesOf, isNumber, isSaid, same } from "../src/keying/rules/entries.js";
import { namesOf, pointer, press } from "../src/keying/rules/pressing.js";
import { KIT, dice, fieldOf, noted, said, times } from "./keying/builders.js";

/** @typedef {import("../src/keying/rules/pressing.js").Key} Key */
/** @typedef {import("../src/keying/rules/entries.js").Entry} Entry */

/** A key by what it writes, on a keyboard whose digits are where they are everywhere. @param {string} key @returns {Key} */
const keyOf = (key) => ({ key, code: /^\d$/.test(key) ? `Numpad${key}` : "" });
/** What stands after these keys. @param {string} id @param {string[]} keys @param {Entry} [entry] */
function typed(id, keys, entry = OPEN) {
  let at = { entry, pending: "", done: false };
  for (const key of keys) at = press(fieldOf(id), at.entry, at.pending, keyOf(key)) ?? at;
  return at;
}

test("the top row of a French keyboard chooses without Shift", () => {
  for (const [at, key] of Array.from("&é\"'(-è_ç").entries()) {
    const pressed = press(fieldOf("num-1"), OPEN, "", { key, code: `Digit${at + 1}` });
    assert.deepEqual(pressed?.entry, said(String(at + 1)));
  }
  assert.deepEqual(press(fieldOf("num-1"), OPEN, "", { key: "à", code: "Digit0" })?.entry, said("0"));
});

test("a pad without Num Lock moves, it does not choose", () => {
  assert.equal(press(fieldOf("let-1"), OPEN, "", { key: "ArrowDown", code: "Numpad2" }), null);
  assert.deepEqual(press(fieldOf("let-1"), OPEN, "", { key: "2", code: "Numpad2" })?.entry, said("B"));
});

test("a shortcut of the browser is not for a field", () => {
  assert.equal(press(fieldOf("let-1"), OPEN, "", { key: "a", code: "KeyQ", ctrlKey: true }), null);
});

test("a digit circles the choice of its rank, and the next field may come", () => {
  assert.deepEqual(typed("let-1", ["2"]), { entry: said("B"), pending: "", done: true });
  assert.deepEqual(typed("let-1", ["2", "3"]).entry, said("C"), "the other in its place");
});

test("a digit beyond the choices is for nobody", () => {
  assert.equal(press(fieldOf("let-1"), OPEN, "", keyOf("7")), null);
  assert.equal(press(fieldOf("let-1"), OPEN, "", keyOf("0")), null);
});

test("several choices are kept in the order of the paper, and taken back one by one", () => {
  assert.deepEqual(typed("shp-3", ["2", "1"]), { entry: said("A", "B"), pending: "", done: true });
  assert.deepEqual(typed("shp-3", ["2", "1", "2"]), { entry: said("A"), pending: "", done: false });
  assert.deepEqual(typed("shp-3", ["2", "2"]).entry, OPEN);
  assert.deepEqual(typed("shp-3", ["1", "2", "3"]).entry, said("A", "B"), "enough is enough");
});

test("of twelve choices the twelfth is typed one, two", () => {
  assert.deepEqual(typed("shp-4", ["1", "2"]).entry, said("L"));
  assert.deepEqual(typed("shp-4", ["1"]).entry, said("A"), "and one alone is the first");
  assert.deepEqual(typed("shp-4", ["1", "3"]).entry, said("A", "C"));
});

test("a teacher judges by 1 and 0, or by letters", () => {
  assert.deepEqual(typed("shp-1", ["1"]).entry, said("1"));
  assert.deepEqual(typed("shp-1", ["0"]), { entry: said("0"), pending: "", done: true });
  assert.deepEqual(typed("shp-1", ["J"]).entry, said("1"));
  assert.deepEqual(typed("shp-1", ["f"]).entry, said("0"));
  assert.equal(press(fieldOf("shp-1"), OPEN, "", keyOf("2")), null);
});

test("a code is typed as it is written, never by its rank", () => {
  assert.deepEqual(namesOf(fieldOf("shp-2")), ["1", "9", "0", "10"]);
  assert.deepEqual(typed("shp-2", ["9"]).entry, said("9"));
  assert.equal(press(fieldOf("shp-2"), OPEN, "", keyOf("2")), null);
  assert.deepEqual(typed("shp-2", ["1"]), { entry: said("1"), pending: "1", done: false }, "it may be 10");
  assert.deepEqual(typed("shp-2", ["1", "0"]), { entry: said("10"), pending: "", done: true });
});

test("a number is kept digit by digit, and whole when its digits are there", () => {
  assert.deepEqual(typed("num-1", ["4"]), { entry: said("4"), pending: "4", done: false });
  assert.deepEqual(typed("num-1", ["0", "0", "7"]), { entry: said("7"), pending: "", done: true });
  assert.deepEqual(typed("num-1", ["4", "7"], said("12")).entry, said("47"), "the first digit begins anew");
});

test("a typing slip in a number is taken back alone", () => {
  assert.deepEqual(typed("num-1", ["4", "8", "Backspace", "7"]).entry, said("47"));
  assert.deepEqual(typed("num-1", ["4", "Backspace"]).entry, OPEN);
  assert.deepEqual(typed("num-1", ["Backspace"], said("47")).entry, OPEN);
});

test("Space and the minus of the pad say that nothing is written", () => {
  assert.deepEqual(typed("let-1", [" "]), { entry: noted("blank"), pending: "", done: true });
  assert.deepEqual(press(fieldOf("num-1"), said("4"), "4", { key: "-", code: "NumpadSubtract" })?.entry, noted("blank"));
});

test("Delete, and the point of the pad, take back the whole", () => {
  assert.deepEqual(typed("num-1", ["4", "8", "Delete"]).entry, OPEN);
  assert.deepEqual(press(fieldOf("num-1"), said("48"), "", { key: ",", code: "NumpadDecimal" })?.entry, OPEN);
});

test("an adapted version is noted beside the answer, before or after it", () => {
  const adapted = { ...said("B"), mark: "adapted" };
  assert.deepEqual(typed("let-1", ["2", "a"]).entry, adapted);
  assert.deepEqual(typed("let-1", ["a"]), { entry: OPEN, pending: "a", done: false }, "nothing is said yet");
  assert.deepEqual(typed("let-1", ["a", "2"]).entry, adapted);
  assert.deepEqual(typed("let-1", ["a", " "]).entry, noted("adapted"));
  assert.deepEqual(typed("let-1", ["a", "a", "2"]).entry, said("B"));
  assert.deepEqual(typed("shp-4", ["a", "1", "2"]).entry, { ...said("L"), mark: "adapted" });
});

test("adapted twice is as before", () => {
  for (const entry of [said("B"), noted("blank"), { r: { "RESPONSE.struck": ["A"] } }]) {
    assert.ok(same(typed("let-1", ["a", "a"], entry).entry, entry), JSON.stringify(entry));
  }
});

test("an item that cannot be adapted is said by one key, and taken back by the same", () => {
  assert.deepEqual(typed("let-1", ["2", "x"]), { entry: noted("unfit"), pending: "", done: true });
  assert.deepEqual(typed("let-1", ["x", "x"]).entry, OPEN);
  assert.deepEqual(typed("let-1", ["x", "2"]).entry, said("B"));
});

test("a reading that was timed is not overwritten by a digit", () => {
  const timed = { r: { RESPONSE: ["9"], LAST: ["9"], SECONDS: ["60"] } };
  assert.equal(press(fieldOf("flu-1"), timed, "", keyOf("4")), null);
  assert.deepEqual(typed("flu-1", ["4", "2"]).entry, said("42"), "what was counted on paper is typed");
});

test("a touch circles, strikes out, then clears", () => {
  const field = fieldOf("let-1");
  const circled = pointer(field, OPEN, "B");
  const struck = pointer(field, circled, "B");
  assert.deepEqual(circled, said("B"));
  assert.deepEqual(struck, { r: { "RESPONSE.struck": ["B"] } });
  assert.deepEqual(pointer(field, struck, "C"), { r: { RESPONSE: ["C"], "RESPONSE.struck": ["B"] } });
  assert.deepEqual(pointer(field, struck, "B"), OPEN);
});

test("what a teacher judges, and what is crossed out on purpose, is not struck out", () => {
  assert.deepEqual(pointer(fieldOf("shp-1"), said("1"), "1"), OPEN);
  assert.deepEqual(pointer(fieldOf("shp-3"), said("A", "C"), "A"), said("C"));
});

test("a strike stays when another choice is keyed, and goes when that choice is", () => {
  const struck = { r: { RESPONSE: ["C"], "RESPONSE.struck": ["B"] } };
  assert.deepEqual(typed("let-1", ["1"], struck).entry, { r: { RESPONSE: ["A"], "RESPONSE.struck": ["B"] } });
  assert.deepEqual(typed("let-1", ["2"], struck).entry, said("B"));
});

const KEYS = [..."0123456789", " ", "-", "Backspace", "Delete", "a", "x", "j", "f", "m", "Enter", "ArrowUp", "é"];

/** What docs/spec/keying.md, "Marks", lets stand on a sheet. @param {import("../src/keying/kit.js").Field} field @param {Entry} entry */
function checkForm(field, { r, mark }) {
  const said_ = Object.values(r).flat();
  assert.ok(Object.keys(r).every((name) => name === "RESPONSE" || name === "RESPONSE.struck"));
  assert.ok(Object.values(r).every((values) => values.length > 0));
  if (mark && mark !== "adapted") return assert.deepEqual(r, {});
  if (!mark) assert.ok(said_.length > 0);
  if (isNumber(field)) return assert.ok(said_.every((digits) => /^(0|[1-9]\d*)$/.test(digits) && digits.length <= (field.digits ?? 3)));
  const ids = choicesOf(field).map(({ id }) => id);
  assert.equal(new Set(said_).size, said_.length, "neither twice, nor both circled and struck");
  assert.ok(said_.every((id) => ids.includes(id)));
  const most = field.most ?? 1;
  assert.ok(most === 0 || (r.RESPONSE ?? []).length <= most);
  assert.deepEqual(r.RESPONSE ?? [], ids.filter((id) => r.RESPONSE?.includes(id)));
}

test("whatever is pressed, in whatever order, what is keyed has the form of a mark", () => {
  const die = dice(5);
  const fields = fieldsOf(KIT);
  for (let round = 0; round < times(5_000); round += 1) {
    const field = fields[die(fields.length)] ?? fieldOf("let-1");
    let at = { entry: OPEN, pending: "", done: false };
    for (let step = 0; step < 20; step += 1) {
      const choice = choicesOf(field)[die(14)];
      if (choice && field.mask !== "fluency" && die(4) === 0) at = { entry: pointer(field, at.entry, choice.id), pending: "", done: false };
      else at = press(field, at.entry, at.pending, keyOf(KEYS[die(KEYS.length)] ?? " ")) ?? at;
      checkForm(field, at.entry);
      assert.ok(!at.done || isSaid(at.entry), "the next field does not come before this one is said");
      assert.ok(!at.done || at.pending === "");
    }
    assert.equal(press(field, at.entry, at.pending, keyOf("Delete"))?.entry, OPEN);
  }
});

test("each choice of each field can be keyed without a mouse", () => {
  for (const field of fieldsOf(KIT).filter((one) => !isNumber(one))) {
    for (const [at, { id }] of choicesOf(field).entries()) {
      assert.deepEqual(typed(field.id, Array.from(namesOf(field)[at] ?? "")).entry, said(id));
    }
  }
});
