// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The resume box: the sheet so far, sealed under a key that only the code gives, so that the
 * pupil can go on elsewhere. The host keeps it and cannot read it. docs/spec/resume-box.md.
 * @module
 */

import { big, concat, random, text, utf8 } from "./bytes.js";
import { deflate, inflate } from "./deflate.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * Which save a box belongs to.
 * @typedef {{campaign: Bytes, sid: Bytes, stream: Bytes, epoch: number, seq: number}} Place
 */

const LABEL = utf8("resume/v1\0");
const NONCE = 12;
const MAX_SHEET = 1024 * 1024; // as where envelopes are opened

/** What a box is bound to. @param {Place} place */
export const context = ({ campaign, sid, stream, epoch, seq }) =>
  concat(LABEL, campaign, sid, stream, big(epoch, 1), big(seq, 4));

/**
 * @param {string} sheet JSON @param {Place} place @param {CryptoKey} key
 * @returns {Promise<Bytes>}
 */
export async function close(sheet, place, key) {
  const iv = random(NONCE);
  const aes = { name: "AES-GCM", iv, additionalData: context(place) };
  const sealed = await crypto.subtle.encrypt(aes, key, await deflate(utf8(sheet)));
  return concat(iv, new Uint8Array(sealed));
}

/**
 * The sheet in a box; throws when the box is not of this place and this code.
 * @param {Bytes} box @param {Place} place @param {CryptoKey} key
 */
export async function open(box, place, key) {
  const iv = box.slice(0, NONCE);
  const aes = { name: "AES-GCM", iv, additionalData: context(place) };
  const packed = await crypto.subtle.decrypt(aes, key, box.slice(NONCE));
  return text(await inflate(new Uint8Array(packed), MAX_SHEET));
}
