// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Files of booklets kept on this computer, by their address, which holds their digest: fetched
 * days ahead, or once, then never again. What comes out is checked by whoever asks.
 * @module
 */

import { asked } from "../saving/wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */

const NAME = "encrier-kept";

/** The cache, or null where the browser has none (a private window, plain http). */
const kept = () => globalThis.caches?.open(NAME).catch(() => null) ?? Promise.resolve(null);

/**
 * A file, from this computer or else from the host.
 * @param {string} path @param {(bytes: Bytes) => Promise<boolean>} isRight
 * @returns {Promise<Bytes | null>} null when what the host gave is not right; throws Refused
 */
export async function file(path, isRight) {
  const cache = await kept();
  const here = await cache?.match(path);
  if (here) {
    const bytes = new Uint8Array(await here.arrayBuffer());
    if (await isRight(bytes)) return bytes;
    await cache?.delete(path); // spoilt on the disk: asked for again
  }
  const bytes = new Uint8Array(await (await asked(path)).arrayBuffer());
  if (!(await isRight(bytes))) return null;
  await cache?.put(path, new Response(bytes)).catch(() => {}); // a full disk keeps no one from going on
  return bytes;
}

/** Forget what belongs to no booklet of these. @param {string[]} bundles ids, 16 hex digits */
export async function forgetOthers(bundles) {
  const cache = await kept();
  for (const request of (await cache?.keys()) ?? []) {
    const bundle = /^\/bundles\/([0-9a-f]{16})\//.exec(new URL(request.url).pathname)?.[1];
    if (bundle && !bundles.includes(bundle)) await cache?.delete(request);
  }
}
