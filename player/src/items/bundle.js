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
 * @property {(name: string, come: () => void) => void} arrival call it once a sound or a film that is not there yet has come
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
 * Its files: those that every question needs first, then, while the pupil has begun, sounds and
 * films. `whole` settles once these are there too.
 * @param {string} id @param {Index} index @param {(part: number) => void} progressed part of the first ones, 0 to 1
 * @returns {Promise<Bundle & {whole: Promise<void>}>} throws BundleRefused or Refused
 */
export async function loadFiles(id, index, progressed) {
  /** @type {Map<string, Bytes>} */
  const files = new Map();
  /** @type {Map<string, () => void>} */
  const awaited = new Map();
  const names = Object.keys(index.files);
  const later = names.filter((name) => /^(audio|video)\//.test(index.files[name]?.type ?? ""));
  const first = names.filter((name) => !later.includes(name));
  /** @param {string} name */
  const load = async (name) => {
    const sum = index.files[name]?.sha256 ?? "";
    files.set(name, await checked(`/bundles/${id}/files/${sum}`, fromHex(sum)));
    awaited.get(name)?.();
  };
  await inTurn([...first], async (name) => {
    await load(name);
    progressed(files.size / first.length);
  });
  const whole = inTurn([...later], load);
  whole.catch(() => window.addEventListener("online", () => inTurn(later.filter((name) => !files.has(name)), load).catch(() => {})));
  /** @param {string} name @param {() => void} come */
  const arrival = (name, come) => later.includes(name) && !files.has(name) && awaited.set(name, come);
  return { ...opened(index, files), arrival, whole };
}

/**
 * A few at once, until none is left.
 * @param {string[]} left @param {(name: string) => Promise<void>} act
 */
async function inTurn(left, act) {
  const worker = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await act(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
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
  const items = index.sections.flatMap((section) => section.items);
  return { index, items, entry, xml, media, source, arrival: () => {} };
}

/** @param {string} path @param {Bytes} digest @returns {Promise<Bytes>} */
async function checked(path, digest) {
  const bytes = await file(path, async (given) => equal(await sha256(given), digest));
  if (!bytes) throw new BundleRefused(`not what was signed: ${path}`);
  return bytes;
}
