// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is said of a class while it is keyed: filled, missing, doubted, keyed twice, taken up, grouped. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { blank, keyed } from "../src/core/sheet.js";
import { fieldsOf } from "../src/keying/kit.js";
import * as double from "../src/keying/rules/double.js";
import { OPEN, entryCalled, entryOf, isSaid } from "../src/keying/rules/entries.js";
import { column, fieldsIn, marked, repeated, toldBefore, unmarked } from "../src/keying/rules/filling.js";
import * as groups from "../src/keying/rules/groups.js";
import { gaps, progressOf, progressOfClass, sentence } from "../src/keying/rules/missing.js";
import * as takingUp from "../src/keying/rules/taking-up.js";
import { TELL as EN } from "../src/keying/strings/en.js";
import { TELL as FR } from "../src/keying/strings/fr.js";
import { BUNDLE, HAND, KIT, all, dice, fieldOf, noted, pupils, said, sheetWith, times } from "./keying/builders.js";

/** @typedef {import("../src/keying/rules/entries.js").Entry} Entry */

const COUNTING = fieldsOf(KIT).map(({ id }) => id).filter((id) => id !== "tim-1");
/** What has been said of everything. @returns {Record<string, Entry>} */
const whole = () => all(COUNTING, noted("blank"));
/** @param {Record<string, Entry>} entries @param {string[]} items */
const without = (entries, items) => Object.fromEntries(Object.entries(entries).filter(([item]) => !items.includes(item)));
/** @param {ReturnType<typeof pupils>} of @param {Record<string, Entry>[]} each */
const sheetsOf = (of, each) => new Map(of.map(({ order }, at) => [order, sheetWith(each[at] ?? {})]));

const NBSP = "\u00a0";

test("the last entry is repeated where it means the same, in the field's own name", () => {
  assert.deepEqual(repeated({ field: fieldOf("let-1"), entry: said("B") }, fieldOf("let-2")), said("B"));
  assert.equal(repeated({ field: fieldOf("let-1"), entry: said("B") }, fieldOf("wrd-1")), null, "other choices");
  assert.deepEqual(repeated({ field: fieldOf("let-1"), entry: noted("blank") }, fieldOf("num-1")), noted("blank"));
  assert.equal(repeated({ field: fieldOf("let-1"), entry: OPEN }, fieldOf("let-2")), null);
  assert.equal(repeated({ field: fieldOf("flu-1"), entry: said("9") }, fieldOf("flu-1")), null);
  const other = { ...fieldOf("let-2"), response: "OTHER" };
  const struck = { r: { RESPONSE: ["B"], "RESPONSE.struck": ["A"] } };
  assert.deepEqual(repeated({ field: fieldOf("let-1"), entry: struck }, other)?.r, { OTHER: ["B"], "OTHER.struck": ["A"] });
});

test("a column is filled where nothing was said, and over what was said only when asked", () => {
  const group = pupils(3);
  const sheets = sheetsOf(group, [{ "let-1": said("C") }, { "let-1": noted("open") }]);
  const gentle = column({ item: "let-1", entry: said("A"), over: false }, group, sheets);
  assert.deepEqual(gentle.map(({ order }) => order), [group[1]?.order, group[2]?.order]);
  const over = column({ item: "let-1", entry: said("A"), over: true }, group, sheets);
  assert.deepEqual(over.map(({ before }) => before), [said("C"), OPEN, OPEN]);
});

test("what a fill would change is told before, for whom, and what it replaces", () => {
  const group = pupils(2);
  const sheets = sheetsOf(group, [{ "let-1": said("C") }]);
  const over = column({ item: "let-1", entry: said("A"), over: true }, group, sheets);
  assert.equal(toldBefore(over, group, FR), `2${NBSP}réponses changent, pour Léa et Tom. 1${NBSP}réponse déjà saisie est remplacée.`);
  assert.equal(toldBefore(over.slice(1), group, EN), `1${NBSP}answer changes, for Tom. What is keyed already does not change.`);
  assert.equal(toldBefore([], group, FR), `Rien ne change${NBSP}: tout est déjà saisi.`);
});

