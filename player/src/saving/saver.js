// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Keeps the sheet of the open sitting: each change is sealed and put on this computer's disk at
 * once, then sent in its time. The sheet itself is only in memory.
 * @module
 */

import { hex, utf8 } from "../core/bytes.js";
import { deflate } from "../core/deflate.js";
import { FINAL, SNAPSHOT, sealer } from "../core/envelope.js";
import * as resume from "../core/resume.js";
import * as sheets from "../core/sheet.js";
import * as disk from "./disk.js";
import * as hostClock from "./host-clock.js";
import { packSave, proved } from "./wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("./sender.js").Settled} Settled */
/**
 * Everything a save is made of besides the answers.
 * @typedef {object} Sitting
 * @property {import("../core/manifest.js").Manifest} manifest
 * @property {Omit<import("../core/keys.js").CodeKeys, "terms">} keys
 * @property {Bytes} bundle
 * @property {Bytes} stream
 * @property {number} epoch
 * @property {string[]} items every item of the bundle, in order
 */
/**
 * What the page shows of saving. kept: the host has every answer. saving: on its way to the disk.
 * here: on this computer, and it will be sent in its time. waiting: the same, and sending fails.
 * open: the disk takes nothing, the page must stay open until all is sent.
 * @typedef {object} State
 * @property {"kept" | "saving" | "here" | "waiting" | "open" | "refused" | "closed"} kind
 * @property {number} unsent answers that the host does not have; 1 for the last save, when it is all that waits
 * @property {boolean} blocked whether something between here and the host answers in its place
 */
/** @typedef {ReturnType<typeof saver>} Saver */

/** When the page has nothing to do; a browser without that word: soon. @param {() => void} act */
const idle = (act) => (globalThis.requestIdleCallback ?? setTimeout)(act);

const VISIT_WAIT_MS = 15_000;
const DISK_WAIT_MS = 5_000;

/**
 * @param {disk.Disk} db @param {Sitting} sitting
 * @param {{sheet: Sheet, theirs: Sheet}} from the sheet so far; what the host has of it
 * @param {import("./sender.js").Sender} sender
 * @param {(state: State, receipt: string) => void} told receipt: digest of an acknowledged final, or ""
 */
