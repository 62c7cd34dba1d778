// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Keeps the sheet of the open sitting: each change is sealed, put on this computer's disk, then
 * sent. The sheet itself is only in memory.
 * @module
 */

import { hex, utf8 } from "../core/bytes.js";
import { FINAL, SNAPSHOT, seal } from "../core/envelope.js";
import * as resume from "../core/resume.js";
import * as sheets from "../core/sheet.js";
import * as disk from "./disk.js";
import { replaced } from "./outbox.js";
import { packSave } from "./wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("./sender.js").Settled} Settled */
/**
 * Everything a save is made of besides the answers.
 * @typedef {object} Sitting
 * @property {import("../core/manifest.js").Manifest} manifest
 * @property {import("../core/keys.js").CodeKeys} keys
 * @property {Bytes} bundle
 * @property {Bytes} stream
 * @property {number} epoch
 * @property {string[]} items every item of the bundle, in order
 */
/** What the page shows of saving. @typedef {{kind: "kept" | "saving" | "waiting" | "refused" | "closed", unsent: number}} State */
/** @typedef {ReturnType<typeof saver>} Saver */

const CHOICE_WAIT_MS = 300;
const TEXT_WAIT_MS = 1_000;
const VISIT_WAIT_MS = 15_000;
const DISK_WAIT_MS = 5_000;

/**
 * @param {IDBDatabase} db @param {Sitting} sitting
 * @param {{sheet: Sheet, acknowledged: number}} from the sheet so far; the last event that the host has
 * @param {import("./sender.js").Sender} sender
 * @param {(state: State, receipt: string) => void} told receipt: digest of an acknowledged final, or ""
 */
export function saver(db, sitting, from, sender, told) {
  const hand = { epoch: sitting.epoch, stream: hex(sitting.stream) };
  let { sheet, acknowledged } = from;
  let saved = from.sheet; // the sheet of the newest save on disk
  let seq = 0;
  let final = false;
  let sealedFinal = false;
  /** @type {State["kind"]} */
  let trouble = "kept";
  /** @type {disk.Entry[]} saves whose number was taken: they go once the same answers are on disk anew */
  let renewed = [];
  /** @type {disk.Entry | null} newest save without a receipt */
  let pending = null;
  let due = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void>} */
  let sealing = Promise.resolve();

  /** @returns {State} */
  const state = () => {
    const left = pending !== null || sheets.changedAfter(sheet, acknowledged) > 0;
    const unsent = left ? Math.max(1, sheets.changedAfter(sheet, acknowledged)) : 0;
    if (trouble === "refused" || trouble === "closed") return { kind: trouble, unsent };
    return { kind: left ? (trouble === "waiting" ? "waiting" : "saving") : "kept", unsent };
  };

  /** @param {Sheet} changed @param {number} waitMs */
  function change(changed, waitMs) {
    if (changed === sheet || final) return;
    sheet = changed;
    told(state(), "");
    const at = performance.now() + waitMs;
    if (at >= due) return;
    due = at;
    clearTimeout(timer);
    timer = setTimeout(flush, waitMs);
  }

  /** Seal and store what changed, now. @returns {Promise<void>} settles once on disk */
  function flush() {
    clearTimeout(timer);
    due = Infinity;
    sealing = sealing.then(store, store);
    return sealing;
  }

  /** A disk that refuses (full, or forbidden) is tried again; meanwhile saves leave without it. */
  async function store() {
    if (sheet === saved && (!final || sealedFinal)) return;
    try {
      await storeOnce(sheet);
      sender.kick().catch(() => {}); // it tries again by itself
    } catch {
      trouble = "waiting";
      setTimeout(flush, DISK_WAIT_MS);
    }
    told(state(), "");
  }

  /** @param {Sheet} now */
  async function storeOnce(now) {
    const kind = final ? FINAL : SNAPSHOT;
    const at = { ...sitting, ...hand, ...sitting.keys, campaign: sitting.manifest.campaign };
    const place = { campaign: at.campaign, sid: at.sid, stream: sitting.stream, epoch: at.epoch, seq };
    seq += 1;
    const json = JSON.stringify(now);
    const progress = sheets.progress(now, sitting.items);
    const header = { ...place, key: sitting.manifest.keyId, kind, bundle: sitting.bundle, progress };
    const to = { sealingKey: sitting.manifest.sealingKey, mac: sitting.keys.mac };
    const envelope = await seal(utf8(json), header, to);
    const box = await resume.close(json, place, sitting.keys.resume);
    const body = packSave({ auth: sitting.keys.auth, unsent: 0, envelope, box });
    const entry = { stream: hand.stream, seq: place.seq, kind, event: sheets.lastEvent(now) };
    const whole = { ...entry, tried: false, at: Date.now(), body };
    try {
      await keep(whole, { ...place, box });
    } catch (fault) {
      if (!(await sender.straight(whole))) throw fault;
    }
    saved = now;
    sealedFinal = kind === FINAL;
  }

  /** @param {disk.Entry} entry @param {{sid: Bytes, epoch: number, seq: number, box: Bytes}} at */
  async function keep(entry, at) {
    const kept = { sid: hex(at.sid), stream: entry.stream, epoch: at.epoch, seq: at.seq };
    const old = replaced(await disk.entries(db), entry.stream);
    await disk.keep(db, entry, { ...kept, at: entry.at, box: at.box }, [...old, ...renewed]);
    renewed = [];
    pending = entry;
  }

  return {
    /** @param {string} item @param {sheets.Responses} responses @param {{typing: boolean}} how */
    answer(item, responses, { typing }) {
      change(sheets.answered(sheet, item, responses, hand), typing ? TEXT_WAIT_MS : CHOICE_WAIT_MS);
    },
    /** @param {string} item @param {number} ms */
    visit: (item, ms) => change(sheets.seen(sheet, item, ms, hand), VISIT_WAIT_MS),
    /** @param {sheets.EventKind} kind */
    event: (kind) => change(sheets.happened(sheet, kind, hand), VISIT_WAIT_MS),
    /** The pupil has finished: the last save of this page. */
    finish() {
      sheet = sheets.happened(sheet, "finish", hand);
      final = true;
      told(state(), "");
      return flush();
    },
    flush,
    /** Answers that a save does not carry. @param {disk.Entry} entry */
    newerThan: (entry) => sheets.changedAfter(sheet, entry.event),
    sheet: () => sheet,
    state,
    /** The page goes away. */
    leave() {
      if (pending) sender.leave(pending);
    },
    /** What the host said of a save of this page. @param {Settled} settled */
    heard({ entry, verdict, digest }) {
      if (entry.stream !== hand.stream) return;
      trouble = verdict === "again" ? "waiting" : verdict === "renew" || verdict === "kept" ? "kept" : verdict;
      if (verdict === "kept") acknowledged = Math.max(acknowledged, entry.event);
      if ((verdict === "kept" || verdict === "renew") && pending && pending.seq <= entry.seq) pending = null;
      told(state(), verdict === "kept" && entry.kind === FINAL ? digest || "-" : "");
      if (verdict !== "renew") return;
      renewed.push(entry);
      saved = from.sheet; // its number was taken: the same answers go under the next one
      sealedFinal = false;
      flush();
    },
  };
}
