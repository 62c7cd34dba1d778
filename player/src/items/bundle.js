// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The booklet: taken whole at the start, from this computer where it was fetched ahead, each file
 * opened, checked against its digest and held in memory, so that a cut network changes nothing afterwards.
 * It holds no key to an item.
 * @module
 */

import { openFile } from "../core/booklets.js";
import { equal, fromHex, hex, sha256, text } from "../core/bytes.js";
import { file } from "./kept.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/manifest.js").Entry} Entry */
/** A booklet that can be read: what is in it, and by the digest of each file that of the closed one. @typedef {{entry: Entry, key: CryptoKey, index: Index, places: Map<string, string>}} Booklet */
/** @typedef {"single" | "multiple" | "ordered" | "record"} Cardinality */
/** @typedef {{cardinality: Cardinality, base_type: string}} Declaration */
/**
 * @typedef {object} ItemEntry
 * @property {string} title
 * @property {string} href
 * @property {string[]} stimuli
 * @property {Record<string, Declaration>} responses
 * @property {string[]} interactions
 * @property {string} [calculator] basic or standard, where one is allowed
 */
/**
 * @typedef {object} Index
 * @property {string} title
 * @property {string} lang
 * @property {{id: string, title: string, items: string[]}[]} sections
 * @property {Record<string, ItemEntry>} items
 * @property {Record<string, {sha256: string, size: number, type: string}>} files
 * @property {import("../test/outline.js").Test} test
 * @property {Record<string, Record<string, import("../tools/cards.js").Card[]>>} [catalogs] by file, then by name
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
 * Fetch a closed booklet to this computer; it cannot be read yet.
 * @param {Entry} entry
 */
export async function fetchClosed(entry) {
  const { index, files } = await listed(entry);
  await inTurn([index, ...files], async (name) => {
    await closedFile(hex(entry.id), name);
  });
}

/**
 * What is in a booklet, and where its files are.
 * @param {Entry} entry @param {CryptoKey} key
 * @returns {Promise<Booklet>} throws BundleRefused or Refused
 */
export async function loadBooklet(entry, key) {
  const { index: closed, files: places } = await listed(entry);
  const index = JSON.parse(text(await openedFile(entry, key, { place: closed, digest: entry.sha256 })));
  const digests = [...new Set(Object.values(index.files).map(({ sha256 }) => sha256))].sort();
  if (digests.length !== places.length) throw new BundleRefused("not the files of this booklet");
  return { entry, key, index, places: new Map(digests.map((digest, i) => [digest, places[i] ?? ""])) };
}

/**
 * Its files: those that every question needs first, then, while the pupil has begun, sounds and
 * films.
 * @param {Booklet} booklet @param {(part: number) => void} progressed part of the first ones, 0 to 1
 * @returns {Promise<Bundle>} throws BundleRefused or Refused
 */
export async function loadFiles({ entry, key, index, places }, progressed) {
  /** @type {Map<string, Bytes>} */
  const files = new Map();
  /** @type {Map<string, () => void>} */
  const awaited = new Map();
  const names = Object.keys(index.files);
  const later = names.filter((name) => /^(audio|video)\//.test(index.files[name]?.type ?? ""));
  const first = names.filter((name) => !later.includes(name));
  /** @param {string} name */
  const load = async (name) => {
    const digest = index.files[name]?.sha256 ?? "";
    files.set(name, await openedFile(entry, key, { place: places.get(digest) ?? "", digest: fromHex(digest) }));
    awaited.get(name)?.();
  };
  await inTurn([...first], async (name) => {
    await load(name);
    progressed(files.size / first.length);
  });
  inTurn([...later], load).catch(() =>
    window.addEventListener("online", () => inTurn(later.filter((name) => !files.has(name)), load).catch(() => {})));
  /** @param {string} name @param {() => void} come */
  const arrival = (name, come) => later.includes(name) && !files.has(name) && awaited.set(name, come);
  return { ...opened(index, files), arrival };
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

/** The digests of the closed files of a booklet. @param {Entry} entry @returns {Promise<{index: string, files: string[]}>} */
const listed = async ({ id, sealedSha256 }) => JSON.parse(text(await checked(`/bundles/${hex(id)}/sealed.json`, sealedSha256)));

/** @param {string} id @param {string} name digest, in hex */
const closedFile = (id, name) => checked(`/bundles/${id}/files/${name}`, fromHex(name));

/** @param {Entry} entry @param {CryptoKey} key @param {{place: string, digest: Bytes}} file @returns {Promise<Bytes>} */
async function openedFile({ id }, key, { place, digest }) {
  const closed = await closedFile(hex(id), place);
  return openFile(closed, { bundle: id, digest, key }).catch((fault) => {
    throw new BundleRefused("not the booklet of this key", { cause: fault });
  });
}

/** @param {string} path @param {Bytes} digest @returns {Promise<Bytes>} */
async function checked(path, digest) {
  const bytes = await file(path, async (given) => equal(await sha256(given), digest));
  if (!bytes) throw new BundleRefused(`not what was signed: ${path}`);
  return bytes;
}
