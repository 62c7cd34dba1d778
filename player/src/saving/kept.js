// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What stays on this computer once it has its receipt, until the ministry has it: the last save of
 * each stream, under its proof, so that a host that loses its disk loses nothing. No key, no code,
 * no resume box. docs/spec/drained.md.
 *
 * In a database of its own: whatever fails here, the open sitting does not hear of it.
 * @module
 */

import { equal } from "../core/bytes.js";
import { envelopeIn, lone } from "./wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/**
 * @typedef {object} Kept
 * @property {string} stream hex
 * @property {number} seq
 * @property {Bytes} body SV2, ready to be sent
 * @property {Bytes} receipt
 * @property {number} [pair] of nodes that serves its sitting
 * @property {string} store the host's disk that has it, hex
 * @property {number} rank there
 */
/** What the host says of its disk; `node` as in a receipt. @typedef {{store: string, node: Bytes, drained: number}} Said */

const NAME = "encrier-kept";
const SAVES = "saves";
const MOST_STREAMS = 64;
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_MS = 30 * 24 * 3600 * 1000;
const [MINUTE_AT, NODE_AT, NODE_END] = [81, 85, 89]; // in a receipt
const WHERE = /^([0-9a-f]{16}) ([1-9][0-9]{0,14})$/;

/** When a save was acknowledged, by the host: milliseconds since 1970. @param {Kept} kept */
const ackedAt = ({ receipt }) => 60_000 * new DataView(receipt.buffer, receipt.byteOffset).getUint32(MINUTE_AT);

/**
 * Keep a save that has a true receipt, unless a newer one of its stream is there.
 * @param {Pick<Kept, "stream" | "seq" | "body" | "pair">} entry body: as it was sent, SV1 or SV2
 * @param {Bytes} receipt @param {string} where as the host wrote it; a host that does not say is not asked again
 */
export async function keep({ stream, seq, body, pair }, receipt, where) {
  const [, store, rank] = WHERE.exec(where) ?? [];
  if (!store) return;
  const kept = { stream, seq, pair, body: await lone(body), receipt, store, rank: Number(rank) };
  await within((saves) => {
    const known = saves.get(stream);
    known.onsuccess = () => (known.result?.seq ?? -1) <= seq && saves.put(kept, stream);
  });
}

/** All that is kept; nothing where the browser keeps nothing. @returns {Promise<Kept[]>} */
export async function all() {
  /** @type {IDBRequest<Kept[]> | undefined} */
  let asked;
  await within((saves) => (asked = saves.getAll()));
  return asked?.result ?? [];
}

/** Forget these, but for those of which something newer was kept meanwhile. @param {Kept[]} gone */
export const forget = (gone) =>
  within((saves) => {
    for (const { stream, seq, store } of gone) {
      const known = saves.get(stream);
      known.onsuccess = () => known.result?.seq === seq && known.result.store === store && saves.delete(stream);
    }
  });

/** The open sitting needs the room. */
export const giveRoom = () => indexedDB.deleteDatabase(NAME);

/**
 * What may be forgotten, and what the host's disk does not have. Pure.
 * @param {Kept[]} kept @param {Said} said
 * @param {{now: number, campaign: Bytes, open: Set<string>}} here now: by the host, 0 if it did not say; open: streams that have a page
 */
export function parted(kept, said, { now, campaign, open }) {
  let [streams, bytes] = [0, 0];
  const newestFirst = [...kept].sort((a, b) => ackedAt(b) - ackedAt(a));
  const gone = newestFirst.filter((one) => {
    const isDrained = one.store === said.store && equal(one.receipt.slice(NODE_AT, NODE_END), said.node) && one.rank <= said.drained;
    if (isDrained || ackedAt(one) < now - LONGEST_MS) return true;
    streams += 1;
    bytes += one.body.length;
    return streams > MOST_STREAMS || bytes > MOST_BYTES;
  });
  const ours = (/** @type {Kept} */ one) => equal(envelopeIn(one.body).slice(12, 28), campaign);
  const lost = newestFirst.filter((one) => one.store !== said.store && !gone.includes(one) && !open.has(one.stream) && ours(one));
  return { gone, lost };
}

/** @param {(saves: IDBObjectStore) => void} work @returns {Promise<void>} */
function within(work) {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1); // some browsers throw here, or have no indexedDB at all
    request.onupgradeneeded = () => request.result.createObjectStore(SAVES);
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
      const idb = request.result;
      const tx = idb.transaction(SAVES, "readwrite");
      tx.oncomplete = () => (idb.close(), done());
      tx.onabort = () => (idb.close(), fail(tx.error));
      work(tx.objectStore(SAVES));
    };
  });
}
