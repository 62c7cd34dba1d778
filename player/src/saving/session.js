// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The open tab: what a reload needs to go on without typing the code again. The keys lie in
 * IndexedDB under a random name that only this tab's sessionStorage knows.
 * @module
 */

import * as boxes from "../core/boxes.js";
import { hex, random, utf8 } from "../core/bytes.js";
import { ONLY } from "../core/places.js";
import * as disk from "./disk.js";
import * as hostClock from "./host-clock.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */

/** What the host said of the sitting. @typedef {{bundle: Bytes, key: CryptoKey, sentTerms: import("./wire.js").SentTerms}} Signed */

const TAB = "encrier-tab";
const PLACE = "encrier-place";
const TICKET = "encrier-ticket";
const LABEL = utf8("encrier-tab/v1");

/** What the tab keeps; in memory where the browser refuses that too. */
const tabs = {
  /** @type {Map<string, string>} */
  memory: new Map(),
  /** @param {string} name */
  get(name) {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return this.memory.get(name) ?? null;
    }
  },
  /** @param {string} name @param {string | null} value */
  set(name, value) {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, value);
    } catch {
      if (value === null) this.memory.delete(name);
      else this.memory.set(name, value);
    }
  },
};

/**
 * Where the browser keeps nothing, a reload asks for the code.
 * @param {disk.Disk} db @param {CodeKeys} keys @param {Signed | null} signed null: she waits to come in
 */
export async function keep(db, keys, signed) {
  const tab = tabs.get(TAB) ?? hex(random(16));
  const said = signed && { bundle: signed.bundle, key: signed.key, sentTerms: signed.sentTerms };
  const kept = { ...keys, auth: await boxes.close(keys.auth, keys.resume, LABEL), at: hostClock.now(), ...said };
  await disk.keepTab(db, tab, kept).then(() => tabs.set(TAB, tab), () => {});
}

/** What this tab left on the disk, if it had signed in. @param {disk.Disk} db */
async function left(db) {
  const tab = tabs.get(TAB);
  return tab ? disk.tabOf(db, tab) : undefined;
}

/** The keys of this tab, if it had signed in. @param {disk.Disk} db @returns {Promise<CodeKeys | null>} */
export async function recall(db) {
  const kept = await left(db);
  if (!kept) return null;
  const auth = await boxes.open(kept.auth, kept.resume, LABEL);
  return { sid: kept.sid, mac: kept.mac, resume: kept.resume, terms: kept.terms, auth, pair: kept.pair ?? ONLY };
}

/** What the host said when this tab signed in, for a reload that it does not answer; null: not in yet. @param {disk.Disk} db @returns {Promise<Signed | null>} */
export async function signed(db) {
  const kept = await left(db);
  const { bundle, key, sentTerms } = kept ?? {};
  return bundle && key && sentTerms ? { bundle, key, sentTerms } : null;
}

/** Keep what the host says now of what is granted. @param {disk.Disk} db @param {import("./wire.js").SentTerms} sentTerms */
export async function renew(db, sentTerms) {
  const tab = tabs.get(TAB);
  const kept = await left(db);
  if (tab && kept) await disk.keepTab(db, tab, { ...kept, sentTerms }).catch(() => {});
}

/** Forget the keys, here and on disk. @param {disk.Disk} db */
export async function forget(db) {
  const tab = tabs.get(TAB);
  tabs.set(TAB, null);
  tabs.set(PLACE, null);
  tabs.set(TICKET, null);
  if (tab) await disk.forgetTab(db, tab);
}

/** The place of this tab in the waiting room, as the host wrote it; "": none. */
export const ticket = {
  /** @param {string} given */
  set: (given) => tabs.set(TICKET, given || null),
  get: () => tabs.get(TICKET) ?? "",
};

/** Which item the tab shows; says nothing of what was answered. */
export const place = {
  /** @param {string} item */
  set: (item) => tabs.set(PLACE, item),
  get: () => tabs.get(PLACE),
};