test("an absence covers an exercise, a sequence or all, and is taken back alone", () => {
  const [{ order }] = pupils(1);
  const extents = /** @type {const} */ ([{ exercise: "e2" }, { sequence: "s2" }, "all"]);
  assert.deepEqual(extents.map((extent) => fieldsIn(KIT, extent).length), [3, 14, 27]);
  let sheet = sheetWith({ "num-1": said("7") });
  const row = { order, mark: /** @type {const} */ ("absent"), over: false };
  for (const { item, after } of marked(KIT, { exercise: "e2" }, { ...row, sheets: new Map([[order, sheet]]) })) sheet = keyed(sheet, item, after, HAND);
  assert.deepEqual(["num-1", "num-2", "num-3"].map((item) => entryOf(sheet, item)), [said("7"), noted("absent"), noted("absent")]);
  for (const { item, after } of unmarked(KIT, "all", { ...row, sheets: new Map([[order, sheet]]) })) sheet = keyed(sheet, item, after, HAND);
  assert.deepEqual(["num-1", "num-2", "let-1"].map((item) => isSaid(entryOf(sheet, item))), [true, false, false]);
});

test("what is missing is told with the first name and the exercise", () => {
  const [lea] = pupils(1);
  assert.ok(lea);
  const sheets = sheetsOf([lea], [without(whole(), ["num-1", "num-2"])]);
  const missing = gaps(KIT, [lea], sheets);
  assert.deepEqual(missing.map(({ items }) => items), [["num-1", "num-2"]]);
  assert.equal(sentence(KIT, missing, FR), `Il manque 2${NBSP}réponses${NBSP}: Léa, exercice 2.`);
  assert.equal(sentence(KIT, missing, EN), `2${NBSP}answers are missing: Léa, exercice 2.`);
});

test("who has no name in the ring is told by her number, and exercises of one title by their sequence", () => {
  const pupil = { order: "12", shown: "" };
  const missing = gaps(KIT, [pupil], sheetsOf([pupil], [without(whole(), ["let-1", "wrd-2"])]));
  assert.equal(sentence(KIT, missing, FR), `Il manque 2${NBSP}réponses${NBSP}: n°${NBSP}12, exercice 1 (Séquence 1) et exercice 1 (Séquence 2).`);
});

test("of many pupils the first ones are named and the others counted", () => {
  const group = pupils(6);
  const said_ = sentence(KIT, gaps(KIT, group, sheetsOf(group, [whole()])), FR);
  assert.equal(said_, `Il manque ${5 * COUNTING.length}${NBSP}réponses${NBSP}: Tom, tout le cahier${NBSP}; Zoé, tout le cahier${NBSP}; Nour, tout le cahier${NBSP}; et 2${NBSP}autres élèves.`);
});

test("progress counts what is said, absences too, and nothing is missing at the end", () => {
  const group = pupils(2);
  const sheets = sheetsOf(group, [without({ ...whole(), "let-1": noted("absent") }, ["num-1"]), whole()]);
  assert.deepEqual(progressOf(KIT, sheets.get(group[0]?.order ?? "")), { said: COUNTING.length - 1, of: COUNTING.length });
  assert.deepEqual(progressOfClass(KIT, group, sheets), { said: 2 * COUNTING.length - 1, of: 2 * COUNTING.length });
  assert.equal(sentence(KIT, gaps(KIT, group.slice(1), sheets), FR), `Tout est saisi${NBSP}: il ne manque rien.`);
});

test("progress and gaps always make up the whole booklet", () => {
  const die = dice(4);
  for (let round = 0; round < times(500); round += 1) {
    const kept = COUNTING.filter(() => die(3) > 0);
    const [pupil] = pupils(1);
    const sheets = sheetsOf(pupil ? [pupil] : [], [all(kept, die(2) ? said("A") : noted("left"))]);
    const missing = gaps(KIT, pupil ? [pupil] : [], sheets).flatMap(({ items }) => items);
    assert.deepEqual([...kept, ...missing].sort(), [...COUNTING].sort());
  }
});

test("an entry is read as the paper shows it", () => {
  const field = fieldOf("shp-3");
  assert.equal(entryCalled(field, said("A", "C"), FR), `«${NBSP}mot 1${NBSP}» et «${NBSP}mot 3${NBSP}»`);
  assert.equal(entryCalled(field, { ...said("A"), mark: "adapted" }, EN), "“mot 1” (adapted version)");
  assert.equal(entryCalled(field, noted("adapted"), FR), "sans réponse (version adaptée)");
  assert.equal(entryCalled(field, { r: { "RESPONSE.struck": ["A"] } }, FR), "sans réponse");
  assert.equal(entryCalled(field, OPEN, FR), "rien de saisi");
});

