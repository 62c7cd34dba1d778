// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Bytes: joined, compared, written as hex or base64. Knows nothing of what they mean.
 * @module
 */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => encoder.encode(text);

/** Text of UTF-8 bytes; throws on bytes that are not. @param {Bytes} bytes */
export const text = (bytes) => decoder.decode(bytes);

/** @param {...Uint8Array} parts @returns {Bytes} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** A whole number as `size` bytes, big-endian. @param {number} value @param {number} size @returns {Bytes} */
export function big(value, size) {
  const bytes = new Uint8Array(size);
  for (let i = size - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) {
    bytes[i] = rest % 256;
  }
  return bytes;
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** @param {string} written @returns {Bytes} */
export function fromHex(written) {
  if (!/^([0-9a-f]{2})*$/.test(written)) throw new TypeError("not hexadecimal");
  return Uint8Array.from(written.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {string} written @returns {Bytes} */
export const fromBase64 = (written) => Uint8Array.from(atob(written), (c) => c.charCodeAt(0));

/** @param {number} size @returns {Bytes} */
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
export const sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
