// SPDX-License-Identifier: AGPL-3.0-or-later
/** What to send next, and what the host's answer means. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isNewest, next, replaced, settledBy, verdict, waitMs } from "../src/saving/outbox.js";

/** @param {string} stream @param {number} seq */
const save = (stream, seq, tried = false) => ({ stream, seq, tried });
const OWN = { own: true, newest: true };
const LEFT = { own: false, newest: true }; // by an earlier page of this computer

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

test("a true receipt lets go the save and all before it in its stream", () => {
  const waiting = [save("a", 1, true), save("a", 2), save("a", 3), save("b", 1)];
  assert.deepEqual(settledBy(waiting, save("a", 2)), [save("a", 1, true), save("a", 2)]);
});

test("a save is the newest only while it is here and nothing newer of its stream is", () => {
  const waiting = [save("a", 1), save("a", 3), save("b", 9)];
  assert.ok(isNewest(waiting, save("a", 3)));
  assert.ok(!isNewest(waiting, save("a", 1)));
  assert.ok(!isNewest(waiting, save("b", 8)));
});

test("only a true receipt, or a newer save kept here, lets a save go", () => {
  assert.equal(verdict({ receipt: "true" }, OWN), "kept");
  assert.equal(verdict({ receipt: "newer" }, { own: true, newest: false }), "kept");
  for (const is of [OWN, LEFT]) {
    assert.equal(verdict({ receipt: "false" }, is), "again");
    assert.equal(verdict({ receipt: "newer" }, is), "again");
  }
});

test("a cut network and a host in trouble are tried again with the same bytes", () => {
  for (const status of [0, 408, 429, 500, 502, 503, 504, 302, 404, 418]) {
    assert.equal(verdict({ status }, OWN), "again");
  }
});

test("a taken number is renewed by the page that has the answers, and kept by any other", () => {
  assert.equal(verdict({ status: 409 }, OWN), "renew");
  assert.equal(verdict({ status: 409 }, LEFT), "refused");
});

test("a refusal and a closed sitting are kept here", () => {
  assert.equal(verdict({ status: 423 }, OWN), "closed");
  for (const status of [400, 403, 413]) assert.equal(verdict({ status }, OWN), "refused");
});

test("waits grow to a minute at most and are spread by chance", () => {
  let before = 0;
  for (let failures = 1; failures < 40; failures += 1) {
    const [least, most] = [waitMs(failures, 0), waitMs(failures, 0.999)];
    assert.ok(least >= 500 && most <= 60_000 && most >= 1.9 * least && most >= before);
    before = most;
  }
});
