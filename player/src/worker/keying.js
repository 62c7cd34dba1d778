// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The service worker of the page on which booklets are keyed: gives the page, its files, the
 * manifest and the kits of a class that was opened once, where the network does not.
 *
 * It never keeps the ring of a class, nor anything that was asked of the answers zone.
 * @module
 */

import { keptFirst, networkFirst, tidied } from "./keeping.js";

/** What the build made, by digest. @type {string[]} */
const FILES = JSON.parse(BUILT);
const SHELLS = "encrier-saisie-shell-";
const SHELL = `${SHELLS}${FILES.join()}`;
const KEPT = "encrier-saisie-kept";
const PAGE = /^\/saisie\/[0-9a-f-]{32,36}\/$/;
const KIT = /^\/saisie\/kits\/[0-9a-f]{16}\/keying\.json$/;
const KIT_FILE = /^\/saisie\/kits\/[0-9a-f]{16}\//;
const MANIFEST = "/saisie/manifeste";

const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(filled().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(tidied(SHELLS, SHELL).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { pathname, search, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(keptFirst(request, SHELL));
  else if (PAGE.test(pathname)) event.respondWith(networkFirst(pathname, request, SHELL));
  else if (pathname === MANIFEST || KIT.test(pathname)) event.respondWith(networkFirst(pathname, request, KEPT));
  else if (KIT_FILE.test(pathname) && search.length > 1) event.respondWith(keptFirst(request, KEPT)); // named by its digest
});

/** What the page has just loaded comes from the browser's own cache; fonts when they are asked for. */
async function filled() {
  await (await caches.open(SHELL)).addAll(FILES.filter((path) => /\.(js|css)$/.test(path)));
}
