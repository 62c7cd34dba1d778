// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The five keys of a code in a campaign (kernel/encrier/codes.py, derive).
 *
 * `mac`, `resume` and `terms` leave here only as keys that no script can read back; the code itself is
 * forgotten as soon as they are made.
 * @module
 */

import { openingKey } from "./boxes.js";
import { concat, utf8 } from "./bytes.js";
import { pairOf } from "./places.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * @typedef {object} CodeKeys
 * @property {Bytes} sid public name of the sitting, 16 bytes
 * @property {Bytes} auth shown to the host, 32 bytes
 * @property {CryptoKey} mac HMAC-SHA256, authenticates what is inside an envelope
 * @property {CryptoKey} resume AES-256-GCM, seals the resume box
 * @property {CryptoKey} terms AES-256-GCM, opens what the pupil is granted
 * @property {number} pair which nodes serve the code (places.js): known by its letters, forgotten with it
 */

/**
 * PBKDF2-HMAC-SHA256 then HKDF-SHA256, one label a key.
 * @param {string} code @param {Pick<import("./manifest.js").Manifest, "campaign" | "iterations" | "places">} manifest
 * @returns {Promise<CodeKeys | null>} null where no pair of the manifest serves the code
 */
export async function derive(code, { campaign, iterations, places }) {
  const pair = pairOf(places, code);
  if (pair === null) return null;
  const raw = await deriveRaw(code, campaign, iterations);
  return {
    pair,
    sid: raw.sid,
    auth: raw.auth,
    mac: await macKey(raw.mac),
    resume: await resumeKey(raw.resume),
    terms: await openingKey(raw.terms),
  };
}

/**
 * The same keys as bytes; for tests against the vectors.
 * @param {string} code @param {Bytes} campaign @param {number} iterations
 */
export async function deriveRaw(code, campaign, iterations) {
  const typed = await crypto.subtle.importKey("raw", utf8(code), "PBKDF2", false, ["deriveBits"]);
  const salt = concat(utf8("code/v1\0"), campaign);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const bits = await crypto.subtle.deriveBits(pbkdf2, typed, 256);
  const master = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveBits"]);
  /** @param {string} label @param {number} size */
  const labelled = async (label, size) => {
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(label) };
    return new Uint8Array(await crypto.subtle.deriveBits(hkdf, master, size * 8));
  };
  return {
    sid: await labelled("sid", 16),
    auth: await labelled("auth", 32),
    mac: await labelled("mac", 32),
    resume: await labelled("resume", 32),
    terms: await labelled("terms", 32),
  };
}

/** @param {Bytes} raw */
export const macKey = (raw) =>
  crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

/** @param {Bytes} raw */
export const resumeKey = (raw) =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
