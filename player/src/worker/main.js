// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The service worker: gives the page and its files back when the network does not, so that a
 * reload in a computer room whose line is cut goes on. It is there for availability and protects
 * nothing: whoever serves the page can serve another worker (docs/limits.md).
 *
 * It keeps what may be read by all (page, player, manifest, booklets), never a save or a sign-in.
 * @module
 */

/** What the build made, by digest. @type {string[]} */
const FILES = JSON.parse(BUILT);
const PAGE = "/";
const MANIFEST = "/v1/manifest";
const SHELL = `encrier-shell-${FILES.join()}`;
const KEPT = "encrier-kept"; // booklets, put there by the page once it has checked them
const PATIENCE_MS = 4_000;

const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(filled().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(tidied().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(keptFirst(request));
  else if (pathname === PAGE || pathname === MANIFEST) event.respondWith(networkFirst(pathname, request));
});

async function filled() {
  const cache = await caches.open(SHELL);
  await cache.add(new Request(PAGE, { cache: "no-cache" }));
  await (await caches.open(KEPT)).add(MANIFEST); // the page has asked for it before this worker stood
  // what the page has just loaded comes from the browser's own cache; fonts when they are asked for
  await cache.addAll(FILES.filter((path) => /\.(js|css)$/.test(path)));
}

/** Files of earlier releases go. */
async function tidied() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("encrier-shell-") && name !== SHELL).map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function keptFirst(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

/** @param {string} path @param {Request} request */
async function networkFirst(path, request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await (await caches.open(path === PAGE ? SHELL : KEPT)).put(path, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await caches.match(path);
    if (kept) return kept;
    throw fault;
  }
}
