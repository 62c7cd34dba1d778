// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The campaign manifest: believed only when signed by the ministry's root key, which stands in
 * the page. The host that serves it cannot change a letter. docs/spec/manifest.md.
 * @module
 */

import { equal, fromBase64, sha256, utf8 } from "./bytes.js";
import { ONLY } from "./places.js";
import { signed } from "./signing.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** One booklet: digests of bundle.json and, closed, of sealed.json. @typedef {{id: Bytes, sha256: Bytes, sealedSha256: Bytes, title: string}} Entry */
/**
 * @typedef {object} Manifest
 * @property {Bytes} campaign
 * @property {string} label
 * @property {Bytes} sealingKey
 * @property {Bytes} keyId
 * @property {number} iterations
 * @property {Date} opensAt
 * @property {Date} closesAt
 * @property {Entry[]} bundles
 * @property {{entry: Entry, key: Bytes} | null} practice a booklet that anyone may try
 * @property {{node: Bytes, url: string, receiptKey: Bytes, pair: number}[]} nodes
 * @property {string} places which pair serves which codes (places.js); "": there is one pair
 */

const SEALING_KEY_SIZE = 1216;

/** This manifest was not signed by the ministry, or is not one. */
export class ManifestRefused extends Error {}

/**
 * Read a signed manifest, or throw ManifestRefused.
 * @param {string} content @param {Bytes} rootKey
 * @returns {Promise<Manifest>}
 */
export async function check(content, rootKey) {
  try {
    const outer = JSON.parse(content);
    const message = utf8(outer.manifest);
    if (!(await signed(fromBase64(outer.signature), "manifest/v1", message, rootKey))) {
      throw new ManifestRefused("not signed by the root key of this page");
    }
    return await read(JSON.parse(outer.manifest));
  } catch (fault) {
    if (fault instanceof ManifestRefused) throw fault;
    throw new ManifestRefused("not a manifest", { cause: fault });
  }
}

/** @param {any} m JSON, signed: its shape is the ministry's word @returns {Promise<Manifest>} */
async function read(m) {
  const sealingKey = fromBase64(m.sealing_key);
  if (m.v !== 1 || m.suite !== 1 || sealingKey.length !== SEALING_KEY_SIZE) {
    throw new ManifestRefused("of a release that this player does not know");
  }
  return {
    campaign: fromBase64(m.campaign),
    label: String(m.label),
    sealingKey,
    keyId: (await sha256(sealingKey)).slice(0, 8),
    iterations: Number(m.kdf_iterations),
    opensAt: new Date(m.opens_at),
    closesAt: new Date(m.closes_at),
    bundles: m.bundles.map(entryOf),
    practice: m.practice ? { entry: entryOf(m.practice.booklet), key: fromBase64(m.practice.key) } : null,
    nodes: m.nodes.map((/** @type {any} */ n) => ({
      node: fromBase64(n.node),
      url: String(n.url),
      receiptKey: fromBase64(n.receipt_key),
      pair: Number(n.pair ?? ONLY),
    })),
    places: String(m.places ?? ""),
  };
}

/** @param {any} b JSON, signed @returns {Entry} */
const entryOf = (b) => ({
  id: fromBase64(b.id),
  sha256: fromBase64(b.sha256),
  sealedSha256: fromBase64(b.sealed_sha256),
  title: String(b.title),
});

/** The bundle of that id, or undefined. @param {Manifest} manifest @param {Bytes} id */
export const bundleOf = (manifest, id) => manifest.bundles.find((b) => equal(b.id, id));
