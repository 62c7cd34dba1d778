// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Sends what waits in the outbox, one save at a time, until a receipt covers each. Calm: the disk
 * has every change at once, the network a save every 20 s or so.
 * @module
 */

import { hex } from "../core/bytes.js";
import { covered } from "../core/receipts.js";
import * as disk from "./disk.js";
import * as hostClock from "./host-clock.js";
import * as kept from "./kept.js";
import { calmMs, dueMs, isNewest, next, settledBy, verdict, waitMs } from "./outbox.js";
import { Refused, beacon, behind, envelopeIn, proved, save } from "./wire.js";

/** @typedef {import("./disk.js").Entry} Entry */
/** @typedef {import("./outbox.js").Verdict} Verdict */
/** @typedef {{entry: Entry, verdict: Verdict, digest: string, refusal: Refused | null, elsewhere: boolean, beside: boolean, mark: string}} Settled */
/** @typedef {ReturnType<typeof sender>} Sender */

const LOCK = "encrier-stream-";

/**
 * @param {disk.Disk} db
 * @param {import("../core/manifest.js").Manifest["nodes"]} nodes whose receipts are believed
 * @param {(settled: Settled) => void} heard called after each attempt
 */
export function sender(db, nodes, heard) {
  /** @type {Map<string, (entry: Entry) => number>} by stream of this page, how many answers a save does not carry */
  const own = new Map();
  let failures = 0;
  let askedMs = 0; // how long the host asked to wait, at the last attempt
  let busy = false;
  let again = false; // asked for while busy
  let urgent = false; // the same, and nothing is to be waited for
  let attempting = new AbortController();
  let sinceMs = Infinity; // first change not sent yet
  let sentMs = -Infinity;
  let resting = false; // the timer is set for a calm change
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Set<string>} saves not to be sent again by this page: taken, or refused */
  const done = new Set();

  /** Send now what waits. @returns {Promise<void>} */
  async function kick() {
    clearTimeout(timer);
    resting = false;
    if (busy) {
      again = true;
      return;
    }
    if (performance.now() < sentMs + askedMs) return later();
    busy = true;
    try {
      do {
        if (urgent) failures = 0;
        again = urgent = false;
        await round();
      } while (urgent || (again && failures === 0));
    } finally {
      busy = false;
      if (failures > 0) later();
      else if (sinceMs < Infinity) soon();
    }
  }

  /** Each stream once: what is written meanwhile has its own time. */
  async function round() {
    sinceMs = Infinity;
    sentMs = performance.now();
    /** @type {Set<string>} */
    const streams = new Set();
    for (let entry = await first(streams); entry; entry = await first(streams)) {
      const settled = await attempt(entry);
      heard(settled);
      const fails = settled.verdict === "again" || settled.verdict === "blocked" || settled.verdict === "renew";
      failures = fails ? failures + 1 : 0;
      askedMs = settled.refusal?.retryAfterMs ?? 0;
      if (settled.verdict === "again" || settled.verdict === "blocked") return;
      streams.add(entry.stream);
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(kick, waitMs(failures, Math.random(), askedMs));
  }

  /**
   * Something changed: send it when the time has come, sooner where only memory holds it, later
   * where only time went by.
   * @param {boolean} [calm]
   */
  function soon(calm = false) {
    const changedMs = performance.now();
    if (calm && db.safe) {
      if (busy || failures > 0 || sinceMs < Infinity || resting) return;
      resting = true;
      clearTimeout(timer);
      timer = setTimeout(kick, calmMs(Math.max(sentMs, 0), Math.random()) - changedMs);
      return;
    }
    resting = false;
    sinceMs = Math.min(sinceMs, changedMs);
    if (busy || failures > 0) return; // it leaves with the next attempt
    clearTimeout(timer);
    timer = setTimeout(kick, dueMs({ sinceMs, changedMs, sentMs }, Math.random(), !db.safe) - changedMs);
  }

  /** @param {Set<string>} sent streams that had their turn */
  const first = async (sent) => {
    const open = await streamsInOtherTabs(...own.keys());
    const waiting = await disk.entries(db);
    return next(
      waiting.filter((entry) => !done.has(disk.nameOf(entry)) && !sent.has(entry.stream) && !open.has(entry.stream)),
      ...own.keys(),
    );
  };

  /** @param {Entry} entry @returns {Promise<Settled>} */
  async function attempt(entry) {
    const { outcome, ...said } = await sent(entry);
    const waiting = await disk.entries(db);
    const decided = verdict(outcome, { own: own.has(entry.stream), newest: isNewest(waiting, entry) });
    if (decided === "kept") {
      const settled = said.digest ? settledBy(waiting, entry) : [entry];
      for (const { stream, seq } of settled) done.add(disk.nameOf({ stream, seq }));
      await disk.drop(db, settled);
    }
    if (["renew", "refused", "closed"].includes(decided)) done.add(disk.nameOf(entry));
    return { entry, verdict: decided, ...said };
  }

  /** @param {Entry} entry */
  async function sent(entry) {
    /** @type {import("./outbox.js").Outcome} */
    let outcome = { receipt: "newer" };
    let digest = "";
    try {
      const unsent = own.get(entry.stream)?.(entry) ?? 0;
      const { receipt, elsewhere, beside, mark, where } = await save(
        await proved(behind(entry.body, unsent)), entry.pair, (attempting = new AbortController()));
      if (receipt) {
        const sum = await covered(receipt, envelopeIn(entry.body), nodes);
        outcome = { receipt: sum ? "true" : "false" };
        digest = sum ? hex(sum) : "";
        if (sum) {
          disk.forgetOld(db, hostClock.now());
          kept.keep(entry, receipt, where).catch(() => {}); // until the ministry has it
        }
      }
      return { outcome, digest, refusal: null, elsewhere, beside, mark };
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      return { outcome: { status: fault.status, altered: fault.altered }, digest, refusal: fault, elsewhere: false, beside: false, mark: "" };
    }
  }

  return {
    kick,
    soon,
    /**
     * @param {string} stream of this page, sent first: one, or one for each pupil whose answers are keyed
     * @param {(entry: Entry) => number} newer how many of its answers a save does not carry
     */
    own(stream, newer) {
      own.set(stream, newer);
      const untilThePageGoes = () => new Promise(() => {});
      navigator.locks?.request(LOCK + stream, untilThePageGoes).catch(() => {}); // refused with storage
    },
    /** The network is back, or somebody asks: do not wait. */
    retry() {
      failures = 0;
      askedMs = 0;
      urgent = busy;
      attempting.abort(); // one that hangs on a line that is gone
      return kick();
    },
    /** The page goes away: one more attempt that nobody hears. @param {import("../core/bytes.js").Bytes} body proved @param {number} pair */
    leave: (body, pair) => beacon(body, pair),
  };
}

/**
 * Streams that another tab of this computer has open, and sends itself.
 * @param {...string} own
 */
export async function streamsInOtherTabs(...own) {
  const locks = await navigator.locks?.query().catch(() => null);
  const held = locks?.held ?? [];
  const streams = held.map((lock) => lock.name ?? "").filter((lock) => lock.startsWith(LOCK));
  return new Set(streams.map((lock) => lock.slice(LOCK.length)).filter((stream) => !own.includes(stream)));
}
