// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The booklet: taken whole at the start, from this computer where it was fetched ahead, each file
 * checked against its digest and held in memory, so that a cut network changes nothing afterwards.
 * It holds no key to an item.
 * @module
 */

import { fromHex, equal, sha256, text } from "../core/bytes.js";
import { file } from "./kept.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {"single" | "multiple" | "ordered" | "record"} Cardinality */
/** @typedef {{cardinality: Cardinality, base_type: string}} Declaration */
/**
 * @typedef {object} ItemEntry
 * @property {string} title
 * @property {string} href
 * @property {string[]} stimuli
 * @property {Record<string, Declaration>} responses
 * @property {string[]} interactions
 */
/**
 * @typedef {object} Index
 * @property {string} title
 * @property {string} lang
 * @property {{id: string, title: string, items: string[]}[]} sections
 * @property {Record<string, ItemEntry>} items
 * @property {Record<string, {sha256: string, size: number, type: string}>} files
 * @property {import("../test/outline.js").Test} test
 * @property {import("../test/routing.js").Table} [routing]
 */
/**
 * @typedef {object} Bundle
 * @property {Index} index
 * @property {string[]} items every item, in order
 * @property {(item: string) => ItemEntry} entry
 * @property {(name: string) => Document} xml
 * @property {(name: string) => string | null} media address of a picture or sound in memory
 * @property {(name: string) => string | null} source text of a program of the author's
 */

const AT_ONCE = 6;

/** A file is not the one that the ministry signed for. */
export class BundleRefused extends Error {}

/**
 * The list of what is in a booklet.
 * @param {string} id 16 hex digits @param {Bytes} digest of bundle.json, from the manifest
 * @returns {Promise<Index>} throws BundleRefused or Refused
 */
export async function loadIndex(id, digest) {
  return JSON.parse(text(await checked(`/bundles/${id}/bundle.json`, digest)));
}

/**
 * Every file of it.
 * @param {string} id @param {Index} index @param {(part: number) => void} progressed part fetched so far, 0 to 1
 * @returns {Promise<Bundle>} throws BundleRefused or Refused
 */
export async function loadFiles(id, index, progressed) {
  /** @type {Map<string, Bytes>} */
  const files = new Map();
  const names = Object.keys(index.files);
  const left = [...names];
  const worker = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const sum = index.files[name]?.sha256 ?? "";
      files.set(name, await checked(`/bundles/${id}/files/${sum}`, fromHex(sum)));
      progressed(files.size / names.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return opened(index, files);
}

/** A booklet whose files are all there. @param {Index} index @param {Map<string, Bytes>} files @returns {Bundle} */
export function opened(index, files) {
  /** @type {Map<string, string>} */
  const urls = new Map();
  /** @param {string} name */
  const media = (name) => {
    const bytes = files.get(name);
    if (!bytes) return null;
    const type = index.files[name]?.type ?? "";
    if (!urls.has(name)) urls.set(name, URL.createObjectURL(new Blob([bytes], { type })));
    return urls.get(name) ?? null;
  };
  /** @param {string} name */
  const xml = (name) => {
    const bytes = files.get(name);
    if (!bytes) throw new BundleRefused(`no file ${name}`);
    const parsed = new DOMParser().parseFromString(text(bytes), "application/xml");
    if (parsed.querySelector("parsererror")) throw new BundleRefused(`not XML: ${name}`);
    return parsed;
  };
  /** @param {string} item */
  const entry = (item) => {
    const found = index.items[item];
    if (!found) throw new BundleRefused(`no item ${item}`);
    return found;
  };
  /** @param {string} name */
  const source = (name) => {
    const bytes = files.get(name);
    return bytes ? text(bytes) : null;
  };
  return { index, items: index.sections.flatMap((s) => s.items), entry, xml, media, source };
}

/** @param {string} path @param {Bytes} digest @returns {Promise<Bytes>} */
async function checked(path, digest) {
  const bytes = await file(path, async (given) => equal(await sha256(given), digest));
  if (!bytes) throw new BundleRefused(`not what was signed: ${path}`);
  return bytes;
}
