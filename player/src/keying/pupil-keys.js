// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The keys of a pupil's sitting, from the code in the ring: derived once on this computer, for a
 * class is thirty derivations of a hundred thousand rounds. A code that was exchanged gives its own.
 * @module
 */

import * as boxes from "../core/boxes.js";
import { equal, utf8 } from "../core/bytes.js";
import { parse } from "../core/codes.js";
import { derive } from "../core/keys.js";
import * as store from "./store.js";

/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */
/** @typedef {Pick<import("./ring.js").Pupil, "order" | "code">} Coded */
/** @typedef {{division: string, key: CryptoKey, manifest: import("../core/manifest.js").Manifest}} Class key: of the ring */

const CODE = utf8("keying-code/v1");
const AUTH = utf8("keying-auth/v1");

/**
 * Null where no pair of the manifest serves the code.
 * @param {Class} of @param {Coded} pupil
 * @returns {Promise<CodeKeys | null>}
 */
export async function keysFor({ division, key, manifest }, { order, code }) {
  const kept = await store.keysOf(division, order);
  const known = kept && (await recalled(kept, key, code));
  if (known) return known;
  const keys = await derive(parse(code), manifest);
  if (!keys) return null;
  const closed = { code: await boxes.close(utf8(code), key, CODE), auth: await boxes.close(keys.auth, key, AUTH) };
  await store.keepKeys(division, order, { ...keys, ...closed });
  return keys;
}

/** @param {store.KeptKeys} kept @param {CryptoKey} key @param {string} code @returns {Promise<CodeKeys | null>} null: of another code */
async function recalled(kept, key, code) {
  try {
    if (!equal(await boxes.open(kept.code, key, CODE), utf8(code))) return null;
    const { sid, mac, resume, terms, pair } = kept;
    return { sid, mac, resume, terms, pair, auth: await boxes.open(kept.auth, key, AUTH) };
  } catch {
    return null; // of another secret
  }
}
