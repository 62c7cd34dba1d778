// SPDX-License-Identifier: AGPL-3.0-or-later
/** What to send next, and what the host's answer means. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { calmMs, dueMs, isNewest, next, settledBy, verdict, waitMs } from "../src/saving/outbox.js";

/** @param {string} stream @param {number} seq */
const save = (stream, seq) => ({ stream, seq });
const OWN = { own: true, newest: true };
const LEFT = { own: false, newest: true }; // by an earlier page of this computer
/** @param {number} status */
const host = (status) => ({ status, altered: false });

test("the open sitting goes first, newest number first", () => {
  const waiting = [save("z", 0), save("b", 3), save("b", 9), save("a", 1)];
  assert.deepEqual(next(waiting, "b"), save("b", 9));
  assert.deepEqual(next(waiting, ""), save("a", 1));
  assert.equal(next([], "b"), undefined);
});

test("a true receipt lets go the save and all before it in its stream", () => {
  const waiting = [save("a", 1), save("a", 2), save("a", 3), save("b", 1)];
  assert.deepEqual(settledBy(waiting, save("a", 2)), [save("a", 1), save("a", 2)]);
});

test("a save is the newest as long as nothing newer of its stream is here", () => {
  const waiting = [save("a", 1), save("a", 3), save("b", 9)];
  assert.ok(isNewest(waiting, save("a", 3)));
  assert.ok(!isNewest(waiting, save("a", 1)));
});

test("only a true receipt, or a newer save kept here, lets a save go", () => {
  assert.equal(verdict({ receipt: "true" }, OWN), "kept");
  assert.equal(verdict({ receipt: "newer" }, { own: true, newest: false }), "kept");
  for (const is of [OWN, LEFT]) {
    assert.equal(verdict({ receipt: "false" }, is), "blocked");
    assert.equal(verdict({ receipt: "newer" }, is), "again");
  }
});

test("a cut network and a host in trouble are tried again with the same bytes", () => {
  for (const status of [0, 408, 429, 500, 502, 503, 504, 404, 418]) {
    assert.equal(verdict(host(status), OWN), "again");
  }
});

test("what answers in the place of the host is told, and tried again", () => {
  for (const status of [0, 200, 302, 400, 403, 405, 407, 409, 413, 423, 511]) {
    assert.equal(verdict({ status, altered: true }, OWN), "blocked");
  }
});

test("a taken number is renewed by the page that has the answers, and kept by any other", () => {
  assert.equal(verdict(host(409), OWN), "renew");
  assert.equal(verdict(host(409), LEFT), "refused");
});

test("a refusal and a closed sitting are kept here", () => {
  assert.equal(verdict(host(423), OWN), "closed");
  for (const status of [400, 403, 413]) assert.equal(verdict(host(status), OWN), "refused");
});

test("waits grow to a minute at most and are spread by chance", () => {
  let before = 0;
  for (let failures = 1; failures < 40; failures += 1) {
    const [least, most] = [waitMs(failures, 0), waitMs(failures, 0.999)];
    assert.ok(least >= 500 && most <= 60_000 && most >= 1.9 * least && most >= before);
    before = most;
  }
});

test("a host that asks to wait is heard, within reason", () => {
  assert.equal(waitMs(1, 0, 30_000), 30_000);
  assert.ok(waitMs(1, 0.999, 30_000) > 44_000);
  assert.equal(waitMs(1, 0, 86_400_000), 600_000);
  assert.ok(waitMs(9, 0, 1) >= 30_000);
});

test("a change leaves a few seconds after the pupil pauses", () => {
  const due = dueMs({ sinceMs: 1_000, changedMs: 5_000, sentMs: -Infinity }, 0.5);
  assert.equal(due, 8_000);
});

test("who writes without a pause is sent all the same, and never more often than every 15 s", () => {
  let sentMs = 0;
  let sinceMs = Infinity;
  let n = 0;
  for (let now = 0; now < 600_000; now += 100) {
    sinceMs = Math.min(sinceMs, now); // a key every 100 ms
    if (now < dueMs({ sinceMs, changedMs: now, sentMs }, (now % 7) / 7)) continue;
    assert.ok(now - sentMs >= 15_000);
    [sentMs, sinceMs, n] = [now, Infinity, n + 1];
  }
  assert.ok(n >= 20);
});

test("where only memory holds the answers they leave much sooner", () => {
  const times = { sinceMs: 0, changedMs: 0, sentMs: 0 };
  assert.ok(dueMs(times, 0.999, true) < dueMs(times, 0) / 4);
});

test("where only time went by, the host is asked every two minutes or so", () => {
  for (const chance of [0, 0.5, 0.999]) {
    assert.ok(calmMs(1_000, chance) >= 90_000);
    assert.ok(calmMs(1_000, chance) <= 151_000);
  }
});
