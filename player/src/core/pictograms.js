// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Three pictograms and four letters of a sitting, the same as on the slip (kernel/encrier/pictograms.py).
 * @module
 */

import every from "../../../kernel/encrier/pictograms.json" with { type: "json" };
import { sha256 } from "./bytes.js";
import { LETTERS } from "./codes.js";

/** @typedef {{id: string, label: string, svg: string}} Pictogram */

/**
 * Indices are the first three groups of six bits of SHA-256(sid).
 * @param {import("./bytes.js").Bytes} sid @returns {Promise<Pictogram[]>}
 */
export async function ofSitting(sid) {
  const sum = await sha256(sid);
  const bits = ((sum[0] ?? 0) << 16) | ((sum[1] ?? 0) << 8) | (sum[2] ?? 0);
  return [18, 12, 6].map((shift) => /** @type {Pictogram} */ (every[(bits >> shift) & 63]));
}

/**
 * Four letters that tell the supervisor which slip is used on this screen. They open nothing.
 * @param {import("./bytes.js").Bytes} sid @returns {Promise<string>}
 */
export async function lettersOf(sid) {
  const drawn = (await sha256(sid)).slice(3, 7);
  return Array.from(drawn, (byte) => LETTERS[byte % LETTERS.length]).join("");
}
