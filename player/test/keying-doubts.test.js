// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is hardly what pupils wrote is asked about, once; what is plausible is not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf } from "../src/keying/kit.js";
import { doubts, question, unanswered } from "../src/keying/rules/doubts.js";
import { TELL as EN } from "../src/keying/strings/en.js";
import { TELL as FR } from "../src/keying/strings/fr.js";
import { KIT, all, dice, noted, pupils, said, sheetWith, times } from "./keying/builders.js";

/** @typedef {import("../src/keying/rules/entries.js").Entry} Entry */

const NBSP = "\u00a0";
const LETTERS = ["let-1", "let-2", "let-3", "let-4", "let-5", "let-6"];
const NUMBERS = ["num-1", "num-2", "num-3"];
const SECOND = fieldsOf(KIT).map(({ id }) => id).filter((id) => id.startsWith("wrd") || id === "flu-1" || id === "tim-1");
/** Letters that are neither all right nor all the same. @param {number} shift @returns {Record<string, Entry>} */
const letters = (shift) => Object.fromEntries(LETTERS.map((item, at) => [item, said("ABCD".charAt((at + shift) % 4))]));
/** @param {Record<string, Entry>[]} each */
const ask = (each) => {
  const group = pupils(each.length);
  const sheets = new Map(group.map(({ order }, at) => [order, sheetWith(each[at] ?? {})]));
  return { group, found: doubts(KIT, group, sheets) };
};
/** @param {Record<string, Entry>[]} each */
const kinds = (each) => ask(each).found.map(({ kind }) => kind);

test("a class keyed as pupils write raises no doubt", () => {
  assert.deepEqual(kinds([0, 1, 2, 3, 1, 2].map((shift) => ({ ...letters(shift), ...all(NUMBERS, said("7")), "num-1": said(String(shift)) }))), []);
});

test("the same answers of a whole class are asked about, of a few pupils they are not", () => {
  const { group, found } = ask(new Array(5).fill(letters(1)));
  assert.deepEqual(found.map(({ kind }) => kind), ["alike"]);
  assert.equal(found[0] && question(KIT, found[0], group, FR),
    `Exercice 1 (Séquence 1)${NBSP}: les 5${NBSP}élèves ont exactement les mêmes réponses. Est-ce bien ce que chacun a écrit${NBSP}?`);
  assert.deepEqual(kinds(new Array(4).fill(letters(1))), []);
  assert.deepEqual(kinds([...new Array(5).fill(letters(1)), letters(2)]), []);
});

test("an absent pupil does not make the others look less alike", () => {
  assert.deepEqual(kinds([...new Array(5).fill(letters(1)), all(LETTERS, noted("absent"))]), ["alike"]);
});

test("one choice all along is asked about, unless it is right all along", () => {
  const { group, found } = ask([all(LETTERS, said("C"))]);
  assert.deepEqual(found.map(({ kind }) => kind), ["one-choice"]);
  assert.match((found[0] && question(KIT, found[0], group, EN)) ?? "", /^Léa, exercice 1 \(Séquence 1\): choice 3 all the way/);
  assert.deepEqual(kinds([all(LETTERS, said("A"))]), []);
  assert.deepEqual(kinds([{ ...all(LETTERS, said("C")), "let-4": noted("blank") }]), []);
});

test("two booklets alike over a long sequence are asked about, mistakes included", () => {
  const row = { ...all(SECOND, said("B")), "wrd-3": said("A"), "wrd-5": said("C"), "flu-1": said("9"), "tim-1": said("40") };
  const { group, found } = ask([row, letters(1), row]);
  assert.deepEqual(found.map(({ kind, orders }) => [kind, orders]), [["twins", [group[0]?.order, group[2]?.order]]]);
  assert.match((found[0] && question(KIT, found[0], group, FR)) ?? "", /^Léa et Zoé ont les mêmes réponses dans toute la séquence/);
});

test("two booklets that are all right, or all blank, are alike by themselves", () => {
  const right = { ...all(SECOND, said("A")), "flu-1": said("9"), "tim-1": said("40") };
  const kit = { ...KIT, marking: { ...KIT.marking, "tim-1": { 40: 1, "*": 0, "": 0 } } };
  const group = pupils(2);
  const both = (/** @type {Record<string, Entry>} */ row) => new Map(group.map(({ order }) => [order, sheetWith(row)]));
  assert.deepEqual(doubts(kit, group, both(right)), []);
  assert.deepEqual(doubts(kit, group, both(all(SECOND, noted("blank")))), []);
});

test("a number of another size than any that is known is asked about, a pupil's mistake is not", () => {
  const { group, found } = ask([{ "num-1": said("777") }]);
  assert.equal(found[0] && question(KIT, found[0], group, FR), `Léa, exercice 2, question${NBSP}1${NBSP}: 777. Est-ce bien le nombre écrit${NBSP}?`);
  assert.deepEqual(kinds([{ "num-1": said("70") }]), []);
  assert.deepEqual(kinds([{ "tim-1": said("777") }]), [], "no table, no doubt");
});

test("a reading faster than an adult's is asked about", () => {
  assert.deepEqual(kinds([{ "flu-1": said("121") }]), ["fast"]);
  assert.deepEqual(kinds([{ "flu-1": said("120") }]), []);
});

test("nothing at all of one pupil is asked about when others answered", () => {
  const { group, found } = ask([letters(0), letters(1), all(LETTERS, noted("blank"))]);
  assert.deepEqual(found.map(({ kind }) => kind), ["all-blank"]);
  assert.match((found[0] && question(KIT, found[0], group, FR)) ?? "", /^Zoé.*Est-ce une absence/);
  assert.deepEqual(kinds([all(LETTERS, noted("blank")), all(LETTERS, noted("blank"))]), []);
  assert.deepEqual(kinds([letters(0), all(LETTERS, noted("absent"))]), []);
});

test("a doubt that was answered is not asked again, until another value is doubted", () => {
  const first = ask([{ "num-1": said("777") }]).found;
  const answered = new Set(first.map(({ key }) => key));
  assert.deepEqual(unanswered(ask([{ "num-1": said("777"), "num-2": said("7") }]).found, answered), []);
  assert.equal(unanswered(ask([{ "num-1": said("888") }]).found, answered).length, 1);
});

test("each doubt has a key of its own, the same at each look, and a question in both languages", () => {
  const die = dice(12);
  const marks = [said("A"), said("B"), said("C"), noted("blank"), noted("absent"), said("777"), said("7")];
  let seen = 0;
  for (let round = 0; round < times(300); round += 1) {
    const each = pupils(6).map(() => Object.fromEntries(fieldsOf(KIT).map(({ id, mask }) => [id, mask === "circle" ? (marks[die(round % 5 ? 1 : 5)] ?? said("A")) : (marks[3 + die(4)] ?? said("7"))])));
    const { group, found } = ask(each);
    assert.deepEqual(ask(each).found, found);
    assert.equal(new Set(found.map(({ key }) => key)).size, found.length);
    for (const one of found) for (const tell of [FR, EN]) assert.match(question(KIT, one, group, tell), /\?$/);
    seen += found.length;
  }
  assert.ok(seen > 100, "the law was tried on doubts");
});
