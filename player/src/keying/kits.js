// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Kits of the booklets of a class, and where their pictures and papers are. Served by names to who
 * is signed in; the service worker keeps them. Knows items, no pupil.
 * @module
 */

/** @typedef {import("./kit.js").Kit} Kit */

const PAUSE_MS = 400;
const BUNDLE = /^[0-9a-f]{16}$/;

/** A kit is not there, or is not one. */
export class NoKit extends Error {}

/** @param {string} bundle */
const folder = (bundle) => `/saisie/kits/${bundle}`;

/** @param {string} bundle 16 hex digits @returns {Promise<Kit>} throws NoKit */
export async function fetchKit(bundle) {
  if (!BUNDLE.test(bundle)) throw new NoKit("not a bundle");
  const answer = await fetch(`${folder(bundle)}/keying.json`, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) throw new NoKit("it does not come");
  const kit = await answer.json().catch(() => null);
  if (kit?.v !== 1 || kit.bundle !== bundle) throw new NoKit("not the kit of this booklet");
  return kit;
}

/**
 * Where a file of a kit is; its digest stands beside, so that what is kept is never an older one.
 * @param {Kit} kit @param {string} file
 */
export function addressOf(kit, file) {
  const digest = kit.files[file]?.sha256.slice(0, 16) ?? "";
  return `${folder(kit.bundle)}/${file.split("/").map(encodeURIComponent).join("/")}?${digest}`;
}

/** Fetch the pictures of pages quietly, for a day without network. @param {Kit} kit */
export async function fetchPictures(kit) {
  for (const [file, { type }] of Object.entries(kit.files)) {
    if (!type.startsWith("image/")) continue;
    await fetch(addressOf(kit, file), { credentials: "same-origin" }).catch(() => {}); // another day
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
