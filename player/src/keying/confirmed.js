// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Doubts that the teacher has answered on this computer, so that none is asked twice. A doubt names
 * what was keyed: they lie closed under the key of the class.
 * @module
 */

import * as boxes from "../core/boxes.js";
import { text, utf8 } from "../core/bytes.js";
import * as store from "./store.js";

const LABEL = utf8("keying-confirmed/v1");

/** @typedef {{all: () => ReadonlySet<string>, add: (key: string) => Promise<void>}} Confirmed */

/** @param {string} division @param {CryptoKey} key of the ring @returns {Promise<Confirmed>} */
export async function confirmed(division, key) {
  const keys = new Set(await read(division, key));
  return {
    all: () => keys,
    async add(doubt) {
      keys.add(doubt);
      await store.keepConfirmed(division, await boxes.close(utf8(JSON.stringify([...keys])), key, LABEL));
    },
  };
}

/** @param {string} division @param {CryptoKey} key @returns {Promise<string[]>} */
async function read(division, key) {
  const closed = await store.confirmedOf(division);
  if (!closed) return [];
  return boxes.open(closed, key, LABEL).then((plain) => JSON.parse(text(plain)), () => []); // of another secret
}
