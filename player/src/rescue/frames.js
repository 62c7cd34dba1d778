// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A rescue file as a sequence of QR codes: numbered, each with a checksum, shown again and again
 * until all were seen, in any order. docs/spec/rescue.md.
 *
 * About 0.9 kB of text each: the size of code that a school's webcam reads on a school's screen.
 * @module
 */

import { big, concat, equal, hex, sha256 } from "../core/bytes.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */

const PREFIX = "ER1:";
const PIECE = 600; // bytes
const HEAD = 4 + 2 + 2; // file, rank, how many
const SUM = 4;
const MOST_FRAMES = 2_000;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"; // of QR codes

/**
 * The texts of the frames, in the letters that QR codes hold best.
 * @param {Bytes} file
 * @returns {Promise<string[]>}
 */
export async function frames(file) {
  const id = (await sha256(file)).slice(0, 4);
  const total = Math.ceil(file.length / PIECE);
  if (total > MOST_FRAMES) throw new RangeError("too many saves for a sequence of codes");
  return Promise.all(
    Array.from({ length: total }, async (_, rank) => {
      const framed = concat(id, big(rank, 2), big(total, 2), file.slice(rank * PIECE, (rank + 1) * PIECE));
      return PREFIX + base45(concat(framed, (await sha256(framed)).slice(0, SUM)));
    }),
  );
}

/** Puts frames together, whatever their order, and however often each was seen. */
export function gathering() {
  let id = "";
  let total = 0;
  /** @type {Map<number, Bytes>} */
  const pieces = new Map();
  return {
    /** How far it is. */
    state: () => ({ seen: pieces.size, total }),
    /**
     * One code was read. A code of another file begins anew.
     * @param {string} text
     * @returns {Promise<Bytes | null>} the whole file, once it is
     */
    async seen(text) {
      const framed = text.startsWith(PREFIX) ? fromBase45(text.slice(PREFIX.length)) : null;
      if (!framed || framed.length <= HEAD + SUM) return null;
      const body = framed.slice(0, -SUM);
      if (!equal((await sha256(body)).slice(0, SUM), framed.slice(-SUM))) return null;
      const view = new DataView(body.buffer, body.byteOffset);
      const file = hex(body.slice(0, 4));
      if (file !== id) {
        pieces.clear();
        [id, total] = [file, view.getUint16(6)];
      }
      if (view.getUint16(4) >= total || view.getUint16(6) !== total || total > MOST_FRAMES) return null;
      pieces.set(view.getUint16(4), body.slice(HEAD));
      if (pieces.size < total) return null;
      return concat(...[...pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece));
    },
  };
}

/** RFC 9285. @param {Bytes} bytes */
export function base45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0) : (bytes[i] ?? 0);
    for (let n = pair ? 3 : 2; n > 0; n -= 1) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** Null when it is none. @param {string} text @returns {Bytes | null} */
export function fromBase45(text) {
  if (text.length % 3 === 1) return null;
  const bytes = [];
  for (let i = 0; i < text.length; i += 3) {
    const letters = Array.from(text.slice(i, i + 3), (letter) => ALPHABET.indexOf(letter));
    const value = letters.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
    if (letters.includes(-1) || value >= (letters.length === 3 ? 65_536 : 256)) return null;
    bytes.push(...(letters.length === 3 ? [value >> 8, value & 255] : [value]));
  }
  return new Uint8Array(bytes);
}
