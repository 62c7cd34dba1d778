// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Raw deflate, by the browser's own streams.
 * @module
 */

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
export const deflate = (bytes) => through(bytes, new CompressionStream("deflate-raw"));

/**
 * Throws on bytes that are not deflated, or that swell over `limit` bytes.
 * @param {Bytes} bytes @param {number} limit @returns {Promise<Bytes>}
 */
export const inflate = (bytes, limit) =>
  through(bytes, new DecompressionStream("deflate-raw"), limit);

/**
 * @param {Bytes} bytes @param {CompressionStream | DecompressionStream} stream
 * @param {number} limit @returns {Promise<Bytes>}
 */
async function through(bytes, stream, limit = Infinity) {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => {}); // the reader below fails with the same fault
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  const reader = stream.readable.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.length;
    if (size > limit) throw new RangeError("larger than allowed");
    parts.push(step.value);
  }
  const whole = new Uint8Array(size);
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
