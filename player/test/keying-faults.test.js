// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Nothing that was keyed is lost, whatever happens, in random schedules of two computers on one
 * class. ENCRIER_SCHEDULES says how many (40), ENCRIER_SEED where they begin.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { install } from "./faults/world.js";

install();
const { acts, played, shortest } = await import("./faults/keying.js");

const N = Number(process.env.ENCRIER_SCHEDULES ?? 40);
const SEED = Number(process.env.ENCRIER_SEED ?? 1);

test(`nothing that a page said is kept of a class is lost in ${N} schedules of faults`, async (t) => {
  let [nPromised, nEntries] = [0, 0];
  for (let seed = SEED; seed < SEED + N; seed += 1) {
    const schedule = acts(seed);
    const { lost, nPromised: promised, nKeyed } = await played(schedule);
    nPromised += promised;
    nEntries += nKeyed;
    if (lost) assert.fail(`seed ${seed}: ${lost}\n${JSON.stringify(await shortest(schedule))}`);
  }
  t.diagnostic(`${nEntries} entries keyed, none lost`);
  assert.ok(nPromised > N, "the schedules promise next to nothing");
});
