// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What the page says to the answers zone and hears from it: sign-in and saves. docs/spec/upload.md.
 *
 * Never sends a code, an answer in clear or a name; follows no address but its own origin.
 * @module
 */

import { base64, big, concat, fromBase64, utf8 } from "../core/bytes.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {{stream: Bytes, epoch: number, seq: number, box: Bytes}} LastSave */
/** @typedef {{bundle: Bytes, state: "open" | "finished", closesAt: Date, last: LastSave | null}} SignedIn */
/** @typedef {{auth: Bytes, unsent: number, envelope: Bytes, box: Bytes}} Save */

const PATIENCE_MS = 20_000;
const MOST_UNSENT = 65_535;
const UNSENT_AT = 35; // after magic (3) and auth (32)

/** The host said no; its words are for the pupil. Status 0: it did not answer. */
export class Refused extends Error {
  /** @param {number} status @param {string} what @param {string} nextStep */
  constructor(status, what = "", nextStep = "") {
    super(`refused with ${status}`);
    this.status = status;
    this.what = what;
    this.nextStep = nextStep;
  }
}

/** Write a save as the body of a request (kernel/encrier/uploads.py). @param {Save} save */
export const packSave = ({ auth, unsent, envelope, box }) =>
  concat(
    utf8("SV1"),
    auth,
    big(Math.min(unsent, MOST_UNSENT), 2),
    big(envelope.length, 4),
    envelope,
    box,
  );

/**
 * The same save, saying how many answers are newer than its envelope; what is sealed stays as it is.
 * @param {Bytes} body @param {number} unsent
 */
export function behind(body, unsent) {
  const said = body.slice();
  said.set(big(Math.min(unsent, MOST_UNSENT), 2), UNSENT_AT);
  return said;
}

/** Where the envelope stands in a packed save. @param {Bytes} body */
export function envelopeIn(body) {
  const size = new DataView(body.buffer, body.byteOffset).getUint32(37);
  return body.slice(41, 41 + size);
}

/** The signed manifest, as text. @returns {Promise<string>} */
export const manifest = async () => (await asked("/v1/manifest", { cache: "no-cache" })).text();

/**
 * Show what the code gives, and hear where this sitting stands.
 * @param {{sid: Bytes, auth: Bytes}} keys
 * @returns {Promise<SignedIn>}
 */
export async function signIn({ sid, auth }) {
  const body = JSON.stringify({ auth: base64(auth), sid: base64(sid) });
  const headers = { "content-type": "application/json" };
  const said = await (await asked("/v1/sign-in", { method: "POST", headers, body })).json();
  return {
    bundle: fromBase64(said.bundle),
    state: said.state,
    closesAt: new Date(said.closes_at),
    last: said.last && {
      stream: fromBase64(said.last.stream),
      epoch: said.last.epoch,
      seq: said.last.seq,
      box: fromBase64(said.last.box),
    },
  };
}

/**
 * Send a packed save. Gives the receipt, or null when the host holds a newer one.
 * @param {Bytes} body
 * @returns {Promise<Bytes | null>}
 */
export async function save(body) {
  const headers = { "content-type": "application/octet-stream" };
  const answer = await asked("/v1/save", { method: "POST", headers, body });
  if (answer.headers.get("content-type")?.startsWith("application/json")) return null;
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new Refused(0); // cut in the middle: as good as no answer
  }
}

/** A last attempt while the page goes away; nobody hears the answer. @param {Bytes} body */
export const beacon = (body) =>
  navigator.sendBeacon("/v1/save", new Blob([body], { type: "application/octet-stream" }));

/**
 * @param {string} path @param {RequestInit} request
 * @returns {Promise<Response>} throws Refused
 */
export async function asked(path, request = {}) {
  /** @type {Response} */
  let answer;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    answer = await fetch(path, { redirect: "error", credentials: "omit", signal, ...request });
  } catch {
    throw new Refused(0);
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, said.what, said.next_step);
}
