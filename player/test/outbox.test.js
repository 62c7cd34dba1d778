// SPDX-License-Identifier: AGPL-3.0-or-later
/** What to send next, and what the host's answer means. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { next, replaced, verdict, waitMs } from "../src/saving/outbox.js";

/** @param {string} stream @param {number} seq */
const save = (stream, seq, tried = false) => ({ stream, seq, tried });

test("a save that never left gives way to a newer one; one that may have arrived does not", () => {
  const waiting = [save("a", 1, true), save("a", 2), save("b", 7)];
  assert.deepEqual(replaced(waiting, "a"), [save("a", 2)]);
});

test("the open sitting goes first, oldest number first", () => {
  const waiting = [save("z", 0), save("b", 9), save("b", 3, true), save("a", 1)];
  assert.deepEqual(next(waiting, "b"), save("b", 3, true));
  assert.deepEqual(next(waiting, ""), save("a", 1));
  assert.equal(next([], "b"), undefined);
});

test("only a true receipt, or a newer save on the host, lets a save go", () => {
  assert.equal(verdict({ receipt: "true" }), "kept");
  assert.equal(verdict({ receipt: "newer" }), "kept");
  assert.equal(verdict({ receipt: "false" }), "again");
});

test("a cut network and a host in trouble are tried again with the same bytes", () => {
  for (const status of [0, 408, 429, 500, 502, 503, 504, 302, 404, 418]) assert.equal(verdict({ status }), "again");
});

test("a taken number is renewed, a refusal and a closed sitting are kept here", () => {
  assert.equal(verdict({ status: 409 }), "renew");
  assert.equal(verdict({ status: 423 }), "closed");
  for (const status of [400, 403, 413]) assert.equal(verdict({ status }), "refused");
});

test("waits grow to a minute at most and are spread by chance", () => {
  let before = 0;
  for (let failures = 1; failures < 40; failures += 1) {
    const [least, most] = [waitMs(failures, 0), waitMs(failures, 0.999)];
    assert.ok(least >= 500 && most <= 60_000 && most >= 1.9 * least && most >= before);
    before = most;
  }
});
