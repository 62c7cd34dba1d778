// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The answer sheet: the cumulative state of a sitting, docs/spec/answer-sheet.md.
 *
 * Pure: no clock, no disk, no network. Every function gives a new sheet.
 * @module
 */

/** @typedef {Record<string, string[]>} Responses */
/** @typedef {[epoch: number, event: number, stream: string]} Stamp */
/** @typedef {{r: Responses, t_ms: number, n: number, stamp: Stamp}} ItemAnswer */
/** @typedef {"sign-in" | "reload" | "offline" | "online" | "finish"} EventKind */
/** @typedef {{kind: EventKind, stamp: Stamp}} SheetEvent */
/**
 * @typedef {object} Sheet
 * @property {1} v
 * @property {string} bundle 16 hex digits
 * @property {Record<string, ItemAnswer>} items
 * @property {SheetEvent[]} events
 */
/** Who writes: which device, which stream. @typedef {{epoch: number, stream: string}} Hand */

const MAX_EVENTS = 900; // the reader refuses more than 1,000

/** @param {string} bundle @returns {Sheet} */
export const blank = (bundle) => ({ v: 1, bundle, items: {}, events: [] });

/**
 * The sheet with this answer; the same sheet when nothing changed.
 * @param {Sheet} sheet @param {string} item @param {Responses} responses @param {Hand} hand
 * @returns {Sheet}
 */
export function answered(sheet, item, responses, hand) {
  const before = sheet.items[item];
  if (same(before?.r ?? {}, responses)) return sheet;
  const now = { t_ms: before?.t_ms ?? 0, n: (before?.n ?? 0) + 1, r: responses };
  return put(sheet, item, { ...now, stamp: stamp(sheet, hand) });
}

/**
 * The sheet with more time spent on an item; a first visit makes the item known as seen.
 * Looking changes no answer: the stamp stays, and that of an item only seen is the lowest, so
 * that a device which shows an item without an answer never wins over one that took an answer.
 * @param {Sheet} sheet @param {string} item @param {number} ms @param {Hand} hand
 * @returns {Sheet}
 */
export function seen(sheet, item, ms, hand) {
  const whole = Math.max(0, Math.round(ms));
  const before = sheet.items[item];
  if (before && whole === 0) return sheet;
  const known = before ?? { r: {}, t_ms: 0, n: 0, stamp: [0, 0, hand.stream] };
  return put(sheet, item, { ...known, t_ms: known.t_ms + whole });
}

/**
 * The sheet with one more event; when there are too many, the oldest cut and return of the
 * network are forgotten first.
 * @param {Sheet} sheet @param {EventKind} kind @param {Hand} hand
 * @returns {Sheet}
 */
export function happened(sheet, kind, hand) {
  const events = [...sheet.events, { kind, stamp: stamp(sheet, hand) }];
  while (events.length > MAX_EVENTS) {
    const minor = events.findIndex((e) => e.kind === "offline" || e.kind === "online");
    events.splice(Math.max(minor, 0), 1);
  }
  return { ...sheet, events };
}

/**
 * Two sheets as one: per item the answer of the highest stamp; every event once.
 * Any order of merging gives the same sheet.
 * @param {Sheet} a @param {Sheet} b
 * @returns {Sheet}
 */
export function merged(a, b) {
  /** @type {Record<string, ItemAnswer>} */
  const items = { ...a.items };
  for (const [id, answer] of Object.entries(b.items)) {
    const mine = items[id];
    if (!mine || (order(mine.stamp, answer.stamp) || mine.t_ms - answer.t_ms) < 0) items[id] = answer;
  }
  /** @type {Map<string, SheetEvent>} */
  const events = new Map();
  for (const event of [...a.events, ...b.events]) events.set(JSON.stringify(event), event);
  const sorted = [...events.values()].sort(
    (x, y) => order(x.stamp, y.stamp) || (x.kind < y.kind ? -1 : 1),
  );
  return { ...a, items, events: sorted };
}

/** Negative when a comes before b. @param {Stamp} a @param {Stamp} b */
export function order(a, b) {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : Number(a[2] > b[2]);
}

/** The highest event number in a sheet; 0, which no answer has, when it holds none. @param {Sheet} sheet */
export function lastEvent(sheet) {
  const stamps = [...Object.values(sheet.items), ...sheet.events].map((holder) => holder.stamp[1]);
  return stamps.reduce((highest, event) => Math.max(highest, event), 0);
}

/** Whether there is an answer to this item. @param {Sheet} sheet @param {string} item */
export const isAnswered = (sheet, item) => hasAnswer(sheet.items[item]?.r);

/** @param {Responses | undefined} responses */
const hasAnswer = (responses) =>
  Object.values(responses ?? {}).some((values) => values.some((value) => value !== ""));

/** Part of these items that are answered, whole percents, rounded down. @param {Sheet} sheet @param {string[]} items */
export function progress(sheet, items) {
  const done = items.filter((item) => isAnswered(sheet, item)).length;
  return items.length ? Math.floor((100 * done) / items.length) : 0;
}

/**
 * How many answers of a sheet are newer than those of another.
 * @param {Sheet} sheet @param {Sheet} than
 */
export const newer = (sheet, than) =>
  Object.entries(sheet.items).filter(([item, answer]) => {
    const other = than.items[item];
    return answer.n > 0 && (!other || order(answer.stamp, other.stamp) > 0);
  }).length;

/**
 * A sheet read back from a box; throws when it is not one.
 * @param {string} json @param {string} bundle
 * @returns {Sheet}
 */
export function read(json, bundle) {
  const sheet = JSON.parse(json);
  if (sheet.v !== 1 || sheet.bundle !== bundle || !sheet.items || !Array.isArray(sheet.events)) {
    throw new TypeError("not a sheet of this bundle");
  }
  return sheet;
}

/** @param {Sheet} sheet @param {Hand} hand @returns {Stamp} */
const stamp = (sheet, hand) => [hand.epoch, lastEvent(sheet) + 1, hand.stream];

/** @param {Sheet} sheet @param {string} item @param {ItemAnswer} answer @returns {Sheet} */
const put = (sheet, item, answer) => ({ ...sheet, items: { ...sheet.items, [item]: answer } });

/** @param {Responses} a @param {Responses} b */
function same(a, b) {
  const ids = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...ids].every((id) => JSON.stringify(a[id] ?? []) === JSON.stringify(b[id] ?? []));
}
