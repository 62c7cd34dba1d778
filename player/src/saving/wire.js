// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What the page says to the answers zone and hears from it: sign-in, saves, terms. docs/spec/upload.md.
 *
 * Never sends a code, an answer in clear or a name; follows no address but its own origin and those
 * that its page and the signed manifest both name (hosts.js).
 * @module
 */

import { openingKey } from "../core/boxes.js";
import { base64, big, concat, fromBase64, hex, sha256, utf8 } from "../core/bytes.js";
import { ONLY } from "../core/places.js";
import * as hostClock from "./host-clock.js";
import { answers } from "./hosts.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {{stream: Bytes, epoch: number, seq: number, box: Bytes}} LastSave */
/** Until when, and a sealed box of what is granted; `mark` changes with either. @typedef {{closesAt: number, box: Bytes, mark: string}} SentTerms */
/** @typedef {{bundle: Bytes, key: CryptoKey, state: "open" | "finished", terms: SentTerms, last: LastSave | null}} SignedIn */
/** What a code gives that the host may see, and which pair is asked. @typedef {{sid: Bytes, auth: Bytes, pair?: number}} Shown */
/** @typedef {{auth: Bytes, unsent: number, envelope: Bytes, box: Bytes}} Save */

const PATIENCE_MS = 20_000;
const MOST_UNSENT = 65_535;
const AUTH_AT = 3;
const UNSENT_AT = 35; // after magic (3) and auth (32)
const RESCUED = utf8("SV2");
const LABEL = utf8("rescue/v1\0");

/**
 * The host said no; its words are for the pupil. Status 0: it did not answer. Altered: somebody
 * between here and the host answered in its place.
 */
export class Refused extends Error {
  /** @param {number} status @param {{what?: string, nextStep?: string, altered?: boolean, retryAfterMs?: number, digestRead?: boolean}} said */
  constructor(status, { what = "", nextStep = "", altered = false, retryAfterMs = 0, digestRead = false } = {}) {
    super(`refused with ${status}`);
    this.status = status;
    this.what = what;
    this.nextStep = nextStep;
    this.altered = altered;
    this.retryAfterMs = retryAfterMs;
    this.digestRead = digestRead; // the host saw the digest of what it was sent
  }
}

