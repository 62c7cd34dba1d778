// SPDX-License-Identifier: AGPL-3.0-or-later
/** A class that is keyed: a stream a pupil, several computers, a network that comes and goes. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";

import { fromBase64, hex } from "../src/core/bytes.js";
import { deriveRaw } from "../src/core/keys.js";
import * as sheets from "../src/core/sheet.js";
import { sittings as newSittings } from "../src/keying/sittings.js";
import * as disk from "../src/saving/disk.js";
import { sender as newSender } from "../src/saving/sender.js";
import { sidIn } from "../src/saving/wire.js";
import { Host, MANIFEST } from "./faults/host.js";
import { codeOf } from "./keying/builders.js";

/** @typedef {import("../src/core/sheet.js").Entry} Entry */
/** @typedef {import("../src/keying/sittings.js").Sittings} Sittings */
/** @typedef {{idb: any, sittings: Sittings, sender: import("../src/saving/sender.js").Sender, conflicts: {order: string, item: string}[]}} Computer */

const all = /** @type {any} */ (globalThis);
all.IDBKeyRange = IDBKeyRange;
all.navigator ??= {}; // an older Node has none
const { setTimeout: later } = globalThis;
// what waits for long (patience, the next calm save) keeps no test waiting
all.setTimeout = (/** @type {() => void} */ act, /** @type {number} */ ms) => (ms >= 2_000 ? later(act, ms).unref() : later(act, ms));

const BUNDLE = "0707070707070707";
const ITEMS = ["a", "b", "c"];
const DIVISION = "8f0e2c5a-3f3b-4d3e-9a51-0c1d2e3f4a5b";
const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);

const PUPILS = ["11", "22", "33"].map((order, at) => ({ order, code: codeOf(at), shown: `Élève ${at}`, level: "CP", bundle: BUNDLE, excused: "" }));

/** @type {Map<string, Host>} by sid */
let hosts;
/** @type {{down: boolean, paths: string[], status: number}} */
let line;
/** @type {Computer[]} */
let computers;

beforeEach(async () => {
  computers = [];
  line = { down: false, paths: [], status: 0 };
  hosts = new Map();
  for (const { code } of PUPILS) {
    const { sid, auth } = await deriveRaw(code, MANIFEST.campaign, MANIFEST.iterations);
    hosts.set(hex(sid), new Host(auth));
  }
  all.fetch = async (/** @type {string} */ path, /** @type {any} */ request) => {
    if (line.down) throw new TypeError("cut");
    line.paths.push(path);
    if (line.status) return Response.json({ what: "Non.", next_step: "Non." }, { status: line.status });
    const sid = path === "/v1/sign-in" ? fromBase64(JSON.parse(request.body).sid) : sidIn(request.body);
    const host = hosts.get(hex(sid));
    if (!host) return Response.json({ what: "Inconnu.", next_step: "" }, { status: 403 });
    const newest = host.newest?.epoch ?? 0;
    const answer = await host.reached(path, request, "whole");
    if (path === "/v1/save" && answer.ok && newest > new Uint8Array(request.body)[41 + 52]) answer.headers.set("encrier-elsewhere", "1");
    return answer;
  };
});

afterEach(() => Promise.all(computers.map(({ sittings }) => sittings.end())));

/** A computer on which the class is open. @param {any} [idb] its disk @param {typeof PUPILS} [pupils] @returns {Promise<Computer>} */
async function computer(idb = new IDBFactory(), pupils = PUPILS) {
  all.indexedDB = idb;
  const db = await disk.open();
  /** @type {{order: string, item: string}[]} */
  const conflicts = [];
  /** @type {import("../src/keying/sittings.js").Sittings | undefined} */
  let sittings;
  const sender = newSender(db, MANIFEST.nodes, (settled) => sittings?.heard(settled));
  const desk = { db, of: { division: DIVISION, key, manifest: MANIFEST }, sender, items: () => ITEMS };
  sittings = newSittings(desk, pupils, {
    changed: () => {},
    conflicts: (order, found) => conflicts.push(...found.map(({ item }) => ({ order, item }))),
  });
  sittings.openAll();
  const made = { idb, sittings, sender, conflicts };
  computers.push(made);
  await until(() => pupils.every(({ order }) => made.sittings.sheetOf(order) || made.sittings.faultOf(order)));
  return made;
}

