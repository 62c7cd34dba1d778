// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What stays on this computer: sealed saves not yet acknowledged, sealed resume boxes, and the
 * keys of the tab that is open. Never an answer in clear, never the code.
 *
 * What this page wrote is in its memory too until it is acknowledged: where the browser refuses a
 * disk, fills it up or takes it away, all goes on, and `safe` says that the page must stay open.
 * @module
 */

import * as kept from "./kept.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/**
 * A packed save waiting for its receipt; sent as it stands, never sealed again.
 * @typedef {object} Entry
 * @property {string} stream hex
 * @property {number} seq
 * @property {number} kind
 * @property {Bytes} body
 * @property {number} [pair] which nodes serve its sitting: nobody here knows the code any more
 */
/**
 * The newest resume box of a sitting on this computer. `at`: milliseconds since 1970 by the
 * host's clock, 0 when it was not known.
 * @typedef {{sid: string, stream: string, epoch: number, seq: number, at: number, box: Bytes}} KeptBox
 */
/**
 * What a reload of the tab needs: keys no script can read back, and `auth` sealed under one.
 * @typedef {object} TabSession
 * @property {Bytes} sid
 * @property {CryptoKey} mac
 * @property {CryptoKey} resume
 * @property {CryptoKey} terms
 * @property {Bytes} auth nonce, then AES-GCM under `resume`
 * @property {number} at as of a box
 * @property {number} [pair] which nodes serve the code
 * @property {Bytes} [bundle] none while she waits to come in
 * @property {CryptoKey} [key] opens the booklet
 * @property {import("./wire.js").SentTerms} [sentTerms] as the host last told them
 */
/**
 * @typedef {object} Disk
 * @property {IDBDatabase | null} idb null while the browser gives none
 * @property {Map<string, Entry>} entries what this page wrote and nobody acknowledged
 * @property {Map<string, KeptBox>} boxes newest of this page, by sitting
 * @property {boolean} safe whether all that this page wrote is on disk
 * @property {Promise<IDBDatabase> | null} asked the last time the browser was asked for a disk
 * @property {number} againMs not to be asked again before this moment of performance.now()
 * @property {number} keptMs how long keys and boxes of a sitting that did not finish stay
 */

const NAME = "encrier";
const STORES = /** @type {const} */ (["outbox", "boxes", "tabs"]);
const PATIENCE_MS = 3_000; // a browser that says nothing gives no disk
const AGAIN_MS = 10_000;
const TRIES = 3;
const KEPT_MS = 24 * 3600 * 1000;

/**
 * The disk, or memory alone where the browser refuses one.
 * @param {number} [keptMs] a day, but where a sitting lasts for weeks
 * @returns {Promise<Disk>} never rejects
 */
export async function open(keptMs = KEPT_MS) {
  /** @type {Disk} */
  const db = { idb: null, entries: new Map(), boxes: new Map(), safe: true, asked: null, againMs: 0, keptMs };
  await reopen(db).catch(() => (db.safe = false));
  return db;
}

/**
 * Ask the browser for the disk, but not at each save one that gave none.
 * @param {Disk} db
 * @returns {Promise<IDBDatabase>}
 */
function reopen(db) {
  if (!db.asked || performance.now() >= db.againMs) {
    db.againMs = performance.now() + AGAIN_MS;
    db.asked = taken(db);
  }
  return db.asked;
}

/** @param {Disk} db @returns {Promise<IDBDatabase>} */
async function taken(db) {
  const idb = await asked();
  const lost = () => {
    idb.close();
    db.idb = db.asked = null;
    again(db); // what it held is written anew
  };
  idb.onclose = lost; // the browser took it away
  idb.onversionchange = lost; // another release of this page wants it
  db.idb = idb;
  return idb;
}

/** Write what is only in memory; a browser that has just cleared its disk gives a new one soon. @param {Disk} db @param {number} tries */
async function again(db, tries = TRIES) {
  const done = db.entries.size === 0 || (await settle(db));
  if (!done && tries > 1) setTimeout(() => again(db, tries - 1), AGAIN_MS);
}

/** @returns {Promise<IDBDatabase>} */
function asked() {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1); // some browsers throw here, or have no indexedDB at all
    const late = setTimeout(() => fail(new Error("the browser gives no disk")), PATIENCE_MS);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => {
      clearTimeout(late);
      done(request.result);
    };
    request.onerror = () => {
      clearTimeout(late);
      fail(request.error);
    };
  });
}

/**
 * Keep a save and its resume box together, in place of the older saves of its stream: a sheet
 * holds every answer so far, so that the newest is the whole truth.
 * @param {Disk} db @param {Entry} entry @param {KeptBox} box
 * @returns {Promise<boolean>} whether both are on disk; if not they are in memory, and `settle` tries again
 */
export async function keep(db, entry, box) {
  for (const [name, old] of db.entries) if (isOlder(old, entry)) db.entries.delete(name);
  db.entries.set(nameOf(entry), entry);
  db.boxes.set(box.sid, box);
  return settle(db);
}

/** Keep the newest box of a sitting alone: nothing of it waits. @param {Disk} db @param {KeptBox} box */
export async function keepBox(db, box) {
  db.boxes.set(box.sid, box);
  await within(db, (tx) => tx.objectStore("boxes").put(box, box.sid)).catch(() => {}); // with the next save
}

