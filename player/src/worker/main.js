// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The service worker: gives the page and its files back when the network does not, so that a
 * reload in a computer room whose line is cut goes on. It is there for availability and protects
 * nothing: whoever serves the page can serve another worker (docs/limits.md).
 *
 * It keeps what may be read by all (page, player, manifest, booklets), never a save or a sign-in.
 * @module
 */

import { keptFirst, networkFirst, tidied } from "./keeping.js";

/** What the build made, by digest. @type {string[]} */
const FILES = JSON.parse(BUILT);
const PAGE = "/";
const MANIFEST = "/v1/manifest";
const SHELL = `encrier-shell-${FILES.join()}`;
const KEPT = "encrier-kept"; // booklets, put there by the page once it has checked them

const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(filled().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(tidied("encrier-shell-", SHELL).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(keptFirst(request, SHELL));
  else if (pathname === PAGE || pathname === MANIFEST) event.respondWith(networkFirst(pathname, request, pathname === PAGE ? SHELL : KEPT));
});

async function filled() {
  const cache = await caches.open(SHELL);
  await cache.add(new Request(PAGE, { cache: "no-cache" }));
  await (await caches.open(KEPT)).add(MANIFEST); // the page has asked for it before this worker stood
  // what the page has just loaded comes from the browser's own cache; fonts when they are asked for
  await cache.addAll(FILES.filter((path) => /\.(js|css)$/.test(path)));
}