/** The sign-in is good, and must wait for its turn. docs/spec/waiting-room.md */
export class Held extends Error {
  /** @param {{ticket: string, place: number, wait_s: number}} said @param {number} retryAfterMs */
  constructor({ ticket, place, wait_s: waitS }, retryAfterMs) {
    super("held");
    this.ticket = ticket; // base64, as the host wrote it
    this.place = place;
    this.waitS = waitS;
    this.retryAfterMs = retryAfterMs;
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

/**
 * A packed save with a proof in the place of `auth`: good for this very save, so that one which
 * was changed on its way is refused, and that who finds one in a rescue file can do nothing else.
 * @param {Bytes} body SV1
 * @returns {Promise<Bytes>} SV2
 */
export async function proved(body) {
  const known = await sha256(body.slice(AUTH_AT, UNSENT_AT)); // what the host keeps of `auth`
  const key = await crypto.subtle.importKey("raw", known, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const rest = body.slice(UNSENT_AT);
  return concat(RESCUED, new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(LABEL, rest))), rest);
}

/**
 * The same save to be kept and sent alone: under its proof, without the box that the code opens.
 * @param {Bytes} body SV1, or one that is so already
 */
export const lone = async (body) =>
  body[2] === RESCUED[2]
    ? body
    : proved(packSave({ auth: body.slice(AUTH_AT, UNSENT_AT), unsent: 0, envelope: envelopeIn(body), box: new Uint8Array() }));

/** Where the envelope stands in a packed save. @param {Bytes} body */
export function envelopeIn(body) {
  const size = new DataView(body.buffer, body.byteOffset).getUint32(37);
  return body.slice(41, 41 + size);
}

/** Which sitting a packed save is of. @param {Bytes} body */
export const sidIn = (body) => envelopeIn(body).slice(28, 44);

/** The signed manifest, as text. @returns {Promise<string>} */
export const manifest = async () => (await asked("/v1/manifest", { cache: "no-cache" })).text();

/**
 * Show what the code gives, and hear where this sitting stands. Throws Refused, Held.
 * @param {Shown} keys @param {string} [ticket] of the waiting room
 * @returns {Promise<SignedIn>}
 */
export async function signIn(keys, ticket = "") {
  const { said, answer } = await shown("/v1/sign-in", keys, ticket ? { ticket } : {});
  if (answer.status === 202) throw new Held(said, askedMs(answer));
  return {
    bundle: fromBase64(said.bundle),
    key: await openingKey(fromBase64(said.booklet_key)),
    state: said.state,
    terms: readTerms(said.terms),
    last: said.last && {
      stream: fromBase64(said.last.stream),
      epoch: said.last.epoch,
      seq: said.last.seq,
      box: fromBase64(said.last.box),
    },
  };
}

/** Hear what is granted, now. @param {Shown} keys @returns {Promise<SentTerms>} */
export const terms = async (keys) => readTerms((await shown("/v1/terms", keys)).said);

/**
 * @param {string} path @param {Shown} keys @param {object} [more]
 * @returns {Promise<{said: any, answer: Response}>} said: JSON of the host
 */
async function shown(path, { sid, auth, pair }, more = {}) {
  const body = JSON.stringify({ auth: base64(auth), sid: base64(sid), ...more });
  const headers = { "content-type": "application/json" };
  const answer = await posted(path, { headers, body }, { pair, sid });
  const said = await answer.json().catch(() => {
    throw new Refused(0); // cut in the middle, or another's: as good as no answer
  });
  return { said, answer };
}

/** @param {any} said @returns {SentTerms} */
const readTerms = ({ closes_at, box, mark }) => ({ closesAt: Date.parse(closes_at), box: fromBase64(box), mark });

/**
 * Send a packed save. Gives the receipt, or null when the host holds a newer one; whether the pupil
 * goes on on another computer, or on one beside that signed in at the same time; the mark of what
 * she is granted, or ""; where it is kept, or "".
 * @param {Bytes} body @param {number} [pair] that serves its sitting @param {AbortController} [stop] gives the attempt up
 * @returns {Promise<{receipt: Bytes | null, elsewhere: boolean, beside: boolean, mark: string, where: string}>}
 */
export async function save(body, pair, stop) {
  // so that the host tells a body that was changed on its way (RFC 9530)
  const digest = `sha-256=:${base64(await sha256(body))}:`;
  const headers = { "content-type": "application/octet-stream", "content-digest": digest };
  const answer = await posted("/v1/save", { headers, body }, { pair, sid: sidIn(body) }, stop);
  const kind = answer.headers.get("content-type") ?? "";
  const elsewhere = answer.headers.has("encrier-elsewhere");
  const beside = answer.headers.has("encrier-beside");
  const mark = answer.headers.get("encrier-terms") ?? "";
  const where = answer.headers.get("encrier-kept") ?? "";
  if (kind.startsWith("application/octet-stream")) {
    try {
      return { receipt: new Uint8Array(await answer.arrayBuffer()), elsewhere, beside, mark, where };
    } catch {
      throw new Refused(0); // cut in the middle: as good as no answer
    }
  }
  const said = kind.startsWith("application/json") ? await answer.json().catch(() => null) : null;
  if (said?.superseded === true) return { receipt: null, elsewhere, beside, mark, where };
  throw new Refused(answer.status, { altered: true });
}

/** Up to which save the ministry has all, and the time by the host, or 0. docs/spec/drained.md @param {string} origin @returns {Promise<{said: import("./kept.js").Said, now: number}>} */
export async function drained(origin) {
  const answer = await asked(`${origin}/v1/drained`);
  const { store, node, drained: rank } = await answer.json();
  return { said: { store: hex(fromBase64(store)), node: fromBase64(node), drained: rank }, now: Date.parse(answer.headers.get("date") ?? "") || 0 };
}

/**
 * A last attempt while the page goes away; nobody hears the answer. A browser takes 64 KiB at most.
 * @param {Bytes} body @param {number} [pair]
 */
export const beacon = (body, pair = ONLY) =>
  navigator.sendBeacon(`${answers.at({ pair, sid: sidIn(body) })}/v1/save`, new Blob([body], { type: "application/octet-stream" }));

/**
 * Ask a node of the pair; where it is silent another at once, where it is ill another next time.
 * @param {string} path @param {RequestInit} request @param {Partial<import("./hosts.js").Asking>} asking
 * @returns {Promise<Response>} throws Refused
 */
async function posted(path, request, asking, stop = new AbortController()) {
  for (let left = answers.count(asking.pair); ; left -= 1) {
    const origin = answers.at(asking);
    try {
      return await asked(origin + path, { method: "POST", ...request }, stop);
    } catch (fault) {
      if (!(fault instanceof Refused) || (fault.status > 0 && fault.status < 500)) throw fault;
      answers.failed(asking, origin);
      if (fault.status > 0 || left <= 1 || stop.signal.aborted) throw fault;
    }
  }
}

/**
 * @param {string} url @param {RequestInit} request @param {AbortController} stop
 * @returns {Promise<Response>} throws Refused
 */
export async function asked(url, request = {}, stop = new AbortController()) {
  /** @type {Response} */
  let answer;
  setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    answer = await fetch(url, { redirect: "manual", credentials: "omit", signal: stop.signal, ...request });
  } catch {
    throw new Refused(0);
  }
  if (request.method === "POST") hostClock.heard(answer.headers.get("date")); // from no cache
  if (answer.ok) return answer;
  throw await refusal(answer);
}

/** How long the host asks to wait, or 0. @param {Response} answer */
const askedMs = (answer) => 1000 * (Number.parseInt(answer.headers.get("retry-after") ?? "", 10) || 0);

/**
 * What a refusal says. The host never sends elsewhere, and its refusals are JSON with words: any
 * other comes from a filter, a portal or a proxy, but for what servers in front of it say of it.
 * @param {Response} answer
 */
async function refusal(answer) {
  const said = await answer.json().catch(() => null);
  const retryAfterMs = askedMs(answer);
  if (typeof said?.what === "string") {
    const altered = answer.status === 422; // the host's own word that what it got is not what was sent
    return new Refused(answer.status, { what: said.what, nextStep: said.next_step, altered, retryAfterMs, digestRead: answer.headers.has("encrier-digest") });
  }
  const altered = answer.status < 500 && answer.status !== 429 && answer.status !== 408;
  return new Refused(answer.status, { altered: altered || answer.status === 511, retryAfterMs });
}
