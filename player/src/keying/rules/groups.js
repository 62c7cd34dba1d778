// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The page of feedback: pupils by domains, groups, and what to do next.
 *
 * Pure. Groups are those of the thresholds, domain by domain; there is no total and no rank, and
 * the order of rows says who needs help in the most domains, nothing else.
 * @module
 */

import { results } from "./marking.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Domain} Domain */
/** @typedef {import("../kit.js").Group} Group */
/** @typedef {import("./marking.js").Result} Result */
/** @typedef {import("./places.js").Pupil} Pupil */
/** @typedef {import("./places.js").Sheets} Sheets */
/** @typedef {import("../strings.js").Told} Told */
/** Pupils of a domain in each group; `none`: those of whom it cannot be told yet, or at all. @typedef {Record<Group | "none", Pupil[]>} Members */
/** @typedef {{domain: Domain, members: Members}} Column */
/** @typedef {{pupil: Pupil, results: Result[]}} Row */
/** `columns` in the order of the kit; `rows` by need. @typedef {{columns: Column[], rows: Row[]}} Table */

/** @type {readonly Group[]} by need */
export const GROUPS = ["besoins", "fragile", "satisfaisant"];

/**
 * The table of a class. @param {Kit} kit @param {Pupil[]} pupils @param {Sheets} sheets
 * @returns {Table}
 */
export function table(kit, pupils, sheets) {
  const rows = pupils.map((pupil) => ({ pupil, results: results(kit, sheets.get(pupil.order)) }));
  const columns = kit.domains.map((domain, at) => ({ domain, members: membersOf(rows, at) }));
  return { columns, rows: byNeed(rows) };
}

/** @param {Row[]} rows @param {number} at rank of the domain @returns {Members} */
function membersOf(rows, at) {
  /** @type {Members} */
  const members = { besoins: [], fragile: [], satisfaisant: [], none: [] };
  for (const { pupil, results: each } of rows) members[each[at]?.group ?? "none"].push(pupil);
  return members;
}

/** Who needs help in more domains comes first; equals stay in the order of the class. @param {Row[]} rows @returns {Row[]} */
function byNeed(rows) {
  const count = (/** @type {Row} */ row, /** @type {Group} */ group) => row.results.filter((one) => one.group === group).length;
  return [...rows].sort((a, b) => count(b, "besoins") - count(a, "besoins") || count(b, "fragile") - count(a, "fragile"));
}

/** How many are in each group, in words. @param {Column} column @param {Told} tell */
export const counted = ({ members }, tell) =>
  tell.groups.counts(members.besoins.length, members.fragile.length, members.satisfaisant.length, members.none.length);

/** What to do next for a pupil in a domain: a sentence of the kit, or why there is none yet. @param {Result} result @param {Told} tell */
export function nextStep({ domain, group, awaited, open }, tell) {
  if (group) return domain.next_steps[group];
  if (awaited > 0) return tell.groups.awaited(awaited);
  return open ? tell.groups.open : tell.groups.notGiven;
}
