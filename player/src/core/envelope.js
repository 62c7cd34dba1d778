// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Close an envelope: the twin of kernel/encrier/seal.py. Format: docs/spec/envelope.md.
 *
 * Nothing here can open one: the browser never holds the campaign's private key.
 * @module
 */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

import { big, concat, sha256, utf8 } from "./bytes.js";
import { deflate } from "./deflate.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * @typedef {object} Header
 * @property {Bytes} key first 8 bytes of SHA-256 of the sealing key
 * @property {Bytes} campaign 16 bytes
 * @property {Bytes} sid 16 bytes
 * @property {Bytes} stream 8 bytes
 * @property {number} epoch 0 to 255
 * @property {number} seq 0 to 2³²-1
 * @property {number} kind SNAPSHOT or FINAL
 * @property {Bytes} bundle 8 bytes
 * @property {number} progress 0 to 100
 */

export const SNAPSHOT = 1;
export const FINAL = 2;
export const HEADER_SIZE = 67;
export const INFO = utf8("encrier-envelope/v1\0");
const SUITE_ID = 1;
const MAC_LABEL = utf8("mac/v1\0");
const BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128].map((kib) => kib * 1024);
const TAG_SIZE = 32;

/** X-Wing, HKDF-SHA256, AES-256-GCM (RFC 9180). */
export const suite = () =>
  new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** The 67 bytes in front of an envelope. @param {Header} header */
export const headerBytes = (header) =>
  concat(
    utf8("SE1"),
    big(SUITE_ID, 1),
    header.key,
    header.campaign,
    header.sid,
    header.stream,
    big(header.epoch, 1),
    big(header.seq, 4),
    big(header.kind, 1),
    header.bundle,
    big(header.progress, 1),
  );

/** An encapsulation: a secret shared with the campaign's key, and what tells it. @typedef {{sharedSecret: ArrayBuffer, enc: ArrayBuffer}} Encapsulated */

/** The KEM with an encapsulation that was made before it was needed; used once. */
class Ahead extends XWing {
  /** @type {Encapsulated | null} */
  #ready;

  /** @param {Encapsulated | null} ready */
  constructor(ready) {
    super();
    this.#ready = ready;
  }

  /** @param {import("@hpke/core").SenderContextParams} params @returns {Promise<Encapsulated>} */
  async encap(params) {
    const ready = this.#ready;
    this.#ready = null;
    return ready ?? super.encap(params);
  }
}

/** Most of the work of an envelope, which needs nothing of what it will hold. @param {Bytes} sealingKey @returns {Promise<Encapsulated>} */
export async function encapsulate(sealingKey) {
  const kem = new XWing();
  return kem.encap({ recipientPublicKey: await kem.deserializePublicKey(sealingKey) });
}

/**
 * Envelopes of one sitting, each with an encapsulation of its own, made ahead where there was time.
 * @param {{sealingKey: Bytes, mac: CryptoKey}} keys
 */
export function sealer(keys) {
  /** @type {Promise<Encapsulated | null> | null} */
  let ahead = null;
  return {
    /** While nothing else is to be done. */
    async prepare() {
      ahead ??= encapsulate(keys.sealingKey).catch(() => null);
      await ahead;
    },
    /** @param {Bytes} packed the sheet, deflated @param {Header} header @returns {Promise<Bytes>} */
    async seal(packed, header) {
      const ready = ahead;
      ahead = null; // before anything is awaited: no encapsulation serves twice
      return sealPacked(packed, header, { ...keys, ahead: await ready });
    },
  };
}

/**
 * Close a sheet so that only the holder of the private key can read it, and prove with `mac`
 * that it comes from who holds the code. `sealingKey` is the X-Wing public key, 1,216 bytes.
 * @param {Bytes} sheet JSON, UTF-8
 * @param {Header} header
 * @param {{sealingKey: Bytes, mac: CryptoKey}} keys
 * @returns {Promise<Bytes>}
 */
export const seal = async (sheet, header, keys) => sealPacked(await deflate(sheet), header, { ...keys, ahead: null });

/** @param {Bytes} packed @param {Header} header @param {{sealingKey: Bytes, mac: CryptoKey, ahead: Encapsulated | null}} keys @returns {Promise<Bytes>} */
async function sealPacked(packed, header, { sealingKey, mac, ahead }) {
  const head = headerBytes(header);
  const room = BUCKETS.find((size) => size >= TAG_SIZE + 4 + packed.length);
  if (room === undefined) throw new RangeError("these answers are larger than any envelope");
  const plain = new Uint8Array(room);
  plain.set(concat(await tag(head, packed, mac), big(packed.length, 4), packed));
  const closing = new CipherSuite({ kem: new Ahead(ahead), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await closing.kem.deserializePublicKey(sealingKey);
  const { enc, ct } = await closing.seal({ recipientPublicKey, info: concat(INFO, head) }, plain);
  return concat(head, new Uint8Array(enc), new Uint8Array(ct));
}

/**
 * The HMAC that ties what is inside to the code and to the header.
 * @param {Bytes} head @param {Bytes} packed @param {CryptoKey} mac @returns {Promise<Bytes>}
 */
export const tag = async (head, packed, mac) =>
  new Uint8Array(await crypto.subtle.sign("HMAC", mac, concat(MAC_LABEL, head, packed)));

/** What a receipt is about. @param {Bytes} envelope */
export const digest = (envelope) => sha256(envelope);
