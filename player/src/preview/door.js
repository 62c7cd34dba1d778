// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What the preview asks of the command that serves it, by addresses below its own. The command
 * knows the keys; nothing that comes from it holds one.
 * @module
 */

import { opened } from "../items/bundle.js";

/** @typedef {import("../core/sheet.js").Responses} Responses */
/** @typedef {{severity: "error" | "warning", line: number, file: string, text: string}} Finding */
/**
 * @typedef {object} About one item
 * @property {string} id
 * @property {string} title
 * @property {string} section
 * @property {number | null} most the highest SCORE, where it can be told
 * @property {string} refused why it can be neither shown nor scored, or ""
 * @property {Finding[]} findings
 */
/** @typedef {{title: string, items: About[], findings: Finding[]}} Listing */
/** @typedef {{cardinality: string, baseType?: string, value?: unknown, values?: unknown[], fields?: Record<string, Typed>}} TypedValue */
/** @typedef {TypedValue | null} Typed */
/** @typedef {{score: number | null, outcomes: Record<string, Typed>, remarks: {response: string, why: string}[]}} Scored */

/** The command has ended, or refuses. */
export class Stopped extends Error {}

/** @param {string} path @param {RequestInit} [how] */
async function asked(path, how) {
  const reply = await fetch(path, how).catch(() => null);
  if (!reply?.ok) throw new Stopped(path);
  return reply;
}

/** What there is to see. @returns {Promise<Listing>} throws Stopped */
export const listing = async () => (await asked("about.json")).json();

/**
 * One item as pupils get it, with all its files.
 * @param {number} rank in the listing, from 0
 * @returns {Promise<import("../items/bundle.js").Bundle>} throws Stopped
 */
export async function booklet(rank) {
  const index = /** @type {import("../items/bundle.js").Index} */ (await (await asked(`items/${rank}.json`)).json());
  const fetched = Object.entries(index.files).map(async ([name, { sha256 }]) => {
    const bytes = await (await asked(`files/${sha256}`)).arrayBuffer();
    return /** @type {const} */ ([name, new Uint8Array(bytes)]);
  });
  return opened(index, new Map(await Promise.all(fetched)));
}

/**
 * The outcomes of one item, computed by the engine that will score pupils.
 * @param {number} rank @param {Responses} responses
 * @returns {Promise<Scored>} throws Stopped
 */
export async function scored(rank, responses) {
  const body = JSON.stringify({ item: rank, responses });
  const headers = { "content-type": "application/json" };
  return (await asked("score", { method: "POST", headers, body })).json();
}
