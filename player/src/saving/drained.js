// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Asks the host, now and then, up to which save the ministry has all; forgets that, and sends again
 * what a host that lost its disk has lost. Nobody need be signed in, nobody is told.
 * @module
 */

import { covered } from "../core/receipts.js";
import * as kept from "./kept.js";
import { answers } from "./hosts.js";
import { streamsInOtherTabs } from "./sender.js";
import { Refused, drained, envelopeIn, save, sidIn } from "./wire.js";

/** @typedef {import("../core/manifest.js").Manifest} Manifest */

const FIRST_MS = 10_000;
const AGAIN_MS = 600_000;
const PAUSE_MS = 2_000;
const LATER = [0, 408, 429];
const SILENT = { said: { store: "", node: new Uint8Array(), drained: 0 }, now: 0 };

/** Spread by chance. @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms * (0.5 + Math.random())));
const idle = () => new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));

/** As long as the page is there. @param {() => Promise<Manifest>} manifest */
export async function watch(manifest) {
  /** @type {Set<string>} streams that the host refused */
  const refused = new Set();
  for (await pause(FIRST_MS); ; await pause(AGAIN_MS)) {
    await idle();
    await look(manifest, refused).catch(() => {}); // whatever it is, at the next turn
  }
}

/**
 * One turn. The network is asked for nothing where nothing is kept.
 * @param {() => Promise<Manifest>} manifest @param {Set<string>} refused
 * @param {number} [pauseMs] before each save
 */
export async function look(manifest, refused, pauseMs = PAUSE_MS) {
  const all = await kept.all();
  if (all.length === 0) return;
  /** @type {Map<string, import("./kept.js").Kept[]>} by the node that has them */
  const asked = new Map();
  for (const one of all) {
    const origin = answers.at({ pair: one.pair, sid: sidIn(one.body) });
    asked.set(origin, [...(asked.get(origin) ?? []), one]);
  }
  for (const [origin, theirs] of asked) await ask(origin, theirs, { manifest, refused, pauseMs });
}

/**
 * What one node has, and what it has lost.
 * @param {string} origin @param {import("./kept.js").Kept[]} all
 * @param {{manifest: () => Promise<Manifest>, refused: Set<string>, pauseMs: number}} how
 */
async function ask(origin, all, { manifest, refused, pauseMs }) {
  const { said, now } = await drained(origin).catch(() => SILENT); // a host of an older release says nothing
  const { campaign, nodes } = await manifest();
  const open = await streamsInOtherTabs(""); // those send their own
  const { gone, lost } = kept.parted(all, said, { now, campaign, open });
  await kept.forget(gone);
  if (said === SILENT.said) return;
  for (const one of lost.filter(({ stream }) => !refused.has(stream))) {
    await pause(pauseMs);
    await idle();
    try {
      const { receipt, where } = await save(one.body, one.pair);
      const isTrue = receipt && (await covered(receipt, envelopeIn(one.body), nodes));
      if (isTrue) await kept.keep(one, receipt, where);
      else refused.add(one.stream);
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.altered || fault.status >= 500 || LATER.includes(fault.status)) throw fault;
      refused.add(one.stream);
    }
  }
}
