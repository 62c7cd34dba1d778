// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The answer sheet: the cumulative state of a sitting, docs/spec/answer-sheet.md.
 *
 * Pure: no clock, no disk, no network. Every function gives a new sheet.
 * @module
 */

/** @typedef {Record<string, string[]>} Responses */
/** @typedef {[epoch: number, event: number, stream: string]} Stamp */
/** What a teacher notes of a paper item beside or in place of an answer; docs/spec/keying.md. @typedef {"blank" | "open" | "adapted" | "unfit" | "absent" | "exempt" | "left"} Mark */
/** @typedef {{r: Responses, t_ms: number, n: number, stamp: Stamp, mark?: Mark}} ItemAnswer */
/** What is keyed of one item. @typedef {{r: Responses, mark?: Mark | undefined}} Entry */
/** @typedef {"sign-in" | "reload" | "offline" | "online" | "pause" | "resume" | "time-up" | "finish"} EventKind */
/** @typedef {{kind: EventKind, stamp: Stamp}} SheetEvent */
/**
 * Where the pupil is in the test: the item shown, those to look at again, and the milliseconds
 * spent in each element that has a time limit ("" is the test).
 * @typedef {{at: string, flags: string[], spent: Record<string, number>, stamp: Stamp}} Course
 */
/**
 * Settings of the page, as "name:value": designated beforehand, offered by the player, used at some
 * time; and those in force, by name.
 * @typedef {{designated: string[], available: string[], used: string[], now: Record<string, string>, stamp: Stamp}} Supports
 */
/**
 * @typedef {object} Sheet
 * @property {1} v
 * @property {string} bundle 16 hex digits
 * @property {Record<string, ItemAnswer>} items
 * @property {SheetEvent[]} events
 * @property {Course} [test]
 * @property {Supports} [supports]
 */
/** Who writes: which device, which stream. @typedef {{epoch: number, stream: string}} Hand */

const MAX_FILES = 120_000; // characters; the largest envelope holds 128 KiB, a third of it in base64 for nothing
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
 * The sheet with what was keyed of this item; the same sheet when nothing changed.
 * @param {Sheet} sheet @param {string} item @param {Entry} entry @param {Hand} hand
 * @returns {Sheet}
 */
