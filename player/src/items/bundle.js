// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The booklet: taken whole at the start, from this computer where it was fetched ahead, checked,
 * opened with the key that came with the sign-in and held in memory, so that a cut network changes
 * nothing afterwards. It holds no key to an item.
 * @module
 */

import { openFile, openPack } from "../core/booklets.js";
import { equal, fromHex, hex, sha256, text } from "../core/bytes.js";
import { Refused } from "../saving/wire.js";
import { file } from "./kept.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/manifest.js").Entry} Entry */
/** A booklet that can be read: what is in it; what every question needs, closed and on its way; where the rest is. @typedef {{entry: Entry, key: CryptoKey, index: Index, packed: Promise<Bytes>, files: string[]}} Booklet */
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
  const { index, pack, files } = await listed(entry);
  await inTurn([index, pack, ...files], async (name) => {
    await closedFile(hex(entry.id), name);
  });
}

/**
 * What is in a booklet, and where its files are.
 * @param {Entry} entry @param {CryptoKey} key
 * @returns {Promise<Booklet>} throws BundleRefused or Refused
 */
export async function loadBooklet(entry, key) {
  const { index: closed, pack, files } = await listed(entry);
  // on its way while the list is read
  const packed = closedFile(hex(entry.id), pack);
  packed.catch(() => {});
  const index = JSON.parse(text(await openedFile(entry, key, { place: closed, digest: entry.sha256 })));
  return { entry, key, index, packed, files };
}

/**
 * Its files: those that every question needs first, then, while the pupil has begun, sounds and films.
 * @param {Booklet} booklet @param {(part: number) => void} progressed how far the first ones are, 0 to 1
 * @returns {Promise<Bundle>} throws BundleRefused or Refused
 */
export async function loadFiles({ entry, key, index, packed, files: places }, progressed) {
  /** @type {Map<string, Bytes>} */
  const files = new Map();
  /** @type {Map<string, () => void>} */
  const awaited = new Map();
  const byDigest = digests(index);
  const later = [...byDigest.keys()].filter((digest) => comesLater(index, byDigest, digest));
  progressed(0.5);
  const pack = await packed.then((closed) => openPack(closed, { bundle: entry.id, key })).catch(refused);
  let at = 0;
  for (const [digest, names] of byDigest) {
    if (later.includes(digest)) continue;
    const size = index.files[names[0] ?? ""]?.size ?? 0;
    for (const name of names) files.set(name, pack.slice(at, at + size));
    at += size;
  }
  if (at !== pack.length || later.length !== places.length) throw new BundleRefused("not the files of this booklet");
  progressed(1);
  /** @param {string} digest */
  const load = async (digest) => {
    const content = await openedFile(entry, key, { place: places[later.indexOf(digest)] ?? "", digest: fromHex(digest) });
    for (const name of byDigest.get(digest) ?? []) {
      files.set(name, content);
      awaited.get(name)?.();
    }
  };
  const missing = () => later.filter((digest) => !files.has(byDigest.get(digest)?.[0] ?? ""));
  inTurn([...later], load).catch(() => window.addEventListener("online", () => inTurn(missing(), load).catch(() => {})));
  /** @param {string} name @param {() => void} come */
  const arrival = (name, come) => name in index.files && !files.has(name) && awaited.set(name, come);
  return { ...opened(index, files), arrival };
}

/** The names of each file, by digest, in the order of the digests. @param {Index} index @returns {Map<string, string[]>} */
function digests({ files }) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  const sorted = Object.entries(files).sort(([, a], [, b]) => (a.sha256 < b.sha256 ? -1 : Number(a.sha256 > b.sha256)));
  for (const [name, { sha256 }] of sorted) names.set(sha256, [...(names.get(sha256) ?? []), name]);
  return names;
}

/** Sounds and films: a test begins without them. @param {Index} index @param {Map<string, string[]>} names @param {string} digest */
const comesLater = (index, names, digest) =>
  (names.get(digest) ?? []).some((name) => /^(audio|video)\//.test(index.files[name]?.type ?? ""));

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

/** The digests of the closed files of a booklet. @param {Entry} entry @returns {Promise<{index: string, pack: string, files: string[]}>} */
const listed = async ({ id, sealedSha256 }) => JSON.parse(text(await checked(`/bundles/${hex(id)}/sealed.json`, sealedSha256)));

/** @param {string} id @param {string} name digest, in hex */
const closedFile = (id, name) => checked(`/bundles/${id}/files/${name}`, fromHex(name));

/** @param {Entry} entry @param {CryptoKey} key @param {{place: string, digest: Bytes}} file @returns {Promise<Bytes>} */
async function openedFile({ id }, key, { place, digest }) {
  const closed = await closedFile(hex(id), place);
  return openFile(closed, { bundle: id, digest, key }).catch(refused);
}

/** @param {unknown} fault @returns {never} */
function refused(fault) {
  if (fault instanceof Refused || fault instanceof BundleRefused) throw fault;
  throw new BundleRefused("not the booklet of this key", { cause: fault });
}

/** @param {string} path @param {Bytes} digest @returns {Promise<Bytes>} */
async function checked(path, digest) {
  const bytes = await file(path, async (given) => equal(await sha256(given), digest));
  if (!bytes) throw new BundleRefused(`not what was signed: ${path}`);
  return bytes;
}
