// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A host as docs/spec/upload.md says, with a disk that never fails and true keys, and what stands
 * between a school and it. At the end its envelopes are opened as results would.
 * @module
 */

import { createCipheriv, createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { inflateRawSync } from "node:zlib";

import { base64, big, concat, equal, fromBase64, hex, utf8 } from "../../src/core/bytes.js";
import { FINAL, HEADER_SIZE, INFO, suite } from "../../src/core/envelope.js";
import { envelopeIn } from "../../src/saving/wire.js";

/** @typedef {import("../../src/core/bytes.js").Bytes} Bytes */
/** @typedef {{seq: number, body: Bytes, envelope: Bytes, receipt: Bytes}} Kept */
/** How the way to the host is, for one request. @typedef {"whole" | "cut-before" | "cut-after" | "half-reply" | "busy" | "later" | "many" | "portal" | "lies" | "forged" | "rewritten" | "stripped"} Way */

const NODE = new Uint8Array([0, 0, 0, 1]);
const PKCS8 = "302e020100300506032b657004220420"; // an Ed25519 seed follows
const nodeKey = createPrivateKey({ key: Buffer.from(`${PKCS8}${"6e".repeat(32)}`, "hex"), format: "der", type: "pkcs8" });
const opener = await suite().kem.generateKeyPair();
const sealingKey = new Uint8Array(await suite().kem.serializePublicKey(opener.publicKey));
const BUNDLE = new Uint8Array(8).fill(7);

/** @type {import("../../src/core/manifest.js").Manifest} */
export const MANIFEST = {
  campaign: new Uint8Array(16).fill(1),
  label: "",
  sealingKey,
  keyId: new Uint8Array(createHash("sha256").update(sealingKey).digest()).slice(0, 8),
  iterations: 1,
  opensAt: new Date(0),
  closesAt: new Date(0),
  bundles: [{ id: BUNDLE, sha256: new Uint8Array(32), sealedSha256: new Uint8Array(32), title: "" }],
  practice: null,
  places: "",
  nodes: [{ node: NODE, url: "", pair: 0, receiptKey: new Uint8Array(createPublicKey(nodeKey).export({ format: "der", type: "spki" }).subarray(-32)) }],
};

/** @param {object} said @param {number} status @param {Record<string, string>} headers */
const json = (said, status = 200, headers = {}) =>
  new Response(JSON.stringify(said), { status, headers: { "content-type": "application/json", ...headers } });

/** Nothing is granted. */
function noTerms() {
  const aes = createCipheriv("aes-256-gcm", TERMS_KEY, new Uint8Array(12));
  aes.setAAD(concat(utf8("terms/v1\0"), MANIFEST.campaign, SID));
  const sealed = concat(aes.update(new Uint8Array([1, ...new Uint8Array(207)])), aes.final(), aes.getAuthTag());
  return { closes_at: "2026-11-23T11:00:00Z", box: base64(concat(new Uint8Array(12), sealed)), mark: "00000000" };
}

export class Host {
  /** @param {Bytes} [auth] of the sitting it keeps */
  constructor(auth = AUTH) {
    this.authSha256 = createHash("sha256").update(auth).digest(); // all that the host knows of it
    /** @type {Map<string, Kept>} newest save of each stream */
    this.streams = new Map();
    /** @type {{epoch: number, seq: number, stream: Bytes, box: Bytes} | null} */
    this.newest = null;
    this.finished = false;
    this.nRequests = 0;
  }

  /**
   * What the page hears, or a rejection where the line is cut.
   * @param {string} path @param {RequestInit} request @param {Way} way
   * @returns {Promise<Response>}
   */
  async reached(path, request, way) {
    this.nRequests += 1;
    if (way === "cut-before") throw new TypeError("cut");
    if (way === "busy") return json({ what: "Occupé.", next_step: "Plus tard." }, 503);
    if (way === "later") return json({ what: "Occupé.", next_step: "Plus tard." }, 503, { "retry-after": "5" });
    if (way === "many") return json({ what: "Trop de demandes.", next_step: "Plus tard." }, 429, { "retry-after": "5" });
    if (way === "portal") return new Response("<html>", { headers: { "content-type": "text/html" } });
    if (way === "lies" && path === "/v1/save") return json({ superseded: true });
    let body = /** @type {Bytes} */ (request.body);
    if ((way === "rewritten" || way === "stripped") && path === "/v1/save") {
      body = body.slice();
      body[45 + HEADER_SIZE] = (body[45 + HEADER_SIZE] ?? 0) ^ 1; // in what is sealed
    }
    const headers = /** @type {Record<string, string>} */ (way === "stripped" ? {} : (request.headers ?? {}));
    const reply = path === "/v1/sign-in" ? this.signIn() : this.save(body, headers["content-digest"]);
    if (way === "cut-after") throw new TypeError("cut");
    if (way === "half-reply") return new Response(new ReadableStream({ start: (c) => c.error(new TypeError("cut")) }), { headers: reply.headers });
    if (way === "forged" && path === "/v1/save") {
      return new Response(new Uint8Array(157), { headers: { "content-type": "application/octet-stream" } });
    }
    return reply;
  }

  signIn() {
    const last = this.newest && { ...this.newest, stream: base64(this.newest.stream), box: base64(this.newest.box) };
    return json({ bundle: base64(BUNDLE), booklet_key: base64(new Uint8Array(32)), state: this.finished ? "finished" : "open", terms: noTerms(), last });
  }

  /** @param {Bytes} body @param {string | undefined} digest */
  save(body, digest) {
    const sum = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
    if (digest && digest !== sum) return json({ what: "Modifié.", next_step: "Non." }, 422);
    const proof = createHmac("sha256", this.authSha256).update("rescue/v1\0").update(body.slice(35)).digest();
    if (!equal(body.slice(3, 35), new Uint8Array(proof))) return json({ what: "Inconnu.", next_step: "Non." }, 403);
    const envelope = envelopeIn(body);
    const stream = envelope.slice(44, 52);
    const view = new DataView(envelope.buffer);
    const [epoch, seq, kind] = [view.getUint8(52), view.getUint32(53), view.getUint8(57)];
    const kept = this.streams.get(hex(stream));
    if (kept && seq < kept.seq) return json({ superseded: true });
    if (kept && seq === kept.seq && !equal(kept.envelope, envelope)) return json({ what: "Pris.", next_step: "Non." }, 409);
    const receipt = kept && seq === kept.seq ? kept.receipt : signedFor(envelope);
    this.streams.set(hex(stream), { seq, body, envelope, receipt });
    const box = body.slice(41 + envelope.length);
    const now = { epoch, seq, stream, box };
    if (!this.newest || order(now, this.newest) > 0) this.newest = now;
    this.finished ||= kind === FINAL;
    if (this.finished) this.newest = { ...this.newest, box: new Uint8Array() };
    const headers = { "content-type": "application/octet-stream", "encrier-kept": `0123456789abcdef ${this.nRequests}` };
    return new Response(receipt, { headers });
  }

  /** The sheets that results would read; an envelope that does not open counts for nothing. */
  async opened() {
    const sheets = [];
    for (const { envelope } of this.streams.values()) {
      const head = envelope.slice(0, HEADER_SIZE);
      const enc = envelope.slice(HEADER_SIZE, HEADER_SIZE + 1120);
      const context = { recipientKey: opener.privateKey, enc, info: concat(INFO, head) };
      const plain = await suite().open(context, envelope.slice(HEADER_SIZE + 1120)).catch(() => null);
      if (!plain) continue;
      const inside = new Uint8Array(plain);
      const size = new DataView(plain).getUint32(32);
      sheets.push(JSON.parse(inflateRawSync(inside.slice(36, 36 + size)).toString()));
    }
    return sheets;
  }
}

/** @param {Bytes} envelope */
function signedFor(envelope) {
  const sum = new Uint8Array(createHash("sha256").update(envelope).digest());
  const body = concat(utf8("RC2"), envelope.slice(12, 58), sum, big(29_000_000, 4), NODE);
  const root = createHash("sha256").update(concat(big(0, 1), body)).digest();
  const batch = concat(utf8("receipt/v2\0"), big(1, 2), new Uint8Array(root));
  return concat(body, new Uint8Array(sign(null, batch, nodeKey)), big(0, 2), big(1, 2));
}

/** @param {{epoch: number, seq: number, stream: Bytes}} a @param {{epoch: number, seq: number, stream: Bytes}} b */
const order = (a, b) => a.epoch - b.epoch || a.seq - b.seq || (hex(a.stream) < hex(b.stream) ? -1 : 1);

export const AUTH = new Uint8Array(32).fill(5);
export const SID = fromBase64("egufAutrsVclyKXdjcVsMQ==");
export const TERMS_KEY = new Uint8Array(32).fill(9);
