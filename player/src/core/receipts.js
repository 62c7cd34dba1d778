// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Receipts: the host's signed word that an envelope is on its disk. docs/spec/receipt.md.
 * @module
 */

import { big, concat, equal, sha256 } from "./bytes.js";
import { HEADER_SIZE, digest } from "./envelope.js";
import { signed } from "./signing.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const AT = { campaign: 3, sha256: 49, minute: 81, node: 85, signature: 89, rank: 153, path: 157 };
const LONGEST_PATH = 12; // digests: a batch has 4,096 receipts at most

/**
 * The digest that a receipt is about, when it is truly signed by a node of the campaign and
 * covers this very envelope; else null.
 * @param {Bytes} receipt @param {Bytes} envelope
 * @param {{node: Bytes, receiptKey: Bytes}[]} nodes
 * @returns {Promise<Bytes | null>}
 */
export async function covered(receipt, envelope, nodes) {
  if (receipt.length < AT.path || String.fromCharCode(...receipt.slice(0, 3)) !== "RC2") return null;
  const node = nodes.find((n) => equal(n.node, receipt.slice(AT.node, AT.signature)));
  if (!node) return null;
  const sum = await digest(envelope);
  // campaign, sid, stream, epoch, seq and kind stand in the same order in both, from these places
  const head = envelope.slice(12, 58);
  const same = equal(receipt.slice(AT.campaign, AT.sha256), head);
  if (!same || envelope.length < HEADER_SIZE || !equal(receipt.slice(AT.sha256, AT.minute), sum)) {
    return null;
  }
  const message = await batch(receipt);
  if (!message) return null;
  const signature = receipt.slice(AT.signature, AT.rank);
  return (await signed(signature, "receipt/v2", message, node.receiptKey)) ? sum : null;
}

/**
 * What is signed for the whole batch: its size and the root that this receipt's path leads to
 * (RFC 9162, section 2.1.3.2); null when no batch of this size has such a path.
 * @param {Bytes} receipt @returns {Promise<Bytes | null>}
 */
async function batch(receipt) {
  const view = new DataView(receipt.buffer, receipt.byteOffset + AT.rank);
  const size = view.getUint16(2);
  let [at, last, place] = [view.getUint16(0), size - 1, AT.path];
  if (at > last || receipt.length > AT.path + 32 * LONGEST_PATH) return null;
  let node = await sha256(concat(big(0, 1), receipt.slice(0, AT.signature)));
  for (; last > 0; [at, last] = [at >> 1, last >> 1]) {
    if (at % 2 === 0 && at === last) continue; // nobody stands beside it
    const beside = receipt.slice(place, place + 32);
    if (beside.length < 32) return null;
    node = await sha256(at % 2 ? concat(big(1, 1), beside, node) : concat(big(1, 1), node, beside));
    place += 32;
  }
  return place === receipt.length ? concat(big(size, 2), node) : null;
}

/** How a receipt is shown to a pupil: the first six letters of the digest. @param {string} sum */
export const short = (sum) => sum.slice(0, 6).toUpperCase();
