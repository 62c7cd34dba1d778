// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What is keyed of one item: read from a sheet, told apart, compared. docs/spec/keying.md, "Marks".
 *
 * Pure. Knows an item and its entry; never whose they are.
 * @module
 */

/** @typedef {import("../../core/sheet.js").Entry} Entry */
/** @typedef {import("../../core/sheet.js").Mark} Mark */
/** @typedef {import("../../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../kit.js").Choice} Choice */

/** Nothing is keyed: never said, or taken back. @type {Entry} */
export const OPEN = Object.freeze({ r: Object.freeze({}), mark: "open" });

/** Marks of an item that the pupil was not given. @type {ReadonlySet<Mark | undefined>} */
export const NOT_GIVEN = new Set(/** @type {const} */ (["unfit", "absent", "exempt", "left"]));

const NUMBERS = new Set(["number", "time", "fluency"]);

/**
 * What is keyed of an item; `OPEN` of one that is not on the sheet, or was only looked at.
 * @param {Sheet | undefined} sheet none: nothing is keyed of this pupil
 * @param {string} item
 * @returns {Entry}
 */
export function entryOf(sheet, item) {
  const answer = sheet?.items[item];
  if (answer?.mark) return { r: answer.r, mark: answer.mark };
  return answer && hasValue(answer.r) ? { r: answer.r } : OPEN;
}

/** Whether nothing more is awaited: an answer, or a mark that closes it. @param {Entry} entry */
export const isSaid = ({ r, mark }) => (mark ? mark !== "open" : hasValue(r));

/** Whether it is said, and of an item that the pupil was given. @param {Entry} entry */
export const isGiven = (entry) => isSaid(entry) && !NOT_GIVEN.has(entry.mark);

/** Whether the pupil was given the item and wrote nothing. @param {Field} field @param {Entry} entry */
export const isEmpty = (field, entry) => isGiven(entry) && valuesOf(field, entry).length === 0;

/** What is circled, keyed or counted. @param {Field} field @param {Entry} entry @returns {string[]} */
export const valuesOf = (field, entry) => (entry.r[field.response] ?? []).filter((value) => value !== "");

/** What the pupil struck out. @param {Field} field @param {Entry} entry @returns {string[]} */
export const struckOf = (field, entry) => entry.r[`${field.response}.struck`] ?? [];

/** What may be chosen of a field, in the order of the paper. @param {Field} field @returns {Choice[]} */
export const choicesOf = (field) => field.choices ?? field.words ?? [];

/** Whether digits are keyed. @param {Field} field */
export const isNumber = (field) => NUMBERS.has(field.mask);

/**
 * An entry as the marking table names it: identifiers sorted and joined by a space, or the number
 * without leading zeros; the empty text where the pupil wrote nothing.
 * @param {Field} field @param {Entry} entry
 */
export function answerKey(field, entry) {
  const values = valuesOf(field, entry);
  return isNumber(field) ? values.map(canonical).join(" ") : [...values].sort().join(" ");
}

/** A number as it is kept. @param {string} digits */
export const canonical = (digits) => digits.replace(/^0+(?=\d)/, "");

/** An entry in words. @param {Field} field @param {Entry} entry @param {import("../strings.js").Told} tell */
export function entryCalled(field, entry, tell) {
  if (entry.mark && entry.mark !== "adapted") return tell.marks[entry.mark];
  const labels = valuesOf(field, entry).map((value) => choicesOf(field).find(({ id }) => id === value)?.label || value);
  const said = labels.length ? tell.quoted(labels) : tell.marks[isSaid(entry) ? "blank" : "open"];
  return entry.mark ? `${said} (${tell.marks.adapted})` : said;
}

/** Whether two entries say the same. @param {Entry} one @param {Entry} other */
export const same = (one, other) => told(one) === told(other);

/** @param {Entry} entry */
function told(entry) {
  const said = Object.entries(entry.r).filter(([, values]) => values.length > 0);
  return JSON.stringify([entry.mark ?? (isSaid(entry) ? "" : "open"), said.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** @param {import("../../core/sheet.js").Responses} r */
const hasValue = (r) => Object.values(r).some((values) => values.some((value) => value !== ""));
