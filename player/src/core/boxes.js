// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A box: bytes closed under a symmetric key, bound to where they belong. A nonce of 12 random bytes,
 * then AES-256-GCM with the context as associated data (kernel/encrier/boxes.py).
 * @module
 */

import { concat, random } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const NONCE = 12;

/** @param {Bytes} plain @param {CryptoKey} key @param {Bytes} context @returns {Promise<Bytes>} */
export async function close(plain, key, context) {
  const iv = random(NONCE);
  const aes = { name: "AES-GCM", iv, additionalData: context };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(aes, key, plain)));
}

/** What a box holds; throws when it is another's, or was changed. @param {Bytes} box @param {CryptoKey} key @param {Bytes} context @returns {Promise<Bytes>} */
export async function open(box, key, context) {
  const aes = { name: "AES-GCM", iv: box.slice(0, NONCE), additionalData: context };
  return new Uint8Array(await crypto.subtle.decrypt(aes, key, box.slice(NONCE)));
}

/** A key that opens boxes, and that no script can read back. @param {Bytes} raw */
export const openingKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
