// SPDX-License-Identifier: AGPL-3.0-or-later
/** What stays on a computer after its receipt: until when, what of it, and where it goes again. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";

import { base64, big, concat, hex } from "../src/core/bytes.js";
import * as disk from "../src/saving/disk.js";
import { look } from "../src/saving/drained.js";
import * as kept from "../src/saving/kept.js";
import { sender as newSender } from "../src/saving/sender.js";
import { packSave } from "../src/saving/wire.js";
import { Host, MANIFEST, SID, AUTH } from "./faults/host.js";

const all = /** @type {any} */ (globalThis);
all.IDBKeyRange = IDBKeyRange;
all.navigator ??= {}; // an older Node has none
const [OLD, NEW] = ["0123456789abcdef", "fedcba9876543210"];
const NODE = /** @type {any} */ (MANIFEST.nodes[0]).node;
const BOX = new TextEncoder().encode("a box that the code opens");
const manifest = async () => MANIFEST;

/** @type {{host: Host, store: string, drained: number, paths: string[], down: boolean, routed: boolean}} */
let there;

beforeEach(() => {
  all.indexedDB = new IDBFactory();
  there = { host: new Host(), store: OLD, drained: 0, paths: [], down: false, routed: true };
  all.fetch = async (/** @type {string} */ path, /** @type {any} */ request) => {
    there.paths.push(path);
    if (there.down) throw new TypeError("cut");
    if (path === "/v1/drained") {
      const said = { store: base64(Buffer.from(there.store, "hex")), node: base64(NODE), drained: there.drained };
      return there.routed ? Response.json(said) : new Response("", { status: 404 });
    }
    const answer = await there.host.reached(path, request, "whole");
    answer.headers.set("encrier-kept", `${there.store} ${there.host.nRequests}`);
    return answer;
  };
});

/** @param {number} n @param {number} seq @param {Uint8Array} campaign */
function sealed(n, seq = 0, campaign = MANIFEST.campaign) {
  const head = concat(new Uint8Array(12), campaign, SID, new Uint8Array(8).fill(n), big(0, 1), big(seq, 4), big(1, 1), new Uint8Array(9));
  return concat(head, new Uint8Array(64).fill(n));
}

/** A save of stream n, sent by the page that made it. @param {number[]} streams @param {number} [seq] */
async function sent(streams, seq = 0) {
  const db = await disk.open();
  for (const n of streams) {
    const envelope = sealed(n, seq);
    const entry = { stream: hex(envelope.slice(44, 52)), seq, kind: 1, body: packSave({ auth: AUTH, unsent: 3, envelope, box: BOX }) };
    await disk.keep(db, entry, { sid: hex(SID), stream: entry.stream, epoch: 0, seq, at: 0, box: BOX });
  }
  await newSender(db, MANIFEST.nodes, () => {}).kick();
  await new Promise((done) => setTimeout(done, 20)); // what is kept beside it, nobody waits for
  return db;
}

const streams = async () => (await kept.all()).map(({ stream }) => stream.slice(0, 2)).sort();
/** @param {Set<string>} [refused] */
const turn = (refused = new Set()) => look(manifest, refused, 0);

test("a save is kept after its receipt, as sealed bytes under their proof alone", async () => {
  const db = await sent([1, 2]);
  assert.deepEqual(await disk.entries(db), []);
  assert.deepEqual(await streams(), ["01", "02"]); // and a later page finds them
  for (const one of await kept.all()) {
    const bytes = Buffer.from(one.body);
    assert.equal(bytes.subarray(0, 3).toString(), "SV2");
    assert.ok(!bytes.includes(Buffer.from(AUTH)) && !bytes.includes(Buffer.from(BOX)));
    assert.deepEqual(Object.keys(one).sort(), ["body", "pair", "rank", "receipt", "seq", "store", "stream"]);
  }
});

test("the newest save of a stream takes the place of the older", async () => {
  await sent([1]);
  await sent([1], 4);
  assert.deepEqual((await kept.all()).map(({ seq }) => seq), [4]);
});

test("what the ministry has is forgotten, and no more", async () => {
  await sent([1, 2]);
  there.drained = 1;
  await turn();
  assert.deepEqual(await streams(), ["02"]);
  there.drained = 2;
  await turn();
  assert.deepEqual(await streams(), []);
  there.paths = [];
  await turn();
  assert.deepEqual(there.paths, []); // nothing is kept: nobody is asked
});

test("a host that lost its disk is sent everything again, once, and has the same bytes", async () => {
  await sent([1, 2]);
  there.host = new Host();
  there.store = NEW;
  await turn();
  assert.deepEqual([...there.host.streams.values()].map(({ envelope }) => envelope), [sealed(1), sealed(2)]);
  assert.deepEqual((await kept.all()).map(({ store }) => store), [NEW, NEW]);
  there.paths = [];
  await turn();
  assert.deepEqual(there.paths, ["/v1/drained"]);
});