test("the draw of a second entry depends on the seed and not on the order of the list", async () => {
  const orders = pupils(25).map(({ order }) => order);
  const drawn = await double.sample(orders, "campaign/class", 0.1);
  assert.equal(drawn.length, 3);
  assert.deepEqual(new Set(await double.sample([...orders].reverse(), "campaign/class", 0.1)), new Set(drawn));
  assert.notDeepEqual(await double.sample(orders, "campaign/other", 0.1), drawn);
});

test("two pupils at least are drawn, and all of a class of one", async () => {
  const orders = pupils(25).map(({ order }) => order);
  assert.equal((await double.sample(orders, "seed", 0)).length, 2);
  assert.equal((await double.sample(orders.slice(0, 1), "seed", 0.1)).length, 1);
  assert.equal((await double.sample(orders, "seed", 1)).length, 25);
});

test("a class that gains a pupil keeps those who were drawn, but one at most", async () => {
  const orders = pupils(26).map(({ order }) => order);
  const before = await double.sample(orders.slice(1), "seed", 0.2);
  const after = await double.sample(orders, "seed", 0.2);
  assert.ok(before.filter((order) => !after.includes(order)).length <= 1);
});

test("second entries agree or are told apart, without what counts for nothing", () => {
  const [lea] = pupils(1);
  assert.ok(lea);
  const sheets = sheetsOf([lea], [{
    "let-1": said("A"), "let-1~2": { r: { RESPONSE: ["A"], "RESPONSE.struck": ["B"] } },
    "let-2": noted("blank"), "let-2~2": { r: { "RESPONSE.struck": ["B"] } },
    "let-3": said("A"), "let-3~2": said("B"),
    "let-4": said("A"), "num-1~2": said("4"), "flu-1": said("9"), "flu-1~2": said("8"),
  }]);
  const agreed = double.agreement(KIT, sheets);
  assert.deepEqual([agreed.compared, agreed.equal], [3, 2]);
  const [difference] = agreed.differences;
  assert.ok(difference);
  assert.deepEqual(difference, { order: lea.order, item: "let-3", first: said("A"), second: said("B") });
  assert.equal(double.question(KIT, difference, [lea], FR),
    `Léa, exercice 1 (Séquence 1), question${NBSP}3${NBSP}: «${NBSP}mot 1${NBSP}» à la première saisie, «${NBSP}mot 2${NBSP}» à la deuxième. Qu’y a-t-il sur le cahier${NBSP}?`);
  assert.equal(double.sentence(agreed, EN), `Second entry: 2${NBSP}answers are the same out of 3. Look at the booklet again for 1${NBSP}answer.`);
});

test("a difference that is settled is none any more, whichever was right", () => {
  const [lea] = pupils(1);
  assert.ok(lea);
  for (const chosen of /** @type {const} */ (["first", "second"])) {
    let sheet = sheetWith({ "let-3": said("A"), "let-3~2": said("B") });
    const [difference] = double.agreement(KIT, new Map([[lea.order, sheet]])).differences;
    assert.ok(difference);
    for (const { item, after } of double.settled(difference, chosen)) sheet = keyed(sheet, item, after, HAND);
    assert.deepEqual(double.agreement(KIT, new Map([[lea.order, sheet]])).differences, []);
    assert.deepEqual(entryOf(sheet, "let-3"), chosen === "first" ? said("A") : said("B"));
  }
});

test("a second entry is awaited of everything but a reading", () => {
  const sheet = sheetWith({ "let-1~2": said("A"), "let-2": said("A") });
  const awaited = double.awaitedTwice(KIT, sheet).map(({ id }) => id);
  assert.equal(awaited.length, fieldsOf(KIT).length - 2);
  assert.ok(awaited.includes("let-2") && !awaited.includes("let-1") && !awaited.includes("flu-1"));
});

