// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Ed25519 signatures with a label (kernel/encrier/signing.py). The browser's own verifier where
 * it has one, else a small audited one.
 * @module
 */

import { verifyAsync } from "@noble/ed25519";

import { concat, utf8 } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/**
 * Whether the holder of `by` signed this message under this label.
 * @param {Bytes} signature @param {string} label @param {Bytes} message @param {Bytes} by
 * @returns {Promise<boolean>}
 */
export async function signed(signature, label, message, by) {
  if (signature.length !== 64 || by.length !== 32) return false;
  const labelled = concat(utf8(`${label}\0`), message);
  try {
    const key = await crypto.subtle.importKey("raw", by, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, labelled);
  } catch {
    // a browser without Ed25519; a malformed key ends as false below
    return verifyAsync(signature, labelled, by).catch(() => false);
  }
}