test("a new disk that cannot be reached half way gets the rest at the next turn", async () => {
  await sent([1, 2]);
  there.host = new Host();
  there.store = NEW;
  const whole = all.fetch;
  all.fetch = (/** @type {string} */ path, /** @type {any} */ request) => {
    there.down = there.host.streams.size > 0;
    return whole(path, request);
  };
  await assert.rejects(turn());
  assert.equal(there.host.streams.size, 1);
  all.fetch = whole;
  there.down = false;
  await turn();
  assert.deepEqual((await kept.all()).map(({ store }) => store), [NEW, NEW]);
});

test("a host that refuses it, or shows no true receipt, is not asked again by this page", async () => {
  await sent([1]);
  there.store = NEW;
  const whole = all.fetch;
  const refused = new Set();
  for (const answer of [Response.json({ what: "Fermé.", next_step: "Non." }, { status: 423 }), new Response(new Uint8Array(157), { headers: { "content-type": "application/octet-stream" } })]) {
    refused.clear();
    all.fetch = async (/** @type {string} */ path, /** @type {any} */ request) => (path === "/v1/save" ? answer : whole(path, request));
    await turn(refused);
    assert.equal(refused.size, 1);
    assert.deepEqual((await kept.all()).map(({ store }) => store), [OLD]);
  }
});

test("a host of an older release, or none, costs nothing", async () => {
  await sent([1]);
  there.routed = false;
  await turn();
  there.down = true;
  await turn();
  assert.deepEqual(await streams(), ["01"]);
});

test("what is of another campaign is not sent, and what is open in a window is left to it", async () => {
  await sent([1]);
  const [one] = await kept.all();
  assert.ok(one);
  const said = { store: NEW, node: NODE, drained: 9 };
  const here = { now: 0, campaign: MANIFEST.campaign, open: new Set() };
  assert.deepEqual(kept.parted([one], said, here).lost, [one]);
  assert.deepEqual(kept.parted([one], said, { ...here, campaign: new Uint8Array(16).fill(9) }), { gone: [], lost: [] });
  assert.deepEqual(kept.parted([one], said, { ...here, open: new Set([one.stream]) }), { gone: [], lost: [] });
  const other = { store: OLD, node: new Uint8Array(4).fill(9), drained: 9 };
  assert.deepEqual(kept.parted([one], other, here), { gone: [], lost: [] }); // another node's ranks
});

test("room and time are bounded, the oldest goes first", () => {
  /** @param {number} minute @param {number} size */
  const one = (minute, size = 200) => {
    const receipt = concat(new Uint8Array(81), big(minute, 4), NODE, new Uint8Array(68));
    return { stream: String(minute), seq: 0, body: new Uint8Array(size), receipt, store: OLD, rank: 5 };
  };
  const said = { store: OLD, node: NODE, drained: 0 };
  const here = { now: 0, campaign: MANIFEST.campaign, open: new Set() };
  const many = Array.from({ length: 70 }, (_, n) => one(1_000 + n));
  assert.deepEqual(kept.parted(many, said, here).gone.map(({ stream }) => stream), ["1005", "1004", "1003", "1002", "1001", "1000"]);
  const large = [one(1), one(2, 5 << 20), one(3, 4 << 20)];
  assert.deepEqual(kept.parted(large, said, here).gone.map(({ stream }) => stream), ["2", "1"]);
  const month = 30 * 24 * 60;
  assert.deepEqual(kept.parted([one(9), one(11)], said, { ...here, now: 60_000 * (month + 10) }).gone.map(({ stream }) => stream), ["9"]);
});

test("where nothing can be kept, or the disk is full, the sitting goes on as before", async () => {
  await sent([1]);
  const db = await disk.open();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  try {
    const envelope = sealed(2);
    const entry = { stream: hex(envelope.slice(44, 52)), seq: 0, kind: 1, body: packSave({ auth: AUTH, unsent: 0, envelope, box: BOX }) };
    assert.equal(await disk.keep(db, entry, { sid: hex(SID), stream: entry.stream, epoch: 0, seq: 0, at: 0, box: BOX }), false);
    await newSender(db, MANIFEST.nodes, () => {}).kick();
    assert.equal(there.host.streams.size, 2); // it left from memory
    assert.deepEqual([await streams(), db.safe], [[], true]); // and what was kept gave its room
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  all.indexedDB = { open: () => { throw new Error("refused"); } };
  await sent([3]);
  await assert.rejects(turn());
});
