// SPDX-License-Identifier: AGPL-3.0-or-later
/** Which node of answers a page asks. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { answers, hosts } from "../src/saving/hosts.js";
import { Refused, packSave, save, terms } from "../src/saving/wire.js";

const NAMED = ["https://a1.example", "https://b1.example", "https://b2.example"];
const NEW = "https://c1.example";
const none = new Uint8Array();
/** @param {number} pair @param {string} url */
const node = (pair, url) => ({ pair, url, node: none, receiptKey: none });
const PAIRS = { places: "1".repeat(180) + "2".repeat(181), nodes: [node(1, `${NAMED[0]}/`), node(2, `${NAMED[1]}`), node(2, `${NAMED[2]}`)] };
/** @param {number} first */
const sid = (first) => new Uint8Array(16).fill(first);

const real = { fetch: globalThis.fetch, setTimeout: globalThis.setTimeout };
/** @type {any} a limit of time that keeps no process waiting */
const unawaited = (/** @type {() => void} */ act, /** @type {number} */ ms) => real.setTimeout(act, ms).unref();
beforeEach(() => {
  globalThis.setTimeout = unawaited;
});
afterEach(() => Object.assign(globalThis, real));

test("a node that serves the page is the one that is asked, whatever the manifest names", () => {
  const own = hosts([]);
  own.follow(PAIRS);
  assert.equal(own.at({ pair: 2, sid: sid(1) }), "");
  assert.ok(own.knows(2));
});

test("a campaign of one pair asks the address that its page names", () => {
  const one = hosts(["https://reponses.example"]);
  one.follow({ places: "", nodes: [node(0, "https://one.example"), node(0, "https://two.example")] });
  assert.equal(one.at({ pair: 0, sid: sid(1) }), "https://reponses.example");
  assert.equal(one.at(), "https://reponses.example");
  assert.deepEqual(one.pairs(), [0]);
});

test("a sitting is asked of nodes of its pair alone, spread over them, the same at each load", () => {
  for (const one of [hosts(NAMED), hosts(NAMED)]) {
    one.follow(PAIRS);
    for (let n = 0; n < 256; n += 1) {
      assert.equal(one.at({ pair: 1, sid: sid(n) }), NAMED[0]);
      assert.equal(one.at({ pair: 2, sid: sid(n) }), NAMED[1 + (n % 2)]);
    }
  }
});

test("after a failure another node of the pair is asked, and never one of another pair", () => {
  const one = hosts(NAMED);
  one.follow(PAIRS);
  const asking = { pair: 2, sid: sid(0) };
  one.failed(asking, NAMED[1] ?? "");
  assert.equal(one.at(asking), NAMED[2]);
  one.failed(asking, NAMED[1] ?? ""); // another request found out too: it has turned already
  assert.equal(one.at(asking), NAMED[2]);
  one.failed(asking, NAMED[2] ?? "");
  assert.equal(one.at(asking), NAMED[1]);
  const alone = { pair: 1, sid: sid(0) };
  one.failed(alone, NAMED[0] ?? "");
  assert.equal(one.at(alone), NAMED[0]);
});

test("a page asks only what it named when it was served: a later pair needs the page anew", () => {
  const later = { places: "1".repeat(180) + "3".repeat(181), nodes: [...PAIRS.nodes, node(3, NEW)] };
  const one = hosts(NAMED);
  one.follow(later);
  assert.ok(!one.knows(3));
  assert.ok(one.knows(1));
  const anew = hosts([...NAMED, NEW]);
  anew.follow(later);
  assert.ok(anew.knows(3));
  assert.equal(anew.at({ pair: 3, sid: sid(9) }), NEW);
});

test("an origin is the same one however it is written", () => {
  const one = hosts(["https://A1.example:443"]);
  one.follow({ places: "1".repeat(361), nodes: [node(1, "https://a1.example/")] });
  assert.ok(one.knows(1));
  assert.equal(one.at({ pair: 1, sid: sid(3) }), NAMED[0]);
});

test("a request that no node hears goes to each node of its pair once, then fails", async () => {
  /** @type {string[]} */
  const heard = [];
  globalThis.fetch = async (url) => {
    heard.push(String(url));
    throw new TypeError("no network");
  };
  const of = { at: answers.at, count: answers.count, failed: answers.failed };
  const pair = hosts(NAMED);
  pair.follow(PAIRS);
  Object.assign(answers, { at: pair.at, count: pair.count, failed: pair.failed });
  try {
    await assert.rejects(terms({ sid: sid(0), auth: new Uint8Array(32), pair: 2 }), Refused);
    assert.deepEqual(heard, [`${NAMED[1]}/v1/terms`, `${NAMED[2]}/v1/terms`]);
    heard.length = 0;
    const envelope = new Uint8Array(100);
    envelope.fill(1, 28, 44); // the sid of a save
    await assert.rejects(save(packSave({ auth: new Uint8Array(32), unsent: 0, envelope, box: none }), 2), Refused);
    assert.deepEqual(heard.sort(), [`${NAMED[1]}/v1/save`, `${NAMED[2]}/v1/save`]);
  } finally {
    Object.assign(answers, of);
  }
});

test("a node that is ill is not asked again by the next request", async () => {
  const pair = hosts(NAMED);
  pair.follow(PAIRS);
  const of = { at: answers.at, count: answers.count, failed: answers.failed };
  Object.assign(answers, { at: pair.at, count: pair.count, failed: pair.failed });
  /** @type {string[]} */
  const heard = [];
  globalThis.fetch = async (url) => {
    heard.push(String(url));
    return new Response("{}", { status: heard.length === 1 ? 503 : 403 });
  };
  try {
    const asking = { sid: sid(0), auth: new Uint8Array(32), pair: 2 };
    await assert.rejects(terms(asking), { status: 503 });
    await assert.rejects(terms(asking), { status: 403 });
    await assert.rejects(terms(asking), { status: 403 }); // a refusal is a decision: no other is asked
    assert.deepEqual(heard, [`${NAMED[1]}/v1/terms`, `${NAMED[2]}/v1/terms`, `${NAMED[2]}/v1/terms`]);
  } finally {
    Object.assign(answers, of);
  }
});
