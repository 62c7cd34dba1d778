// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Receipts: the host's signed word that an envelope is on its disk. docs/spec/receipt.md.
 * @module
 */

import { equal } from "./bytes.js";
import { HEADER_SIZE, digest } from "./envelope.js";
import { signed } from "./signing.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

export const SIZE = 153;
const BODY = SIZE - 64;
const AT = { campaign: 3, sid: 19, stream: 35, sha256: 49, minute: 81, node: 85 };

/**
 * The digest that a receipt is about, when it is truly signed by a node of the campaign and
 * covers this very envelope; else null.
 * @param {Bytes} receipt @param {Bytes} envelope
 * @param {{node: Bytes, receiptKey: Bytes}[]} nodes
 * @returns {Promise<Bytes | null>}
 */
export async function covered(receipt, envelope, nodes) {
  if (receipt.length !== SIZE || String.fromCharCode(...receipt.slice(0, 3)) !== "RC1") return null;
  const node = nodes.find((n) => equal(n.node, receipt.slice(AT.node, BODY)));
  if (!node) return null;
  const sum = await digest(envelope);
  // campaign, sid, stream, epoch, seq and kind stand in the same order in both, from these places
  const head = envelope.slice(12, 58);
  const same = equal(receipt.slice(AT.campaign, AT.sha256), head);
  if (!same || envelope.length < HEADER_SIZE || !equal(receipt.slice(AT.sha256, AT.minute), sum)) {
    return null;
  }
  const message = receipt.slice(0, BODY);
  return (await signed(receipt.slice(BODY), "receipt/v1", message, node.receiptKey)) ? sum : null;
}

/** How a receipt is shown to a pupil: the first six letters of the digest. @param {string} sum */
export const short = (sum) => sum.slice(0, 6).toUpperCase();
