// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Sends what waits in the outbox, one save at a time, until a receipt covers each.
 * @module
 */

import { hex } from "../core/bytes.js";
import { covered } from "../core/receipts.js";
import * as disk from "./disk.js";
import { isNewest, next, settledBy, verdict, waitMs } from "./outbox.js";
import { Refused, beacon, behind, envelopeIn, save } from "./wire.js";

/** @typedef {import("./disk.js").Entry} Entry */
/** @typedef {import("./outbox.js").Verdict} Verdict */
/** @typedef {{entry: Entry, verdict: Verdict, digest: string, refusal: Refused | null}} Settled */
/** @typedef {ReturnType<typeof sender>} Sender */

const LOCK = "encrier-stream-";

/**
 * @param {IDBDatabase} db
 * @param {import("../core/manifest.js").Manifest["nodes"]} nodes whose receipts are believed
 * @param {(settled: Settled) => void} heard called after each attempt
 */
export function sender(db, nodes, heard) {
  let own = "";
  /** @type {(entry: Entry) => number} answers newer than a save of this page */
  let newerThan = () => 0;
  let failures = 0;
  let busy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Set<string>} saves that the host will not take: kept, not sent again by this page */
  const stopped = new Set();

  /** Send now what waits, unless it is being done. @returns {Promise<void>} */
  async function kick() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    try {
      for (let entry = await first(); entry; entry = await first()) {
        const settled = await attempt(entry);
        heard(settled);
        if (settled.verdict === "again") {
          later();
          break;
        }
        failures = 0;
      }
    } catch (fault) {
      later(); // the disk refuses for now
      throw fault;
    } finally {
      busy = false;
    }
  }

  function later() {
    failures += 1;
    timer = setTimeout(() => kick().catch(() => {}), waitMs(failures, Math.random()));
  }

  const first = async () => {
    const open = await streamsInOtherTabs(own);
    const waiting = await disk.entries(db);
    return next(waiting.filter((entry) => !stopped.has(name(entry)) && !open.has(entry.stream)), own);
  };

  /** @param {Entry} entry @returns {Promise<Settled>} */
  async function attempt(entry) {
    await disk.markTried(db, entry).catch(() => {}); // a full disk must not keep it from leaving
    const { outcome, digest, refusal } = await sent(entry);
    const waiting = await disk.entries(db);
    const decided = verdict(outcome, { own: entry.stream === own, newest: isNewest(waiting, entry) });
    if (decided === "kept") await disk.drop(db, digest ? settledBy(waiting, entry) : [entry]);
    if (decided !== "kept" && decided !== "again") stopped.add(name(entry));
    return { entry, verdict: decided, digest, refusal };
  }

  /** @param {Entry} entry */
  async function sent(entry) {
    /** @type {import("./outbox.js").Outcome} */
    let outcome = { receipt: "newer" };
    let digest = "";
    try {
      const unsent = entry.stream === own ? newerThan(entry) : 0;
      const receipt = await save(behind(entry.body, unsent));
      if (receipt) {
        const sum = await covered(receipt, envelopeIn(entry.body), nodes);
        outcome = { receipt: sum ? "true" : "false" };
        digest = sum ? hex(sum) : "";
      }
      return { outcome, digest, refusal: null };
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      return { outcome: { status: fault.status }, digest, refusal: fault };
    }
  }

  return {
    kick,
    /**
     * @param {string} stream the stream of this page, sent first
     * @param {(entry: Entry) => number} newer how many of its answers a save does not carry
     */
    own(stream, newer) {
      own = stream;
      newerThan = newer;
      navigator.locks?.request(LOCK + stream, () => new Promise(() => {})); // until the page goes
    },
    /**
     * Send a save that this computer's disk does not take; nothing of it stays here.
     * @param {Entry} entry
     * @returns {Promise<boolean>} whether a receipt covers it
     */
    async straight(entry) {
      const { outcome, digest, refusal } = await sent(entry);
      const decided = verdict(outcome, { own: true, newest: true });
      heard({ entry, verdict: decided, digest, refusal });
      return decided === "kept";
    },
    /** The network is back: do not wait. */
    retry() {
      failures = 0;
      return kick();
    },
    /** The page goes away: one more attempt that nobody hears. @param {Entry} entry */
    leave: (entry) => beacon(entry.body),
  };
}

/**
 * Streams that another tab of this computer has open, and sends itself.
 * @param {string} own
 */
async function streamsInOtherTabs(own) {
  const held = (await navigator.locks?.query())?.held ?? [];
  const streams = held.map((lock) => lock.name ?? "").filter((lock) => lock.startsWith(LOCK));
  return new Set(streams.map((lock) => lock.slice(LOCK.length)).filter((stream) => stream !== own));
}

/** @param {Entry} entry */
const name = (entry) => `${entry.stream}/${entry.seq}`;
