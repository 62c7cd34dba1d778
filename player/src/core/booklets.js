// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Files of a booklet that is closed until its opening (kernel/encrier/booklets.py): the key comes
 * with the sign-in. docs/spec/sealed-booklet.md.
 * @module
 */

import * as boxes from "./boxes.js";
import { concat, equal, sha256, utf8 } from "./bytes.js";
import { inflate } from "./deflate.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const LABEL = utf8("booklet/v1\0");
const MAX_OPENED = 256 * 1024 * 1024;
const PACK = concat(utf8("pack"), new Uint8Array(28)); // in the place of a digest
const DEFLATED = 1;

/**
 * What a closed file holds; throws when it is not what `digest` tells, or the key is another's.
 * @param {Bytes} closed @param {{bundle: Bytes, digest: Bytes, key: CryptoKey}} as
 * @returns {Promise<Bytes>}
 */
export async function openFile(closed, { bundle, digest, key }) {
  const content = await opened(closed, key, concat(LABEL, bundle, digest));
  if (!equal(await sha256(content), digest)) throw new TypeError("not the file that its name tells");
  return content;
}

/**
 * What every question needs, closed in one: the files one after the other, in the order of their
 * digests. Its own digest stands in sealed.json, which the manifest signs for.
 * @param {Bytes} closed @param {{bundle: Bytes, key: CryptoKey}} as
 */
export const openPack = (closed, { bundle, key }) => opened(closed, key, concat(LABEL, bundle, PACK));

/** @param {Bytes} closed @param {CryptoKey} key @param {Bytes} context @returns {Promise<Bytes>} */
async function opened(closed, key, context) {
  const plain = await boxes.open(closed, key, context);
  return plain[0] === DEFLATED ? inflate(plain.slice(1), MAX_OPENED) : plain.slice(1);
}
