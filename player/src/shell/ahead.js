// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Before anybody signs in: the page makes itself ready to open without network, and fetches the
 * booklets of the manifest quietly, so that a class that starts at once asks for next to nothing.
 * @module
 */

import { hex } from "../core/bytes.js";
import { fetchClosed } from "../items/bundle.js";
import { forgetOthers } from "../items/kept.js";

/** @typedef {import("../core/manifest.js").Manifest} Manifest */

const LONGEST_WAIT_MS = 15_000;

/** Fetch every booklet of the manifest to this computer, closed as they are. @param {Manifest} manifest */
async function fetchAhead({ bundles, practice }) {
  const all = practice ? [...bundles, practice.entry] : bundles;
  await forgetOthers(all.map((entry) => hex(entry.id)));
  for (const entry of all) await fetchClosed(entry);
}

/**
 * Once the first screen stands: the worker, then the booklets, at a moment of its own for each
 * computer of the room. Whatever fails is tried at the next visit.
 * @param {() => Promise<Manifest>} manifest
 */
export function quietly(manifest) {
  const later = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 1_000));
  later(() => {
    navigator.serviceWorker?.register("/sw.js").catch(() => {});
    setTimeout(() => manifest().then(fetchAhead).catch(() => {}), Math.random() * LONGEST_WAIT_MS);
  });
}