test("what another computer keyed over mine is told, the rest is just taken up", () => {
  const THEIR_HAND = { epoch: 1, stream: "bbbbbbbbbbbbbbbb" };
  const mine = sheetWith({ "let-1": said("A"), "let-2": said("A"), "let-3": said("A") });
  let theirs = keyed(blank(BUNDLE), "let-1", said("B"), THEIR_HAND);
  theirs = keyed(theirs, "let-2", said("A"), THEIR_HAND);
  theirs = keyed(theirs, "num-1", said("7"), THEIR_HAND);
  const taken = takingUp.takenUp(mine, theirs, new Set(["let-1", "let-2"]));
  assert.deepEqual(taken.changed.sort(), ["let-1", "num-1"]);
  assert.deepEqual(taken.conflicts, [{ item: "let-1", mine: said("A"), theirs: said("B") }]);
  assert.deepEqual(entryOf(taken.sheet, "let-3"), said("A"), "what they did not key stays");
  const [conflict] = taken.conflicts;
  assert.ok(conflict);
  assert.equal(takingUp.sentence(KIT, conflict, { order: "1", shown: "Léa" }, FR),
    `Léa, exercice 1 (Séquence 1), question${NBSP}1${NBSP}: vous aviez saisi «${NBSP}mot 1${NBSP}»${NBSP}; un autre ordinateur a saisi depuis «${NBSP}mot 2${NBSP}», qui est gardé. Vérifiez sur le cahier.`);
});

test("a correction that is newer than theirs stands, and is no conflict here", () => {
  const theirs = keyed(blank(BUNDLE), "let-1", said("B"), HAND);
  const mine = keyed(theirs, "let-1", said("A"), { epoch: 1, stream: "bbbbbbbbbbbbbbbb" });
  assert.deepEqual(takingUp.takenUp(mine, theirs, new Set(["let-1"])), { sheet: mine, changed: [], conflicts: [] });
});

test("pupils are grouped domain by domain, those who need help in the most come first", () => {
  const group = pupils(4);
  const letters = ["let-1", "let-2", "let-3", "let-4", "let-5", "let-6"];
  const numbers = ["num-1", "num-2", "num-3"];
  const sheets = sheetsOf(group, [
    all(letters, said("A")),
    { ...all(letters, said("A")), ...all(numbers, noted("blank")) },
    { ...all(letters, noted("blank")), ...all(numbers, noted("blank")) },
    all(letters, noted("absent")),
  ]);
  const table = groups.table(KIT, group, sheets);
  assert.deepEqual(table.rows.map(({ pupil }) => pupil.shown), ["Zoé", "Tom", "Léa", "Nour"]);
  const [column_] = table.columns;
  assert.ok(column_);
  assert.deepEqual(Object.values(column_.members).map((members) => members.map(({ shown }) => shown)), [["Zoé"], [], ["Léa", "Tom"], ["Nour"]]);
  assert.equal(groups.counted(column_, FR), `1${NBSP}à besoins, 2${NBSP}satisfaisants, 1${NBSP}sans groupe`);
  assert.equal(groups.counted(column_, EN), `1${NBSP}needs support, 2${NBSP}satisfactory, 1${NBSP}without a group`);
});

test("each pupil of each domain is in one column, and has a next step or the reason why not", () => {
  const die = dice(6);
  const marks = [said("A"), said("B"), noted("blank"), noted("absent"), OPEN];
  for (let round = 0; round < times(200); round += 1) {
    const group = pupils(5);
    const sheets = sheetsOf(group, group.map(() => Object.fromEntries(COUNTING.map((item) => [item, marks[die(5)] ?? OPEN]))));
    const { columns, rows } = groups.table(KIT, group, sheets);
    for (const { members } of columns) assert.equal(Object.values(members).flat().length, 5);
    assert.equal(new Set(rows.map(({ pupil }) => pupil.order)).size, 5);
    for (const result of rows.flatMap((row) => row.results)) assert.ok(groups.nextStep(result, FR).length > 5);
  }
});

test("the next step is that of the group", () => {
  const [result] = groups.table(KIT, pupils(1), sheetsOf(pupils(1), [all(["let-1", "let-2", "let-3", "let-4", "let-5", "let-6"], said("A"))])).rows[0]?.results ?? [];
  assert.ok(result);
  assert.equal(groups.nextStep(result, FR), "lettres satisfaisant");
});