export function keyed(sheet, item, { r, mark }, hand) {
  const before = sheet.items[item];
  if (same(before?.r ?? {}, r) && before?.mark === mark) return sheet;
  const now = { t_ms: before?.t_ms ?? 0, n: (before?.n ?? 0) + 1, r, ...(mark ? { mark } : {}) };
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
 * The sheet with the pupil at this item. @param {Sheet} sheet @param {string} at @param {Hand} hand
 * @returns {Sheet}
 */
export const placed = (sheet, at, hand) =>
  sheet.test?.at === at ? sheet : { ...sheet, test: { ...courseOf(sheet, hand), at, stamp: stamp(sheet, hand) } };

/**
 * The sheet with this item marked to be looked at again, or not.
 * @param {Sheet} sheet @param {string} item @param {boolean} on @param {Hand} hand
 * @returns {Sheet}
 */
export function flagged(sheet, item, on, hand) {
  const course = courseOf(sheet, hand);
  if (course.flags.includes(item) === on) return sheet;
  const flags = on ? [...course.flags, item] : course.flags.filter((other) => other !== item);
  return { ...sheet, test: { ...course, flags, stamp: stamp(sheet, hand) } };
}

/**
 * The sheet with more time spent in these elements; says nothing of where the pupil is, so the
 * stamp stays. @param {Sheet} sheet @param {string[]} keys @param {number} ms @param {Hand} hand
 * @returns {Sheet}
 */
export function spent(sheet, keys, ms, hand) {
  const whole = Math.max(0, Math.round(ms));
  if (whole === 0 || keys.length === 0) return sheet;
  const course = courseOf(sheet, hand);
  const more = Object.fromEntries(keys.map((key) => [key, (course.spent[key] ?? 0) + whole]));
  return { ...sheet, test: { ...course, spent: { ...course.spent, ...more } } };
}

/**
 * The sheet with these settings in force; what was once used stays noted.
 * @param {Sheet} sheet @param {{designated: string[], available: string[], used: string[], now: Record<string, string>}} made @param {Hand} hand
 * @returns {Sheet}
 */
export function supported(sheet, { designated, available, used, now }, hand) {
  const before = sheet.supports;
  const all = [...new Set([...(before?.used ?? []), ...used])].sort();
  return { ...sheet, supports: { designated, available, used: all, now, stamp: stamp(sheet, hand) } };
}

/** @param {Sheet} sheet @param {Hand} hand @returns {Course} */
const courseOf = (sheet, hand) => sheet.test ?? { at: "", flags: [], spent: {}, stamp: [0, 0, hand.stream] };

/**
 * Two sheets as one: per item the answer of the highest stamp; every event once; where the pupil
 * was last, and of each time the longest.
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
  const test = later(a.test, b.test);
  const supports = bothSupports(a.supports, b.supports);
  return { ...a, items, events: sorted, ...(test ? { test } : {}), ...(supports ? { supports } : {}) };
}

/** @param {Supports | undefined} a @param {Supports | undefined} b @returns {Supports | undefined} */
function bothSupports(a, b) {
  if (!a || !b) return a ?? b;
  const used = [...new Set([...a.used, ...b.used])].sort();
  return { ...(order(a.stamp, b.stamp) < 0 ? b : a), used };
}

/** @param {Course | undefined} a @param {Course | undefined} b @returns {Course | undefined} */
function later(a, b) {
  if (!a || !b) return a ?? b;
  /** @type {Record<string, number>} */
  const spent_ = { ...a.spent };
  for (const [key, ms] of Object.entries(b.spent)) spent_[key] = Math.max(ms, spent_[key] ?? 0);
  return { ...(order(a.stamp, b.stamp) < 0 ? b : a), spent: spent_ };
}

/** Negative when a comes before b. @param {Stamp} a @param {Stamp} b */
export function order(a, b) {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : Number(a[2] > b[2]);
}

/** The highest event number in a sheet; 0, which no answer has, when it holds none. @param {Sheet} sheet */
export function lastEvent(sheet) {
  const stamped = [...Object.values(sheet.items), ...sheet.events, ...(sheet.test ? [sheet.test] : []), ...(sheet.supports ? [sheet.supports] : [])];
  const stamps = stamped.map((holder) => holder.stamp[1]);
  return stamps.reduce((highest, event) => Math.max(highest, event), 0);
}

/** After a response's name: what is kept beside an answer and is none. */
const NOTES = [".struck", ".hesitated"];

/** Whether there is an answer to this item, or a mark that closes it. @param {Sheet} sheet @param {string} item */
export function isAnswered(sheet, item) {
  const answer = sheet.items[item];
  return answer?.mark ? answer.mark !== "open" : hasAnswer(answer?.r);
}

/** @param {Responses | undefined} responses */
const hasAnswer = (responses) =>
  Object.entries(responses ?? {}).some(([name, values]) => !isNote(name) && values.some((value) => value !== ""));

/** @param {string} response */
const isNote = (response) => NOTES.some((note) => response.endsWith(note));

/**
 * Whether files and drawings still fit in an envelope with this answer: they do not pack.
 * @param {Sheet} sheet @param {string} item @param {Responses} responses
 */
export function fits(sheet, item, responses) {
  const others = Object.entries(sheet.items).filter(([name]) => name !== item).map(([, answer]) => answer.r);
  const files = [...others, responses].flatMap((r) => Object.values(r).flat()).filter((value) => value.startsWith("data:"));
  return files.reduce((sum, file) => sum + file.length, 0) <= MAX_FILES;
}

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
