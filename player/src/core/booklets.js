// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Files of a booklet that is closed until its opening (kernel/encrier/booklets.py): the key comes
 * with the sign-in. docs/spec/sealed-booklet.md.
 * @module
 */

import { concat, equal, sha256, utf8 } from "./bytes.js";
import { inflate } from "./deflate.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const LABEL = utf8("booklet/v1\0");
const NONCE = 12;
const MAX_FILE = 64 * 1024 * 1024;
const DEFLATED = 1;

/** The key as no script can read it back. @param {Bytes} raw */
export const bookletKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);

/**
 * What a closed file holds; throws when it is not what `digest` tells, or the key is another's.
 * @param {Bytes} closed @param {{bundle: Bytes, digest: Bytes, key: CryptoKey}} as
 * @returns {Promise<Bytes>}
 */
export async function openFile(closed, { bundle, digest, key }) {
  const aes = { name: "AES-GCM", iv: closed.slice(0, NONCE), additionalData: concat(LABEL, bundle, digest) };
  const plain = new Uint8Array(await crypto.subtle.decrypt(aes, key, closed.slice(NONCE)));
  const content = plain[0] === DEFLATED ? await inflate(plain.slice(1), MAX_FILE) : plain.slice(1);
  if (!equal(await sha256(content), digest)) throw new TypeError("not the file that its name tells");
  return content;
}
