// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What one key, or one press of the mouse, does in a field.
 *
 * | key | does |
 * |---|---|
 * | digits, of the pad or of the top row, Shift or not | choose by rank or by code; write a number |
 * | Space, `-` of the pad | nothing written |
 * | Backspace | the last digit, then the whole entry, taken back |
 * | Delete, `.` of the pad | the entry taken back |
 * | `a`, `x` | adapted version; cannot be adapted |
 * | `j`, `f` (judge) | right, wrong |
 *
 * The entry changes with each digit, so that none waits unkept for a key that closes it. `pending`
 * is what was typed and may go on ("1" of 12, "a" before an answer on an adapted version); whoever
 * moves to another field begins there with "".
 *
 * Pure. Knows a field and its entry; never a pupil.
 * @module
 */

import { OPEN, canonical, choicesOf, isNumber, same, struckOf, valuesOf } from "./entries.js";

/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../kit.js").Mask} Mask */
/** @typedef {import("./entries.js").Entry} Entry */
/** What of a keyboard event counts. @typedef {{key: string, code: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} Key */
/** `done`: the field needs no more, the next may come. @typedef {{entry: Entry, pending: string, done: boolean}} Pressed */
/** @typedef {{field: Field, entry: Entry, typed: string, adapted: boolean}} Typing */

/** @type {{mark: import("./entries.js").Mark}} */
const BESIDE = { mark: "adapted" };
const ADAPTED = "a"; // begins `pending` until there is an answer to note it beside
const USUAL_DIGITS = 3;
/** Of these the pupil's own pencil may strike out; in the others a teacher judges, or strikes are the answer. @type {ReadonlySet<Mask>} */
const STRUCK = new Set(/** @type {const} */ (["circle", "words"]));
/** @type {Record<string, (field: Field, entry: Entry, pending: string) => Pressed>} */
const ACTS = {
  " ": blank, "-": blank, backspace: shortened, delete: takenBack, a: adapted, x: unfit,
};
/** @type {Record<string, string>} */
const JUDGED = { j: "1", f: "0" };

/**
 * What a key does; null when it is not for this field.
 * @param {Field} field @param {Entry} entry @param {string} pending @param {Key} key
 * @returns {Pressed | null}
 */
export function press(field, entry, pending, key) {
  if (key.ctrlKey || key.altKey || key.metaKey) return null;
  const digit = digitOf(key) ?? (field.mask === "judge" ? (JUDGED[key.key.toLowerCase()] ?? null) : null);
  if (digit !== null) return typing(field, entry, pending, digit);
  const name = key.code === "NumpadDecimal" ? "delete" : key.key.toLowerCase();
  return Object.hasOwn(ACTS, name) ? (ACTS[name]?.(field, entry, pending) ?? null) : null;
}

/**
 * A press on a choice with the mouse or a finger: chosen, then struck out where a pupil may have
 * struck out, then neither.
 * @param {Field} field @param {Entry} entry @param {string} choice identifier
 * @returns {Entry}
 */
export function pointer(field, entry, choice) {
  const chosen = valuesOf(field, entry);
  const struck = struckOf(field, entry);
  const isAdapted = entry.mark === "adapted";
  const without = (/** @type {string[]} */ ids) => ids.filter((id) => id !== choice);
  if (struck.includes(choice)) return answer(field, chosen, without(struck), isAdapted);
  if (!chosen.includes(choice)) return chose(field, entry, choice, isAdapted);
  return answer(field, without(chosen), STRUCK.has(field.mask) ? [...struck, choice] : struck, isAdapted);
}

/** What to type for each choice of a field, in their order. @param {Field} field @returns {string[]} */
export function namesOf(field) {
  const ids = choicesOf(field).map(({ id }) => id);
  const byCode = field.mask === "judge" || (field.mask === "code" && ids.some((id) => /^\d+$/.test(id)));
  return byCode ? ids : ids.map((_, at) => String(at + 1)); // a rank beside codes that are digits would be another code
}

/** The digit of a key, whatever the layout says is on it; null when it is none. @param {Key} key */
function digitOf({ key, code }) {
  if (/^\d$/.test(key)) return key;
  return /^Digit\d$/.test(code) ? code.charAt(5) : null; // not of the pad: without Num Lock it moves
}

/** @param {Field} field @param {Entry} entry @param {string} pending @param {string} digit @returns {Pressed | null} */
function typing(field, entry, pending, digit) {
  const waits = pending.startsWith(ADAPTED);
  const typed = waits ? pending.slice(ADAPTED.length) : pending;
  const at = { field, entry, typed, adapted: waits || entry.mark === "adapted" };
  if (isNumber(field)) return numbered(at, digit);
  return named(at, typed + digit) ?? named({ ...at, typed: "" }, digit);
}

