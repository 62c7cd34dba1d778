// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The rescue file: saves that wait on a computer without a network, to be sent from another one.
 * docs/spec/rescue.md. What shows who the pupil is (`auth`) stays here: each save carries instead
 * a proof that is good for it alone.
 * @module
 */

import { big, concat, equal, sha256, utf8 } from "../core/bytes.js";
import { proved } from "../saving/wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */

const MAGIC = utf8("ER1");
const RESCUED = utf8("SV2");
const SUM = 32;
const LEAST_SAVE = 41;
const MOST_BYTES = 32 * 1024 * 1024;

/** @param {Bytes[]} bodies packed saves as they wait, SV1 @returns {Promise<Bytes>} */
export async function write(bodies) {
  const saves = await Promise.all(bodies.map(proved));
  const all = concat(...saves.flatMap((save) => [big(save.length, 4), save]));
  return concat(MAGIC, await sha256(all), all);
}

/** Not a rescue file, or not all of it. */
export class NotRescue extends Error {}

/**
 * The saves of a rescue file, ready to be sent; throws NotRescue.
 * @param {Bytes} file
 * @returns {Promise<Bytes[]>}
 */
export async function read(file) {
  const all = file.slice(MAGIC.length + SUM);
  const whole = file.length <= MOST_BYTES && equal(file.slice(0, MAGIC.length), MAGIC);
  if (!whole || !equal(file.slice(MAGIC.length, MAGIC.length + SUM), await sha256(all))) throw new NotRescue();
  const saves = [];
  for (let at = 0; at < all.length; ) {
    const size = at + 4 <= all.length ? new DataView(all.buffer, all.byteOffset + at).getUint32(0) : 0;
    const save = all.slice(at + 4, at + 4 + size);
    if (size < LEAST_SAVE || save.length !== size || !equal(save.slice(0, 3), RESCUED)) throw new NotRescue();
    saves.push(save);
    at += 4 + size;
  }
  return saves;
}

/** @param {Bytes} file */
export const nameOf = (file) =>
  `secours-${Array.from(file.slice(3, 6), (byte) => byte.toString(16).padStart(2, "0")).join("")}.encrier`;
