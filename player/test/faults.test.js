// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * No answer is lost, whatever happens, in random schedules on the real saving code.
 * ENCRIER_SCHEDULES says how many (200), ENCRIER_SEED where they begin.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { install } from "./faults/world.js";

install();
const { acts, played, shortest } = await import("./faults/schedule.js");

const N = Number(process.env.ENCRIER_SCHEDULES ?? 200);
const SEED = Number(process.env.ENCRIER_SEED ?? 1);

test(`no answer that a page said is kept is lost in ${N} schedules of faults`, async () => {
  let nPromised = 0;
  for (let seed = SEED; seed < SEED + N; seed += 1) {
    const schedule = acts(seed);
    const { lost, nPromised: n } = await played(schedule);
    nPromised += n;
    if (lost) assert.fail(`seed ${seed}: ${lost}\n${JSON.stringify(await shortest(schedule))}`);
  }
  assert.ok(nPromised > N, "the schedules promise next to nothing");
});
