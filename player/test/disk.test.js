// SPDX-License-Identifier: AGPL-3.0-or-later
/** What stays on a computer, what is forgotten, and what memory holds where there is no disk. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";

import * as disk from "../src/saving/disk.js";

const all = /** @type {any} */ (globalThis);
all.IDBKeyRange = IDBKeyRange;
const DAY = 86_400_000;
const NOW = 1_800_000_000_000; // by the host
/** @param {string} stream @param {number} seq */
const entry = (stream, seq) => ({ stream, seq, kind: 1, body: new Uint8Array([seq]) });
/** @param {string} sid @param {string} stream @param {number} at */
const box = (sid, stream, at) => ({ sid, stream, epoch: 0, seq: 0, at, box: new Uint8Array([1]) });
/** @param {disk.Disk} db */
const names = async (db) => (await disk.entries(db)).map(disk.nameOf).sort();

/** A computer nobody has used. */
function fresh() {
  all.indexedDB = new IDBFactory();
  return disk.open();
}

test("a newer save takes the place of the older ones of its stream, and of no other", async () => {
  const db = await fresh();
  for (const [stream, seq] of /** @type {[string, number][]} */ ([["a", 0], ["a", 1], ["b", 0], ["a", 2]])) {
    assert.equal(await disk.keep(db, entry(stream, seq), box("s", stream, NOW)), true);
  }
  assert.deepEqual(await names(db), ["a/2", "b/0"]);
  assert.deepEqual(await names(await disk.open()), ["a/2", "b/0"]); // as a later page finds it
});

test("boxes are forgotten a day later by the host's clock, but not while their save waits", async () => {
  const db = await fresh();
  const old = NOW - DAY - 1;
  for (const [sid, at] of /** @type {[string, number][]} */ ([["sent", old], ["waiting", old], ["young", NOW - DAY + 1], ["ahead", NOW + 9 * DAY]])) {
    await disk.keep(db, entry(sid, 0), box(sid, sid, at));
  }
  await disk.drop(db, [entry("sent", 0), entry("young", 0), entry("ahead", 0)]);
  await disk.forgetOld(db, NOW);
  const later = await disk.open();
  const left = [];
  for (const sid of ["sent", "waiting", "young", "ahead"]) if (await disk.boxOf(later, sid)) left.push(sid);
  assert.deepEqual(left, ["waiting", "young", "ahead"]);
});

test("what was kept before the host said the time is counted from when it did", async () => {
  const db = await fresh();
  await disk.keep(db, entry("a", 0), box("s", "a", 0));
  await disk.drop(db, [entry("a", 0)]);
  for (const [now, left] of /** @type {[number, boolean][]} */ ([[0, true], [NOW, true], [NOW + DAY - 1, true], [NOW + DAY + 1, false]])) {
    await disk.forgetOld(db, now);
    assert.equal((await disk.boxOf(await disk.open(), "s")) !== undefined, left);
  }
});

test("where the browser gives no disk, memory holds the saves, and the disk has them once it does", async () => {
  const factory = new IDBFactory();
  Object.defineProperty(all, "indexedDB", { configurable: true, writable: true, value: undefined });
  const db = await disk.open();
  assert.equal(await disk.keep(db, entry("a", 0), box("s", "a", NOW)), false);
  assert.deepEqual([db.safe, await names(db)], [false, ["a/0"]]);
  assert.equal((await disk.boxOf(db, "s"))?.stream, "a");
  all.indexedDB = factory;
  db.againMs = 0; // the next time it is asked
  assert.equal(await disk.settle(db), true);
  assert.deepEqual([db.safe, await names(await disk.open())], [true, ["a/0"]]);
});
