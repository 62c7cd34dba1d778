// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The resume box: the sheet so far, sealed under a key that only the code gives, so that the
 * pupil can go on elsewhere. The host keeps it and cannot read it. docs/spec/resume-box.md.
 * @module
 */

import * as boxes from "./boxes.js";
import { big, concat, text, utf8 } from "./bytes.js";
import { deflate, inflate } from "./deflate.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * Which save a box belongs to.
 * @typedef {{campaign: Bytes, sid: Bytes, stream: Bytes, epoch: number, seq: number}} Place
 */

const LABEL = utf8("resume/v1\0");
const MAX_SHEET = 1024 * 1024; // as where envelopes are opened

/** What a box is bound to. @param {Place} place */
export const context = ({ campaign, sid, stream, epoch, seq }) =>
  concat(LABEL, campaign, sid, stream, big(epoch, 1), big(seq, 4));

/** @param {string} sheet JSON @param {Place} place @param {CryptoKey} key @returns {Promise<Bytes>} */
export const close = async (sheet, place, key) => closePacked(await deflate(utf8(sheet)), place, key);

/** @param {Bytes} packed the sheet, deflated @param {Place} place @param {CryptoKey} key @returns {Promise<Bytes>} */
export const closePacked = (packed, place, key) => boxes.close(packed, key, context(place));

/**
 * The sheet in a box; throws when the box is not of this place and this code.
 * @param {Bytes} box @param {Place} place @param {CryptoKey} key
 */
export const open = async (box, place, key) => text(await inflate(await boxes.open(box, key, context(place)), MAX_SHEET));
