// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What stays on this computer: sealed saves not yet acknowledged, sealed resume boxes, and the
 * keys of the tab that is open. Never an answer in clear, never the code.
 * @module
 */

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/**
 * A packed save waiting for its receipt; sent as it stands, never sealed again.
 * @typedef {object} Entry
 * @property {string} stream hex
 * @property {number} seq
 * @property {number} kind
 * @property {number} event highest event number of the sheet inside
 * @property {boolean} tried whether it may have reached the host
 * @property {number} at milliseconds since 1970
 * @property {Bytes} body
 */
/**
 * The newest resume box of a sitting on this computer.
 * @typedef {{sid: string, stream: string, epoch: number, seq: number, at: number, box: Bytes}} KeptBox
 */
/**
 * What a reload of the tab needs: keys no script can read back, and `auth` sealed under one.
 * @typedef {object} TabSession
 * @property {Bytes} sid
 * @property {CryptoKey} mac
 * @property {CryptoKey} resume
 * @property {Bytes} auth nonce, then AES-GCM under `resume`
 * @property {number} at
 */

const NAME = "encrier";
const STORES = /** @type {const} */ (["outbox", "boxes", "tabs"]);

/** @returns {Promise<IDBDatabase>} */
export function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const store of STORES) asked.result.createObjectStore(store);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error("another release of this page holds the disk"));
  });
}

/**
 * Put a save and its resume box on disk together, and take away the saves it replaces.
 * @param {IDBDatabase} db @param {Entry} entry @param {KeptBox} box @param {Entry[]} replaced
 * @returns {Promise<void>} settles once both are on disk, not before
 */
export const keep = (db, entry, box, replaced) =>
  within(db, (tx) => {
    const outbox = tx.objectStore("outbox");
    outbox.put(entry, key(entry));
    for (const old of replaced) outbox.delete(key(old));
    tx.objectStore("boxes").put(box, box.sid);
  });

/** Mark a save, unless another page has taken it away since. @param {IDBDatabase} db @param {Entry} entry */
export const markTried = (db, entry) =>
  within(db, (tx) => {
    const outbox = tx.objectStore("outbox");
    const found = outbox.getKey(key(entry));
    found.onsuccess = () => {
      if (found.result !== undefined) outbox.put({ ...entry, tried: true }, key(entry));
    };
  });

/** @param {IDBDatabase} db @param {Entry[]} settled */
export const drop = (db, settled) =>
  within(db, (tx) => settled.forEach((entry) => tx.objectStore("outbox").delete(key(entry))));

/** Every save not acknowledged, of any sitting. @param {IDBDatabase} db @returns {Promise<Entry[]>} */
export const entries = (db) => read(db.transaction("outbox").objectStore("outbox").getAll());

/** @param {IDBDatabase} db @param {string} sid @returns {Promise<KeptBox | undefined>} */
export const boxOf = (db, sid) => read(db.transaction("boxes").objectStore("boxes").get(sid));

/** @param {IDBDatabase} db @param {string} tab @param {TabSession} session */
export const keepTab = (db, tab, session) =>
  within(db, (tx) => tx.objectStore("tabs").put(session, tab));

/** @param {IDBDatabase} db @param {string} tab @returns {Promise<TabSession | undefined>} */
export const tabOf = (db, tab) => read(db.transaction("tabs").objectStore("tabs").get(tab));

/** Forget the keys of a tab. @param {IDBDatabase} db @param {string} tab */
export const forgetTab = (db, tab) =>
  within(db, (tx) => tx.objectStore("tabs").delete(tab));

/** Forget the resume box of a sitting that is over. @param {IDBDatabase} db @param {string} sid */
export const forgetBox = (db, sid) =>
  within(db, (tx) => tx.objectStore("boxes").delete(sid));

/**
 * Forget keys and boxes left here before `before` (milliseconds since 1970) by tabs that closed
 * without finishing. Saves not acknowledged stay.
 * @param {IDBDatabase} db @param {number} before
 */
export const forgetOld = (db, before) =>
  within(db, (tx) => {
    for (const name of /** @type {const} */ (["boxes", "tabs"])) {
      const walk = tx.objectStore(name).openCursor();
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (!cursor) return;
        if (cursor.value.at < before) cursor.delete();
        cursor.continue();
      };
    }
  });

/** @param {Entry} entry */
const key = (entry) => [entry.stream, entry.seq];

/**
 * @param {IDBDatabase} db @param {(tx: IDBTransaction) => void} work
 * @returns {Promise<void>}
 */
function within(db, work) {
  return new Promise((done, fail) => {
    const tx = db.transaction(STORES, "readwrite", { durability: "strict" });
    tx.oncomplete = () => done();
    tx.onabort = () => fail(tx.error);
    work(tx);
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function read(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
