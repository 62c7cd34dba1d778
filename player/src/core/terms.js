// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a pupil is granted: settings, extra time, a pause. The box comes from names through the
 * host, which cannot open it (kernel/encrier/terms.py). docs/spec/terms.md.
 * @module
 */

import * as boxes from "./boxes.js";
import { concat, text, utf8 } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** What is granted; settings are "name:value". @typedef {{extraTime: number, paused: boolean, settings: string[]}} Terms */

const LABEL = utf8("terms/v1\0");
const HEAD = 4; // version, extra time, flags, length of the settings
const PAUSED = 1;

/**
 * Open a box; throws when it is another sitting's, or of another release.
 * @param {Bytes} box @param {CryptoKey} key @param {{campaign: Bytes, sid: Bytes}} of
 * @returns {Promise<Terms>}
 */
export async function unseal(box, key, { campaign, sid }) {
  const plain = await boxes.open(box, key, concat(LABEL, campaign, sid));
  const [version, extraTime = 0, flags = 0, size = 0] = plain;
  if (version !== 1 || extraTime > 100 || HEAD + size > plain.length) throw new TypeError("terms of another release");
  const settings = text(plain.slice(HEAD, HEAD + size)).split(" ").filter(Boolean);
  return { extraTime, paused: (flags & PAUSED) !== 0, settings };
}
