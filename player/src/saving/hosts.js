// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Which node of answers is asked: one of the pair that serves the sitting, and another of that pair
 * once it did not answer. No router stands between: the signed manifest names them all.
 *
 * Where a node serves the page itself, that node. Knows addresses and numbers of pairs, no code.
 * @module
 */

import { ONLY } from "../core/places.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** Whose request it is. sid: spreads the sittings of a pair over its nodes, the same on each computer. @typedef {{pair: number, sid: Bytes}} Asking */

/** The origins that the page may ask beside its own, as it was served; none: its own alone. */
const NAMED = (globalThis.document?.querySelector('meta[name="encrier-answers"]')?.getAttribute("content") ?? "").split(" ").filter(Boolean);

/** @param {string[]} written origins that the page may ask, as it names them */
export function hosts(written = NAMED) {
  const named = written.map((url) => new URL(url).origin); // as a browser writes an origin
  /** @type {Map<number, string[]>} */
  let nodes = new Map();
  /** @type {Map<number, number>} how often a node of a pair failed */
  const turns = new Map();

  /** @param {number} pair */
  const of = (pair) => nodes.get(pair) ?? named.slice(0, 1);

  return {
    /** Ask the nodes that this manifest names. @param {Pick<import("../core/manifest.js").Manifest, "nodes" | "places">} manifest */
    follow({ nodes: all, places }) {
      if (named.length === 0 || !places) return; // one pair: its address stands in the page
      nodes = new Map();
      for (const { pair, url } of all) {
        const { origin } = new URL(url);
        const known = nodes.get(pair) ?? [];
        if (named.includes(origin) && !known.includes(origin)) nodes.set(pair, [...known, origin]);
      }
    },
    /** Whether a node of that pair may be asked from this page. @param {number} pair */
    knows: (pair) => named.length === 0 || nodes.size === 0 || nodes.has(pair),
    /** Where to ask: an origin, or "" for the page's own. @param {Partial<Asking>} asking */
    at({ pair = ONLY, sid } = {}) {
      const urls = of(pair);
      return urls[((sid?.[0] ?? 0) + (turns.get(pair) ?? 0)) % urls.length] ?? "";
    },
    /** That one did not answer: the next attempt asks another, where the pair has one. @param {Partial<Asking>} asking @param {string} origin */
    failed(asking, origin) {
      const { pair = ONLY } = asking;
      if (this.at(asking) === origin) turns.set(pair, (turns.get(pair) ?? 0) + 1); // else another request saw it too
    },
    /** How many nodes there are to ask. @param {number} [pair] */
    count: (pair = ONLY) => Math.max(1, of(pair).length),
    /** The pairs that a page which knows no code may ask, in order. @returns {number[]} */
    pairs: () => (nodes.size > 0 ? [...nodes.keys()].sort((a, b) => a - b) : [ONLY]),
  };
}

/** Those of this page. */
export const answers = hosts();
