// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What to send next, and what an answer of the host means. Pure: no clock, no disk, no network.
 *
 * A save is sent as the bytes that were stored, again and again until a receipt covers them; a
 * newer save takes the place of an older one only while nobody can have seen the older one.
 * @module
 */

/** @typedef {Pick<import("./disk.js").Entry, "stream" | "seq" | "tried">} Waiting */
/**
 * What one attempt gave.
 * @typedef {{receipt: "true" | "false" | "newer"} | {status: number}} Outcome
 */
/**
 * kept: take it away. again: same bytes, later. renew: save anew under the next number, and only
 * then take it away. refused, closed: keep it here, stop, tell the pupil.
 * @typedef {"kept" | "again" | "renew" | "refused" | "closed"} Verdict
 */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const MOST_DOUBLINGS = 6;

/**
 * The older saves of a stream that a new one replaces: those that never left.
 * @template {Waiting} T
 * @param {T[]} waiting @param {string} stream
 */
export const replaced = (waiting, stream) =>
  waiting.filter((entry) => entry.stream === stream && !entry.tried);

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
  settledBy(waiting, entry).some((other) => other.seq === entry.seq) &&
  !waiting.some((other) => other.stream === entry.stream && other.seq > entry.seq);

/**
 * The next save to send: those of the open sitting first, oldest number first.
 * @template {Waiting} T
 * @param {T[]} waiting @param {string} own the stream of this page, or ""
 * @returns {T | undefined}
 */
export const next = (waiting, own) =>
  [...waiting].sort(
    (a, b) =>
      Number(b.stream === own) - Number(a.stream === own) ||
      (a.stream < b.stream ? -1 : Number(a.stream > b.stream)) ||
      a.seq - b.seq,
  )[0];

/**
 * What to do with a save after an attempt.
 * @param {Outcome} outcome
 * @param {{own: boolean, newest: boolean}} is of the open sitting, which alone can save anew; the newest here of its stream
 * @returns {Verdict}
 */
export function verdict(outcome, { own, newest }) {
  if ("receipt" in outcome) {
    return outcome.receipt === "true" || (outcome.receipt === "newer" && !newest) ? "kept" : "again";
  }
  if (outcome.status === 409) return own ? "renew" : "refused";
  if (outcome.status === 423) return "closed";
  if ([400, 403, 413].includes(outcome.status)) return "refused";
  return "again";
}

/**
 * How long to wait after so many failures in a row; `chance` in [0, 1) spreads a whole class.
 * @param {number} failures @param {number} chance
 */
export function waitMs(failures, chance) {
  const doublings = Math.min(Math.max(failures - 1, 0), MOST_DOUBLINGS);
  const longest = Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS);
  return Math.round(longest * (0.5 + chance / 2));
}