/** Put on disk what this page has only in memory. @param {Disk} db @returns {Promise<boolean>} whether all of it is there */
export async function settle(db) {
  const entries = [...db.entries.values()];
  const boxes = [...db.boxes.values()];
  const written = within(db, (tx) => {
    const outbox = tx.objectStore("outbox");
    for (const entry of entries) {
      outbox.delete(IDBKeyRange.bound([entry.stream, 0], [entry.stream, entry.seq]));
      outbox.put(entry, key(entry));
    }
    for (const box of boxes) tx.objectStore("boxes").put(box, box.sid);
  });
  db.safe = await written.then(() => true, (fault) => {
    if (fault?.name === "QuotaExceededError") kept.giveRoom();
    return false;
  });
  return db.safe;
}

/** @param {Disk} db @param {Entry[]} settled acknowledged, or told superseded */
export async function drop(db, settled) {
  for (const entry of settled) db.entries.delete(nameOf(entry));
  if (db.entries.size === 0 && !db.safe) db.safe = db.idb !== null;
  // one that stays is sent again by a later page, and gets the same receipt
  await within(db, (tx) => settled.forEach((entry) => tx.objectStore("outbox").delete(key(entry)))).catch(() => {});
}

/** Every save not acknowledged, of any sitting. @param {Disk} db @returns {Promise<Entry[]>} */
export async function entries(db) {
  const found = await read(db, (idb) => idb.transaction("outbox").objectStore("outbox").getAll());
  const all = new Map((found ?? []).map((/** @type {Entry} */ entry) => [nameOf(entry), entry]));
  for (const [name, entry] of db.entries) all.set(name, entry);
  return [...all.values()];
}

/** @param {Disk} db @param {string} sid @returns {Promise<KeptBox | undefined>} */
export const boxOf = async (db, sid) =>
  db.boxes.get(sid) ?? read(db, (idb) => idb.transaction("boxes").objectStore("boxes").get(sid));

/** @param {Disk} db @param {string} tab @param {TabSession} session */
export const keepTab = (db, tab, session) =>
  within(db, (tx) => tx.objectStore("tabs").put(session, tab));

/** @param {Disk} db @param {string} tab @returns {Promise<TabSession | undefined>} */
export const tabOf = (db, tab) => read(db, (idb) => idb.transaction("tabs").objectStore("tabs").get(tab));

/** Forget the keys of a tab. @param {Disk} db @param {string} tab */
export const forgetTab = (db, tab) =>
  within(db, (tx) => tx.objectStore("tabs").delete(tab)).catch(() => {});

/** Forget the resume box of a sitting that is over. @param {Disk} db @param {string} sid */
export function forgetBox(db, sid) {
  db.boxes.delete(sid);
  return within(db, (tx) => tx.objectStore("boxes").delete(sid)).catch(() => {});
}

/**
 * Forget keys and boxes left here longer ago than they are kept, by tabs that closed without finishing.
 * Saves not acknowledged stay, and so do the boxes made with them. What has no time yet gets this one.
 * @param {Disk} db @param {number} now by the host's clock, milliseconds since 1970; 0: nothing is forgotten
 */
export function forgetOld(db, now) {
  if (!now) return Promise.resolve();
  return within(db, (tx) => {
    const waiting = tx.objectStore("outbox").getAllKeys();
    waiting.onsuccess = () => {
      const streams = new Set(waiting.result.map((found) => /** @type {string[]} */ (found)[0]));
      for (const name of /** @type {const} */ (["boxes", "tabs"])) {
        const walk = tx.objectStore(name).openCursor();
        walk.onsuccess = () => walk.result && aged(walk.result, now - db.keptMs, { now, streams });
      }
    };
  }).catch(() => {});
}

/** @param {IDBCursorWithValue} cursor @param {number} since @param {{now: number, streams: Set<string | undefined>}} are */
function aged(cursor, since, { now, streams }) {
  const { at, stream } = cursor.value;
  if (!at) cursor.update({ ...cursor.value, at: now });
  else if (at < since && !streams.has(stream)) cursor.delete();
  cursor.continue();
}

/** @param {Entry} entry */
const key = (entry) => [entry.stream, entry.seq];

/** @param {Pick<Entry, "stream" | "seq">} entry */
export const nameOf = (entry) => `${entry.stream}/${entry.seq}`;

/** @param {Entry} old @param {Entry} entry */
const isOlder = (old, entry) => old.stream === entry.stream && old.seq < entry.seq;

/**
 * @param {Disk} db @param {(tx: IDBTransaction) => void} work
 * @returns {Promise<void>} settles once on disk, not before
 */
async function within(db, work) {
  const idb = db.idb ?? (await reopen(db));
  return new Promise((done, fail) => {
    const tx = idb.transaction(STORES, "readwrite", { durability: "strict" });
    tx.oncomplete = () => done();
    tx.onabort = () => fail(tx.error ?? new Error("the browser took the disk away"));
    work(tx);
  });
}

/**
 * What is on disk; nothing where there is none.
 * @template T
 * @param {Disk} db @param {(idb: IDBDatabase) => IDBRequest<T>} ask
 * @returns {Promise<T | undefined>}
 */
async function read(db, ask) {
  try {
    const idb = db.idb ?? (await reopen(db));
    return await new Promise((done, fail) => {
      const request = ask(idb);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
      request.transaction?.addEventListener("abort", () => fail(request.transaction?.error));
    });
  } catch {
    return undefined;
  }
}