/** @param {() => unknown} isSo */
async function until(isSo) {
  for (let tries = 0; !isSo(); tries += 1) {
    assert.ok(tries < 500, "it never came");
    await new Promise((done) => later(done, 10));
  }
}

/** @param {Computer} at */
async function sent(at) {
  await at.sittings.send();
  await until(() => at.sittings.state().unsent === 0);
}

/** @param {string} order @returns {Host} */
const hostOf = (order) => [...hosts.values()][PUPILS.findIndex((one) => one.order === order)] ?? new Host();

/** What results would read of a pupil. @param {string} order */
async function opened(order) {
  const { items } = (await hostOf(order).opened()).reduce(sheets.merged, sheets.blank(BUNDLE));
  return Object.fromEntries(Object.entries(items).map(([item, { r, mark }]) => [item, mark ?? r.R?.join()]));
}

/** @param {string} value @returns {Entry} */
const said = (value) => ({ r: { R: [value] } });

test("each pupil has a stream of her own, and what was keyed of her is what results reads", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  one.sittings.key("11", "b", { r: {}, mark: "blank" });
  one.sittings.key("22", "a", { r: {}, mark: "absent" });
  assert.equal(one.sittings.state().unsent, 3);
  await sent(one);
  assert.equal(one.sittings.state().kind, "kept");
  assert.deepEqual(await opened("11"), { a: "1", b: "blank" });
  assert.deepEqual(await opened("22"), { a: "absent" });
  assert.deepEqual(await opened("33"), {}); // who was only looked at costs no save
});

test("what was taken back is open again, and the last save is the one that counts", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  one.sittings.key("11", "a", { r: {}, mark: "open" });
  await sent(one);
  assert.deepEqual(await opened("11"), { a: "open" });
});

test("a reload finds what was keyed, from the host and from this computer", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  line.down = true;
  one.sittings.key("11", "b", said("2"));
  await one.sittings.flush();
  await one.sittings.end();
  const again = await computer(one.idb); // without network
  assert.deepEqual(Object.keys(again.sittings.sheetOf("11")?.items ?? {}), ["a", "b"]);
  assert.equal(again.sittings.state().apart, 3);
  again.sittings.key("11", "c", said("3"));
  line.down = false;
  again.sittings.online();
  await until(() => again.sittings.state().apart === 0);
  await sent(again);
  await again.sender.retry();
  await sent(again);
  assert.deepEqual(await opened("11"), { a: "1", b: "2", c: "3" });
});

test("a second computer takes up what the first keyed, and the first what the second keyed", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  const two = await computer();
  assert.deepEqual(two.sittings.sheetOf("11")?.items.a?.r, { R: ["1"] });
  two.sittings.key("11", "b", said("2"));
  await sent(two);
  one.sittings.key("11", "c", said("3"));
  await sent(one); // its receipt tells that another has saved since
  await until(() => one.sittings.sheetOf("11")?.items.b);
  assert.deepEqual(one.conflicts, []);
  await sent(one);
  assert.deepEqual(await opened("11"), { a: "1", b: "2", c: "3" });
  const third = await computer();
  assert.deepEqual(Object.keys(third.sittings.sheetOf("11")?.items ?? {}).sort(), ["a", "b", "c"], "the newest box has all");
});

test("what was keyed here and shows another value afterwards is told, once", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  const two = await computer();
  two.sittings.key("11", "a", said("9"));
  await sent(two);
  one.sittings.key("11", "b", said("2"));
  await sent(one);
  await until(() => one.conflicts.length > 0);
  assert.deepEqual(one.conflicts, [{ order: "11", item: "a" }]);
  assert.deepEqual(one.sittings.sheetOf("11")?.items.a?.r, { R: ["9"] });
  one.sittings.ask(["11"]);
  await new Promise((done) => later(done, 200));
  assert.equal(one.conflicts.length, 1);
});

