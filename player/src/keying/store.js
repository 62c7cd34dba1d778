// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What stays of a class on the teacher's computer: the key of its ring, which no script can read
 * back, the ring, closed, and keys of sittings already derived, theirs closed under the same key.
 * Never a name, a code or an answer in clear; answers are in the disk of saving/.
 *
 * Where the browser keeps nothing, all lasts as long as the page, and a reload asks for the link.
 * @module
 */

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {{key: CryptoKey, ring: Bytes | null}} KeptClass */
/**
 * Keys of a pupil's sitting. `code`: the code they come from, `auth`: what the host is shown; both
 * closed under the key of the class.
 * @typedef {object} KeptKeys
 * @property {Bytes} code
 * @property {Bytes} sid
 * @property {Bytes} auth
 * @property {CryptoKey} mac
 * @property {CryptoKey} resume
 * @property {CryptoKey} terms
 * @property {number} pair
 */
/** @typedef {"classes" | "keys"} Name */

const NAME = "encrier-saisie";
const STORES = /** @type {const} */ (["classes", "keys"]);

/** In the place of a disk that the browser refuses. @type {Map<string, any>} */
const memory = new Map();

/** @param {Name} store @param {string} name */
const inMemory = (store, name) => `${store}/${name}`;

/** @param {string} division @returns {Promise<KeptClass | undefined>} */
export const classOf = (division) => read("classes", division);

/** @param {string} division @param {KeptClass} kept */
export const keepClass = (division, kept) => write("classes", division, kept);

/** @param {string} division @param {string} order @returns {Promise<KeptKeys | undefined>} */
export const keysOf = (division, order) => read("keys", `${division}/${order}`);

/** @param {string} division @param {string} order @param {KeptKeys} kept */
export const keepKeys = (division, order, kept) => write("keys", `${division}/${order}`, kept);

/** Doubts that were answered, closed. @param {string} division @returns {Promise<Bytes | undefined>} */
export const confirmedOf = (division) => read("keys", `${division}/confirmed`);

/** @param {string} division @param {Bytes} closed */
export const keepConfirmed = (division, closed) => write("keys", `${division}/confirmed`, closed);

/** All of a class goes. @param {string} division */
export async function forget(division) {
  for (const name of [...memory.keys()]) if (name.includes(division)) memory.delete(name);
  await within((tx) => {
    tx.objectStore("classes").delete(division);
    tx.objectStore("keys").delete(IDBKeyRange.bound(`${division}/`, `${division}/\uffff`));
  }).catch(() => {}); // a disk that is refused keeps nothing
}

/** @param {Name} store @param {string} name @param {unknown} kept */
async function write(store, name, kept) {
  memory.set(inMemory(store, name), kept);
  await within((tx) => tx.objectStore(store).put(kept, name)).catch(() => {}); // see above
}

/** @param {Name} store @param {string} name @returns {Promise<any>} */
async function read(store, name) {
  /** @type {IDBRequest | undefined} */
  let asked;
  await within((tx) => (asked = tx.objectStore(store).get(name))).catch(() => {});
  return asked?.result ?? memory.get(inMemory(store, name));
}

/** @param {(tx: IDBTransaction) => void} work @returns {Promise<void>} settles once on disk */
function within(work) {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1); // some browsers throw here, or have no indexedDB at all
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
      const idb = request.result;
      const tx = idb.transaction(STORES, "readwrite", { durability: "strict" });
      tx.oncomplete = () => (idb.close(), done());
      tx.onabort = () => (idb.close(), fail(tx.error));
      work(tx);
    };
  });
}
