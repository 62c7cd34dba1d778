// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What to send next, when, and what an answer of the host means. Pure: no clock, no disk, no network.
 *
 * A save is sent as the bytes that were stored, until a receipt covers them or a newer save of
 * its stream, which holds the same answers and more.
 * @module
 */

/** @typedef {Pick<import("./disk.js").Entry, "stream" | "seq">} Waiting */
/**
 * What one attempt gave. Altered: something between here and the host answered in its place, or
 * changed what was sent or said.
 * @typedef {{receipt: "true" | "false" | "newer"} | {status: number, altered: boolean}} Outcome
 */
/**
 * kept: take it away. again: same bytes, later. blocked: the same, and tell. renew: save anew under
 * the next number, and only then take it away. refused, closed: keep it here, stop, tell.
 * @typedef {"kept" | "again" | "blocked" | "renew" | "refused" | "closed"} Verdict
 */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_ASKED_MS = 10 * 60_000; // a host that asks for more is not believed
const MOST_DOUBLINGS = 6;
const IDLE_MS = 3_000;
const GAP_MS = 20_000;
const CALM_MS = 120_000; // where only time went by
const HURRIED = 8; // times sooner, where only the page's memory holds the answers

/**
 * What a true receipt of a save lets go: the save and all before it in its stream, for a sheet
 * holds every answer so far.
 * @template {Waiting} T
 * @param {T[]} waiting @param {Waiting} entry
 */
export const settledBy = (waiting, entry) =>
  waiting.filter((other) => other.stream === entry.stream && other.seq <= entry.seq);

/**
 * Whether nothing newer than this save is kept here. A host that says it holds a newer one than
 * the newest is not believed without a receipt.
 * @param {Waiting[]} waiting @param {Waiting} entry
 */
export const isNewest = (waiting, entry) =>
  !waiting.some((other) => other.stream === entry.stream && other.seq > entry.seq);

/**
 * The next save to send: those of the open sittings first, newest number first.
 * @template {Waiting} T
 * @param {T[]} waiting @param {...string} own the streams of this page
 * @returns {T | undefined}
 */
export const next = (waiting, ...own) =>
  [...waiting].sort(
    (a, b) =>
      Number(own.includes(b.stream)) - Number(own.includes(a.stream)) ||
      (a.stream < b.stream ? -1 : Number(a.stream > b.stream)) ||
      b.seq - a.seq,
  )[0];

/**
 * What to do with a save after an attempt.
 * @param {Outcome} outcome
 * @param {{own: boolean, newest: boolean}} is of an open sitting, which alone can save anew; the newest here of its stream
 * @returns {Verdict}
 */
export function verdict(outcome, { own, newest }) {
  if ("receipt" in outcome) {
    if (outcome.receipt === "true") return "kept";
    if (outcome.receipt === "false") return "blocked";
    return newest ? "again" : "kept";
  }
  if (outcome.altered) return "blocked";
  if (outcome.status === 409) return own ? "renew" : "refused";
  if (outcome.status === 423) return "closed";
  if ([400, 403, 413].includes(outcome.status)) return "refused";
  return "again";
}

/**
 * How long to wait after so many failures in a row; `chance` in [0, 1) spreads a whole class.
 * @param {number} failures @param {number} chance @param {number} askedMs what the host asked for, or 0
 */
export function waitMs(failures, chance, askedMs = 0) {
  const doublings = Math.min(Math.max(failures - 1, 0), MOST_DOUBLINGS);
  const longest = Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS);
  const own = longest * (0.5 + chance / 2);
  return Math.round(Math.max(own, Math.min(askedMs, LONGEST_ASKED_MS) * (1 + chance / 2)));
}

/**
 * When to send what changed: a few seconds after the last change, and never more often than about
 * every 20 s however long the pupil goes on. All times are of one clock that only goes forward.
 * @param {{sinceMs: number, changedMs: number, sentMs: number}} times first and last change not sent yet; last attempt
 * @param {number} chance in [0, 1), spreads a whole class @param {boolean} hurried only memory holds it
 */
export function dueMs({ sinceMs, changedMs, sentMs }, chance, hurried = false) {
  const spread = (0.75 + chance / 2) / (hurried ? HURRIED : 1);
  const idle = Math.min(changedMs + IDLE_MS * spread, sinceMs + GAP_MS * spread);
  return Math.max(idle, sentMs + GAP_MS * spread);
}

/** When to send what says only that time went by: the disk has it, the host need not be asked soon. @param {number} sentMs @param {number} chance */
export const calmMs = (sentMs, chance) => sentMs + CALM_MS * (0.75 + chance / 2);