/** @param {Typing} at @param {string} digit @returns {Pressed | null} */
function numbered({ field, entry, typed, adapted: isAdapted }, digit) {
  if (entry.r.LAST) return null; // a reading that was timed is corrected where it was taken
  const most = field.digits ?? USUAL_DIGITS;
  const whole = typed + digit;
  const done = whole.length >= most;
  return { entry: number(field, whole, isAdapted), pending: done ? "" : whole, done };
}

/** The choice of this name, or a name that begins so; null when none does. @param {Typing} at @param {string} whole @returns {Pressed | null} */
function named({ field, entry, typed, adapted: isAdapted }, whole) {
  const names = namesOf(field);
  const ids = choicesOf(field).map(({ id }) => id);
  const choice = ids[names.indexOf(whole)];
  const goesOn = names.some((name) => name !== whole && name.startsWith(whole));
  if (choice === undefined) return goesOn ? { entry, pending: (isAdapted ? ADAPTED : "") + whole, done: false } : null;
  const shorter = ids[names.indexOf(typed)]; // chosen on the way: "1" of "12"
  const before = shorter === undefined ? entry : toggled(field, entry, shorter, isAdapted);
  const after = toggled(field, before, choice, isAdapted);
  const most = field.most ?? 1;
  const full = most > 0 && valuesOf(field, after).length >= most && valuesOf(field, after).includes(choice);
  return { entry: after, pending: goesOn ? whole : "", done: full && !goesOn };
}

/** A choice by the keyboard: again, it is taken back where several may be chosen. @param {Field} field @param {Entry} entry @param {string} choice @param {boolean} isAdapted */
function toggled(field, entry, choice, isAdapted) {
  const chosen = valuesOf(field, entry);
  if (!chosen.includes(choice) || (field.most ?? 1) === 1) return chose(field, entry, choice, isAdapted);
  return answer(field, chosen.filter((id) => id !== choice), struckOf(field, entry), isAdapted);
}

/** One more choice: in the place of the other where there is one at most, none where there are enough. @param {Field} field @param {Entry} entry @param {string} choice @param {boolean} isAdapted */
function chose(field, entry, choice, isAdapted) {
  const most = field.most ?? 1;
  const chosen = most === 1 ? [] : valuesOf(field, entry);
  if (most > 1 && chosen.length >= most) return entry;
  return answer(field, [...chosen, choice], struckOf(field, entry).filter((id) => id !== choice), isAdapted);
}

/**
 * What is chosen and struck out, as it is kept: in the order of the paper, however it was keyed.
 * @param {Field} field @param {string[]} chosen @param {string[]} struck @param {boolean} isAdapted
 * @returns {Entry}
 */
function answer(field, chosen, struck, isAdapted) {
  if (chosen.length + struck.length === 0) return OPEN;
  const ordered = (/** @type {string[]} */ ids) => choicesOf(field).map(({ id }) => id).filter((id) => ids.includes(id));
  return {
    r: {
      ...(chosen.length ? { [field.response]: ordered(chosen) } : {}),
      ...(struck.length ? { [`${field.response}.struck`]: ordered(struck) } : {}),
    },
    ...(isAdapted ? BESIDE : {}),
  };
}

/** @param {Field} field @param {string} digits @param {boolean} isAdapted @returns {Entry} */
const number = (field, digits, isAdapted) => ({
  r: { [field.response]: [canonical(digits)] },
  ...(isAdapted ? BESIDE : {}),
});

/** @param {Field} _field @param {Entry} entry @param {string} pending @returns {Pressed} */
function blank(_field, entry, pending) {
  const isAdapted = entry.mark === "adapted" || pending.startsWith(ADAPTED);
  return { entry: { r: {}, mark: isAdapted ? "adapted" : "blank" }, pending: "", done: true };
}

/** @returns {Pressed} */
function takenBack() {
  return { entry: OPEN, pending: "", done: false };
}

/** @param {Field} field @param {Entry} entry @param {string} pending @returns {Pressed} */
function shortened(field, entry, pending) {
  if (pending === ADAPTED) return { entry, pending: "", done: false };
  const left = pending.slice(0, -1);
  if (!isNumber(field) || left === "") return takenBack();
  return { entry: number(field, left, entry.mark === "adapted"), pending: left, done: false };
}

/** @param {Field} field @param {Entry} entry @param {string} pending @returns {Pressed} */
function adapted(field, entry, pending) {
  const { r, mark } = entry;
  if (mark === "adapted") return { entry: hasAny(entry) ? { r } : { r: {}, mark: "blank" }, pending: "", done: false };
  if (mark === "blank" || hasAny(entry)) return { entry: { r, mark: "adapted" }, pending: isNumber(field) ? pending : "", done: false };
  return { entry, pending: pending === ADAPTED ? "" : ADAPTED, done: false };
}

/** @param {Field} _field @param {Entry} entry @returns {Pressed} */
function unfit(_field, entry) {
  return entry.mark === "unfit" ? takenBack() : { entry: { r: {}, mark: "unfit" }, pending: "", done: true };
}

/** @param {Entry} entry */
const hasAny = (entry) => !same({ r: entry.r }, OPEN);
