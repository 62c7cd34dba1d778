// SPDX-License-Identifier: AGPL-3.0-or-later
/** A host that was away, or had to refuse, is not met by everybody at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { dueMs, waitMs } from "../src/saving/outbox.js";
import { askAgainMs, isKept, minutesOf } from "../src/saving/turns.js";

const PAGES = 20_000;
const GAP_S = 20; // a save a page, when all is well
const CALM_A_S = PAGES / GAP_S;

/** The same numbers at each run (mulberry32). @param {number} seed */
function chances(seed) {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * How many attempts the host hears in each second of a morning on which pupils never stop.
 * @param {(second: number) => {up: boolean, askedMs: () => number}} host
 */
function morning(host, lengthS = 300) {
  const chance = chances(7);
  const heard = new Array(lengthS).fill(0);
  for (let page = 0; page < PAGES; page += 1) {
    let atMs = chance() * GAP_S * 1000;
    let failures = 0;
    while (atMs < lengthS * 1000) {
      const second = Math.floor(atMs / 1000);
      heard[second] += 1;
      const { up, askedMs } = host(second);
      failures = up ? 0 : failures + 1;
      atMs = up
        ? dueMs({ sinceMs: atMs, changedMs: atMs + 60_000, sentMs: atMs }, chance())
        : atMs + waitMs(failures, chance(), askedMs());
    }
  }
  return heard;
}

for (const awayS of [1, 5, 10, 30, 90]) {
  test(`a host that was away for ${awayS} s hears 4 times what is usual at most, and for a few seconds`, () => {
    const heard = morning((second) => ({ up: second < 60 || second >= 60 + awayS, askedMs: () => 0 }));
    const after = heard.slice(60 + awayS);
    assert.ok(Math.max(...after) <= 4.2 * CALM_A_S, `${Math.max(...after)} in a second, where ${CALM_A_S} are usual`);
    assert.ok(Math.max(...after.slice(5)) <= 2 * CALM_A_S, "five seconds later it is twice at most");
    assert.ok(Math.min(...heard.slice(60 + awayS + 60)) >= CALM_A_S / 2, "and all are back a minute later");
  });
}

test("a host that refuses everybody, and says when to come back, is asked less and less as one", () => {
  const chance = chances(3);
  const askedMs = () => 1000 * Math.ceil(40 + chance() * 20); // as the host spreads it
  const heard = morning((second) => ({ up: second < 60 || second >= 90, askedMs }));
  assert.ok(Math.max(...heard.slice(90)) <= 2 * CALM_A_S);
  assert.ok(heard.slice(60, 90).reduce((sum, n) => sum + n, 0) <= 1.1 * PAGES, "one attempt a page, not one a second");
});

test("those who are refused in the same moment come back over half as long again", () => {
  const chance = chances(5);
  const back = new Array(60).fill(0);
  for (let page = 0; page < PAGES; page += 1) back[Math.floor(waitMs(1, chance(), 10_000) / 1000)] += 1;
  assert.equal(back.slice(0, 10).reduce((sum, n) => sum + n, 0), 0, "never sooner than asked");
  assert.ok(Math.max(...back) <= 1.1 * (PAGES / 5));
});

test("who waits to come in asks when she was told to, and less and less where nobody answers", () => {
  assert.equal(askAgainMs(0, 0, 20_000), 20_000);
  assert.ok(askAgainMs(0, 0.999, 20_000) < 21_000);
  assert.ok(askAgainMs(5, 0, 0) > askAgainMs(1, 0.999, 0));
  for (const chance of [0, 0.5, 0.999]) assert.ok(askAgainMs(3, chance, 30_000) >= 30_000);
});

test("a place is said to be kept no longer than the host keeps it", () => {
  assert.ok(isKept(1_000, 20_000, 80_999));
  assert.ok(!isKept(1_000, 20_000, 81_000));
  assert.ok(!isKept(-Infinity, 0, 0), "none was told");
});

test("a wait is told as one says it", () => {
  assert.deepEqual([0, 20, 21, 89, 91, 600].map(minutesOf), [null, null, 1, 1, 2, 10]);
});
