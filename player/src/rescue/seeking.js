// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Finds the pair of nodes that serves a rescued save: its file does not say, so each is asked.
 * @module
 */

import { Refused } from "../saving/wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */

const UNKNOWN = 403;

/** Whether another pair may know the sitting. @param {unknown} fault @returns {fault is Refused} */
const mayBeElsewhere = (fault) =>
  fault instanceof Refused && (fault.status === UNKNOWN || fault.status === 0 || fault.status >= 500);

/**
 * Sends a save to one pair after the other until one knows its sitting; first to the one that knew
 * the last, for a file is of one computer, and so of one school. Throws Refused: unknown where all
 * have said so, else what the one said that did not.
 * @template T
 * @param {(body: Bytes, pair: number) => Promise<T>} send
 * @returns {(body: Bytes, pairs: number[]) => Promise<T>}
 */
export function seeker(send) {
  /** @type {number | null} */
  let knew = null;
  return async (body, pairs) => {
    let told = new Refused(UNKNOWN);
    for (const pair of [...pairs].sort((a, b) => Number(b === knew) - Number(a === knew))) {
      try {
        const said = await send(body, pair);
        knew = pair;
        return said;
      } catch (fault) {
        if (!mayBeElsewhere(fault)) throw fault;
        if (told.status === UNKNOWN) told = fault;
      }
    }
    throw told;
  };
}