export function saver(db, sitting, from, sender, told) {
  let hand = { epoch: sitting.epoch, stream: hex(sitting.stream) };
  const envelopes = sealer({ sealingKey: sitting.manifest.sealingKey, mac: sitting.keys.mac });
  let { sheet, theirs } = from;
  /** @type {Sheet | null} the sheet of the newest save; null: it must be saved anew */
  let saved = from.sheet;
  let seq = 0;
  let final = false;
  let stopped = false; // another window goes on
  let calm = true; // only time went by since the last save
  /** @type {import("./outbox.js").Verdict} what the host said last */
  let heard = "kept";
  /** @type {disk.Entry | null} newest save without a receipt */
  let pending = null;
  /** @type {Bytes | null} the same, ready for a page that goes away and has no time */
  let ready = null;
  /** @type {WeakMap<disk.Entry, Sheet>} what each save carries */
  const carried = new WeakMap();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void> | null} */
  let storing = null;

  /** @returns {State} */
  const state = () => {
    const last = pending?.kind === FINAL || (final && saved !== sheet);
    const unsent = Math.max(sheets.newer(sheet, theirs), Number(last));
    const blocked = heard === "blocked";
    if (heard === "refused" || heard === "closed") return { kind: heard, unsent, blocked };
    if (unsent === 0) return { kind: "kept", unsent, blocked };
    if (!db.safe) return { kind: "open", unsent, blocked };
    if (sheets.newer(sheet, saved ?? theirs) > 0) return { kind: "saving", unsent, blocked };
    return { kind: heard === "again" || blocked ? "waiting" : "here", unsent, blocked };
  };

  /** @param {Sheet} changed @param {number} waitMs @param {boolean} [onlyTime] */
  function change(changed, waitMs, onlyTime = false) {
    if (changed === sheet || final || stopped) return;
    sheet = changed;
    calm &&= onlyTime;
    told(state(), "");
    if (waitMs === 0) flush();
    else timer ??= setTimeout(flush, waitMs);
  }

  /**
   * Seal and store what changed, now; what changes meanwhile follows in one save.
   * @returns {Promise<void>} settles once all is stored
   */
  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (sheet !== saved) storing ??= store();
    return storing ?? Promise.resolve();
  }

  async function store() {
    try {
      while (sheet !== saved) {
        const now = sheet;
        await storeOnce(now, final);
        saved = now;
        if (!db.safe) setTimeout(settle, DISK_WAIT_MS);
        told(state(), "");
      }
    } catch (fault) {
      if (!(fault instanceof RangeError)) throw fault;
      heard = "refused"; // larger than any envelope: what was saved before stays
      told(state(), "");
      return;
    } finally {
      storing = null; // at once, so that a change of this very moment is stored too
    }
    idle(() => envelopes.prepare());
    if (final) sender.kick();
    else sender.soon(calm);
    calm = true;
  }

  /** A disk that refuses (full, or forbidden) is tried again; meanwhile memory holds what it should. */
  async function settle() {
    if (db.safe || !pending) return;
    if (!(await disk.settle(db))) setTimeout(settle, DISK_WAIT_MS);
    told(state(), "");
  }

  /** @param {Sheet} now @param {boolean} last */
  async function storeOnce(now, last) {
    const { manifest, keys, stream } = sitting;
    const { epoch } = hand;
    const place = { campaign: manifest.campaign, sid: keys.sid, stream, epoch, seq };
    seq += 1;
    const json = JSON.stringify(now);
    const kind = last ? FINAL : SNAPSHOT;
    const progress = sheets.progress(now, sitting.items);
    const header = { ...place, key: manifest.keyId, kind, bundle: sitting.bundle, progress };
    const packed = await deflate(utf8(json)); // once for both
    const [envelope, box] = await Promise.all([
      envelopes.seal(packed, header),
      resume.closePacked(packed, place, keys.resume),
    ]);
    const body = packSave({ auth: keys.auth, unsent: 0, envelope, box });
    const entry = { stream: hand.stream, seq: place.seq, kind, body, pair: keys.pair };
    ready = await proved(body);
    pending = entry;
    carried.set(entry, now);
    const kept = { sid: hex(keys.sid), stream: entry.stream, epoch, seq: entry.seq, at: hostClock.now(), box };
    await disk.keep(db, entry, kept);
  }

  idle(() => envelopes.prepare());
  return {
    /** @param {string} item @param {sheets.Responses} responses */
    answer: (item, responses) => change(sheets.answered(sheet, item, responses, hand), 0),
    /** What a teacher keys of an item on paper. @param {string} item @param {sheets.Entry} entry */
    key: (item, entry) => change(sheets.keyed(sheet, item, entry, hand), 0),
    /**
     * Another computer has saved since: its answers come on top, and what is written from now on
     * is later than all of them. Nothing is saved where its sheet has all of this one, so that two
     * computers do not go on answering each other.
     * @param {{sheet: Sheet, epoch: number}} from what it saved last, and the epoch to go on under
     */
    takeUp({ sheet: heldThere, epoch }) {
      if (stopped) return;
      hand = { ...hand, epoch: Math.max(hand.epoch, epoch) };
      theirs = sheets.merged(theirs, heldThere);
      const both = sheets.merged(sheet, theirs);
      if (sheets.newer(both, heldThere) > 0) return change(both, 0);
      if (saved === sheet) saved = both;
      sheet = both;
      told(state(), "");
    },
    /** @param {string} item @param {number} ms */
    visit: (item, ms) => change(sheets.seen(sheet, item, ms, hand), VISIT_WAIT_MS, ms > 0),
    /** The pupil is at this item. @param {string} item @param {boolean} atOnce where there is no way back */
    place: (item, atOnce) => change(sheets.placed(sheet, item, hand), atOnce ? 0 : VISIT_WAIT_MS),
    /** @param {string} item @param {boolean} on to be looked at again */
    flag: (item, on) => change(sheets.flagged(sheet, item, on, hand), 0),
    /** Settings of the page. @param {Parameters<typeof sheets.supported>[1]} made @param {boolean} atOnce the pupil has just chosen */
    supports: (made, atOnce) => change(sheets.supported(sheet, made, hand), atOnce ? 0 : VISIT_WAIT_MS),
    /** Time went by in elements that have a limit. @param {string[]} keys @param {number} ms */
    spend: (keys, ms) => change(sheets.spent(sheet, keys, ms, hand), VISIT_WAIT_MS, true),
    /** @param {sheets.EventKind} kind */
    event: (kind) => change(sheets.happened(sheet, kind, hand), VISIT_WAIT_MS),
    /** The pupil has finished: the last save of this page. */
    finish() {
      if (stopped) return Promise.resolve();
      sheet = sheets.happened(sheet, "finish", hand);
      final = true;
      told(state(), "");
      return flush();
    },
    flush,
    /** Another window of this computer goes on: what is here is stored, then nothing more is written. */
    stop() {
      stopped = true;
      return flush();
    },
    /** Send now: a section ends, the page is hidden. */
    send: () => flush().then(() => sender.kick()),
    /** Answers that a save does not carry. @param {disk.Entry} entry */
    newerThan: (entry) => sheets.newer(sheet, carried.get(entry) ?? theirs),
    sheet: () => sheet,
    state,
    /** The page goes away. */
    leave() {
      if (pending && ready) sender.leave(ready, sitting.keys.pair);
    },
    /** What the host said of a save of this page. @param {Settled} settled */
    heard({ entry, verdict, digest }) {
      if (entry.stream !== hand.stream) return;
      heard = verdict;
      const isLast = verdict === "kept" && entry.kind === FINAL;
      if (verdict === "kept") {
        theirs = sheets.merged(theirs, carried.get(entry) ?? theirs);
        if (pending && pending.seq <= entry.seq) pending = null;
      }
      if (verdict === "renew") {
        saved = null; // its number was taken: the same answers go under the next one
        flush();
      }
      told(state(), isLast ? digest || "-" : "");
    },
  };
}
