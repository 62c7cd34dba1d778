// SPDX-License-Identifier: AGPL-3.0-or-later
/** The ring of a class: the secret of a link opens it, nothing else does, and this computer keeps it closed. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";

import * as boxes from "../src/core/boxes.js";
import { base64, utf8 } from "../src/core/bytes.js";
import { confirmed } from "../src/keying/confirmed.js";
import { NoRing, context, keyIn, open, takeFragment } from "../src/keying/ring.js";
import * as store from "../src/keying/store.js";

const all = /** @type {any} */ (globalThis);
all.IDBKeyRange = IDBKeyRange;
const DIVISION = "8f0e2c5a-3f3b-4d3e-9a51-0c1d2e3f4a5b";
const CAMPAIGN = new Uint8Array(16).fill(1);
const SECRET = new Uint8Array(32).fill(0xfb);
const WRITTEN = base64(SECRET).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const OTHER = base64(new Uint8Array(32).fill(2));
const RING = {
  v: 1, campaign: base64(CAMPAIGN), division: DIVISION, label: "CP A", school: "École", closes_at: "2026-09-28T18:00:00+02:00",
  pupils: [{ order: "62826356", code: "BRTKMWZDHNPS", shown: "Léa M.", level: "CP", bundle: "27ff917cdd7f6847", excused: "" }],
};

/** @type {() => Promise<Response>} */
let answer;

beforeEach(async () => {
  all.indexedDB = new IDBFactory();
  await store.forget(DIVISION);
  const closed = await boxes.close(utf8(JSON.stringify(RING)), /** @type {CryptoKey} */ (await keyIn(WRITTEN)), context(CAMPAIGN, DIVISION));
  answer = async () => new Response(closed);
  all.fetch = (/** @type {string} */ url) => {
    assert.equal(url, `/saisie/${DIVISION}/anneau`);
    return answer();
  };
});

const cut = () => Promise.reject(new TypeError("cut"));
/** @param {string} why */
const refusedFor = (why) => (/** @type {unknown} */ fault) => fault instanceof NoRing && fault.why === why;

test("the secret of the link opens the ring, and leaves the address at once", async () => {
  const history = [""];
  all.location = { hash: `#${WRITTEN}`, pathname: "/saisie/x/" };
  all.history = { replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ to) => history.push(to) };
  const written = takeFragment();
  assert.deepEqual([written, history], [WRITTEN, ["", "/saisie/x/"]]);
  const { ring } = await open(DIVISION, CAMPAIGN, written);
  assert.deepEqual(ring.pupils.map(({ shown, code }) => [shown, code]), [["Léa M.", "BRTKMWZDHNPS"]]);
});

test("no script reads the key back, and the ring lies closed on the disk", async () => {
  const { key } = await open(DIVISION, CAMPAIGN, WRITTEN);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
  const kept = await store.classOf(DIVISION);
  assert.equal(kept?.key.extractable, false);
  assert.ok(!Buffer.from(kept?.ring ?? []).includes("Léa"));
});

test("a reload needs no link, with the network and without", async () => {
  await open(DIVISION, CAMPAIGN, WRITTEN);
  assert.equal((await open(DIVISION, CAMPAIGN, "")).ring.label, "CP A");
  answer = cut;
  assert.equal((await open(DIVISION, CAMPAIGN, "")).ring.label, "CP A");
  answer = async () => new Response("", { status: 500 });
  assert.equal((await open(DIVISION, CAMPAIGN, "")).ring.label, "CP A");
});

test("without the link, or with another, nothing opens", async () => {
  await assert.rejects(open(DIVISION, CAMPAIGN, ""), refusedFor("link"));
  await assert.rejects(open(DIVISION, CAMPAIGN, OTHER), refusedFor("link"));
  await assert.rejects(open(DIVISION, CAMPAIGN, "AAAA"), refusedFor("link"));
  await assert.rejects(open(DIVISION, CAMPAIGN, "é"), refusedFor("link"));
});

test("a ring of another class or campaign does not open", async () => {
  const other = DIVISION.replace("8", "9");
  all.fetch = () => answer();
  await assert.rejects(open(other, CAMPAIGN, WRITTEN), refusedFor("link"));
  await assert.rejects(open(DIVISION, new Uint8Array(16), WRITTEN), refusedFor("link"));
});

test("a class that is no longer hers does not open, whatever this computer holds", async () => {
  await open(DIVISION, CAMPAIGN, WRITTEN);
  for (const status of [403, 404]) {
    answer = async () => new Response("", { status });
    await assert.rejects(open(DIVISION, CAMPAIGN, ""), refusedFor("gone"));
  }
});

test("a link that is followed without network serves once there is one", async () => {
  const whole = answer;
  answer = cut;
  await assert.rejects(open(DIVISION, CAMPAIGN, WRITTEN), refusedFor("cut"));
  answer = whole;
  assert.equal((await open(DIVISION, CAMPAIGN, "")).ring.label, "CP A");
});

test("what is forgotten is gone, and other classes stay", async () => {
  const { key } = await open(DIVISION, CAMPAIGN, WRITTEN);
  const next = DIVISION.replace("8", "9");
  await store.keepClass(next, { key, ring: null });
  await (await confirmed(DIVISION, key)).add("far:ma-n-01:6000:62826356");
  assert.deepEqual([...(await confirmed(DIVISION, key)).all()], ["far:ma-n-01:6000:62826356"]);
  assert.ok(!Buffer.from((await store.confirmedOf(DIVISION)) ?? []).includes("6000"));
  await store.forget(DIVISION);
  assert.deepEqual([await store.classOf(DIVISION), await store.confirmedOf(DIVISION)], [undefined, undefined]);
  assert.ok(await store.classOf(next));
});

test("where the browser keeps nothing, the page works as long as it stands", async () => {
  all.indexedDB = { open: () => { throw new Error("refused"); } };
  await open(DIVISION, CAMPAIGN, WRITTEN);
  assert.equal((await open(DIVISION, CAMPAIGN, "")).ring.label, "CP A");
});
