// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A text read aloud for a minute: which words were misread or hesitated on, the last word, and
 * words read correctly in a minute. docs/spec/keying.md, mask `fluency`.
 *
 * Pure: times are arguments. Knows a text; never who reads it.
 * @module
 */

/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../rules/entries.js").Entry} Entry */
/** @typedef {"wrong" | "hesitated"} Note */
/**
 * `words`: identifiers, in the order of the text; `seconds`: from start to stop; `last`: rank of
 * the last word read, from 1, 0 when none was; null until it is told.
 * @typedef {{phase: "ready" | "reading" | "stopped", words: string[], limit_s: number, began_ms: number,
 *   seconds: number, last: number | null, wrong: string[], hesitated: string[]}} Reading
 */
/** @typedef {{correct: number, last: number, seconds: number, wrong: number, hesitated: number}} Outcome */

const USUAL_S = 60;

/** A reading that has not begun. @param {Field} field @returns {Reading} */
export const ready = (field) => ({
  phase: "ready", words: (field.words ?? []).map(({ id }) => id), limit_s: field.seconds ?? USUAL_S,
  began_ms: 0, seconds: 0, last: null, wrong: [], hesitated: [],
});

/** The reading that was kept, to be corrected; one that has not begun where none was timed. @param {Field} field @param {Entry} entry @returns {Reading} */
export function recalled(field, entry) {
  const { LAST: [last] = [], SECONDS: [seconds] = [], WRONG: wrong = [] } = entry.r;
  const fresh = ready(field);
  if (last === undefined || seconds === undefined) return fresh;
  const hesitated = entry.r[`${field.response}.hesitated`] ?? [];
  return { ...fresh, phase: "stopped", seconds: Number(seconds), last: Number(last), wrong, hesitated };
}

/** @param {Reading} reading @param {number} now_ms @returns {Reading} */
export const started = (reading, now_ms) =>
  ({ ...reading, phase: "reading", began_ms: now_ms, seconds: 0, last: null, wrong: [], hesitated: [] });

/** Seconds left, whole, rounded up. @param {Reading} reading @param {number} now_ms */
export function left_s(reading, now_ms) {
  if (reading.phase === "ready") return reading.limit_s;
  if (reading.phase === "stopped") return reading.limit_s - reading.seconds;
  return Math.max(0, Math.ceil(reading.limit_s - (now_ms - reading.began_ms) / 1000));
}

/** The reading at this moment: it stops by itself when its time is over. @param {Reading} reading @param {number} now_ms @returns {Reading} */
export const ticked = (reading, now_ms) =>
  reading.phase === "reading" && now_ms - reading.began_ms >= reading.limit_s * 1000 ? stopped(reading, now_ms) : reading;

/** @param {Reading} reading @param {number} now_ms @returns {Reading} */
export function stopped(reading, now_ms) {
  if (reading.phase !== "reading") return reading;
  const elapsed = Math.round((now_ms - reading.began_ms) / 1000);
  return { ...reading, phase: "stopped", seconds: Math.min(Math.max(elapsed, 1), reading.limit_s) };
}

/** A note on a word put, or taken back; none beyond the last word read. @param {Reading} reading @param {string} word @param {Note} note @returns {Reading} */
export function noted(reading, word, note) {
  const rank = reading.words.indexOf(word) + 1;
  if (reading.phase === "ready" || rank === 0 || rank > (reading.last ?? rank)) return reading;
  const before = reading[note];
  return { ...reading, [note]: before.includes(word) ? before.filter((other) => other !== word) : [...before, word] };
}

/** The reading with its last word told. @param {Reading} reading @param {number} last rank, 0 for none @returns {Reading} */
export const ended = (reading, last) =>
  reading.phase === "stopped" && last >= 0 && last <= reading.words.length ? { ...reading, last } : reading;

/**
 * What came out; null until the last word is told.
 *
 * Who stopped before the end of the text had the whole time: ten words and a giving up after
 * twenty seconds are ten words in a minute, not thirty.
 * @param {Reading} reading
 * @returns {Outcome | null}
 */
export function outcome(reading) {
  const { last, words, limit_s } = reading;
  if (reading.phase !== "stopped" || last === null) return null;
  const seconds = last < words.length ? limit_s : reading.seconds;
  const wrong = upTo(reading, reading.wrong).length;
  const correct = Math.floor((2 * (last - wrong) * 60 + seconds) / (2 * seconds)); // rounded half up, in whole numbers
  return { correct, last, seconds, wrong, hesitated: upTo(reading, reading.hesitated).length };
}

/**
 * What is keyed of it; null until the last word is told. @param {Field} field @param {Reading} reading
 * @param {Entry} before what stood there: an adapted version stays one
 * @returns {Entry | null}
 */
export function entryOfReading(field, reading, before) {
  const out = outcome(reading);
  if (!out) return null;
  const wrong = upTo(reading, reading.wrong);
  const hesitated = upTo(reading, reading.hesitated);
  return {
    r: {
      [field.response]: [String(out.correct)],
      LAST: [String(out.last)],
      SECONDS: [String(out.seconds)],
      ...(wrong.length ? { WRONG: wrong } : {}),
      ...(hesitated.length ? { [`${field.response}.hesitated`]: hesitated } : {}),
    },
    ...(before.mark === "adapted" ? { mark: before.mark } : {}),
  };
}

/** Those of these words that were read, in the order of the text. @param {Reading} reading @param {string[]} noted_ */
const upTo = ({ words, last }, noted_) => words.slice(0, last ?? 0).filter((word) => noted_.includes(word));