test("two computers that key nothing more say nothing more to each other", async () => {
  const one = await computer();
  const two = await computer();
  for (const [at, value] of /** @type {const} */ ([[one, "1"], [two, "2"], [one, "3"], [two, "4"]])) {
    at.sittings.key("11", value === "1" || value === "3" ? "a" : "b", said(value));
    await sent(at);
    await new Promise((done) => later(done, 200));
  }
  await sent(one);
  await sent(two);
  await new Promise((done) => later(done, 300));
  const before = line.paths.filter((path) => path === "/v1/save").length;
  for (const at of [one, two]) await at.sittings.send();
  await new Promise((done) => later(done, 300));
  assert.ok(line.paths.filter((path) => path === "/v1/save").length - before <= 2);
  assert.deepEqual(await opened("11"), { a: "3", b: "4" });
});

test("what is keyed after taking up is later than all that was taken up", async () => {
  const one = await computer();
  const two = await computer();
  two.sittings.key("11", "b", said("2"));
  await sent(two);
  const third = await computer();
  for (const value of ["5", "6", "7"]) third.sittings.key("11", "a", said(value));
  await sent(third);
  one.sittings.key("11", "b", said("3"));
  await sent(one);
  await until(() => one.sittings.sheetOf("11")?.items.a);
  one.sittings.key("11", "a", said("8"));
  await sent(one);
  assert.equal((await opened("11")).a, "8");
});

test("who is not awaited, too early or too late cannot be keyed, and the page knows why", async () => {
  const stranger = { ...PUPILS[0], order: "99", code: codeOf(9) };
  const one = await computer(new IDBFactory(), [/** @type {any} */ (stranger)]);
  assert.equal(one.sittings.faultOf("99"), "unknown");
  for (const [status, fault] of /** @type {const} */ ([[425, "early"], [423, "closed"]])) {
    line.status = status;
    const two = await computer();
    await until(() => two.sittings.faultOf("11"));
    assert.equal(two.sittings.faultOf("11"), fault);
    two.sittings.key("11", "a", said("1"));
    assert.deepEqual(two.sittings.sheetOf("11")?.items, {});
  }
});

test("a code that was exchanged gives its own keys, though others were kept for the pupil", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  await one.sittings.end();
  const swapped = PUPILS.map((pupil, at) => ({ ...pupil, code: PUPILS[(at + 1) % PUPILS.length]?.code ?? "" }));
  const two = await computer(one.idb, swapped);
  assert.deepEqual(two.sittings.sheetOf("11")?.items, {});
  assert.deepEqual(Object.keys(two.sittings.sheetOf("33")?.items ?? {}), ["a"]);
});

test("boxes of the class go when it is closed on this computer", async () => {
  const one = await computer();
  one.sittings.key("11", "a", said("1"));
  await sent(one);
  await one.sittings.end();
  await one.sittings.forget();
  line.down = true;
  const again = await computer(one.idb);
  assert.deepEqual(again.sittings.sheetOf("11")?.items, {});
});

test("by random turns of three computers and cuts of the network, nothing that was keyed last is lost", async () => {
  let seed = 11;
  const chance = (/** @type {number} */ below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const three = [await computer(), await computer(), await computer()];
  /** @type {Map<string, Set<string>>} every value that was keyed of an item */
  const given = new Map();
  for (let turn = 0; turn < 60; turn += 1) {
    line.down = chance(4) === 0;
    const at = /** @type {Computer} */ (three[chance(3)]);
    const [order, item] = [/** @type {string} */ (PUPILS[chance(3)]?.order), /** @type {string} */ (ITEMS[chance(3)])];
    at.sittings.key(order, item, said(`${turn}`));
    given.set(`${order}/${item}`, (given.get(`${order}/${item}`) ?? new Set()).add(`${turn}`));
    if (chance(3) === 0) await at.sittings.send();
    await new Promise((done) => later(done, 5));
  }
  line.down = false;
  for (let round = 0; round < 3; round += 1) {
    for (const at of three) {
      await at.sender.retry();
      at.sittings.openAll(); // as a page does by and by
      await new Promise((done) => later(done, 300));
      await sent(at);
    }
  }
  for (const [name, values] of given) {
    const [order = "", item = ""] = name.split("/");
    const kept = (await opened(order))[item] ?? "";
    assert.ok(values.has(kept), `${name}: ${kept}`);
  }
  const last = await computer();
  for (const { order } of PUPILS) {
    const shown = Object.fromEntries(Object.entries(last.sittings.sheetOf(order)?.items ?? {}).map(([item, { r }]) => [item, r.R?.join()]));
    assert.deepEqual(shown, await opened(order), "what the next computer shows is what results reads");
  }
});
