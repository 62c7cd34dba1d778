// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The open tab: what a reload needs to go on without typing the code again. The keys lie in
 * IndexedDB under a random name that only this tab's sessionStorage knows.
 * @module
 */

import { concat, hex, random, utf8 } from "../core/bytes.js";
import * as disk from "./disk.js";
import * as hostClock from "./host-clock.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */

const TAB = "encrier-tab";
const PLACE = "encrier-place";
const LABEL = utf8("encrier-tab/v1");
const NONCE = 12;

/** Where the browser keeps nothing, a reload asks for the code. @param {disk.Disk} db @param {CodeKeys} keys */
export async function keep(db, keys) {
  const tab = hex(random(16));
  const iv = random(NONCE);
  const aes = { name: "AES-GCM", iv, additionalData: LABEL };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(aes, keys.resume, keys.auth));
  const kept = { ...keys, auth: concat(iv, sealed), at: hostClock.now() };
  await disk.keepTab(db, tab, kept).then(() => sessionStorage.setItem(TAB, tab), () => {});
}

/** The keys of this tab, if it had signed in. @param {disk.Disk} db @returns {Promise<CodeKeys | null>} */
export async function recall(db) {
  const tab = sessionStorage.getItem(TAB);
  const kept = tab ? await disk.tabOf(db, tab) : undefined;
  if (!kept) return null;
  const aes = { name: "AES-GCM", iv: kept.auth.slice(0, NONCE), additionalData: LABEL };
  const auth = await crypto.subtle.decrypt(aes, kept.resume, kept.auth.slice(NONCE));
  return { sid: kept.sid, mac: kept.mac, resume: kept.resume, auth: new Uint8Array(auth) };
}

/** Forget the keys, here and on disk. @param {disk.Disk} db */
export async function forget(db) {
  const tab = sessionStorage.getItem(TAB);
  sessionStorage.removeItem(TAB);
  sessionStorage.removeItem(PLACE);
  if (tab) await disk.forgetTab(db, tab);
}

/** Which item the tab shows; says nothing of what was answered. */
export const place = {
  /** @param {string} item */
  set: (item) => sessionStorage.setItem(PLACE, item),
  get: () => sessionStorage.getItem(PLACE),
};
