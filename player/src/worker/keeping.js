// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a service worker keeps and gives back: files that never change first from here, pages first
 * from the network. Knows paths and caches, nothing of what is in them.
 * @module
 */

const PATIENCE_MS = 4_000;

/** Files of earlier releases go. @param {string} shell what the caches of this page's releases begin with @param {string} current */
export async function tidied(shell, current) {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(shell) && name !== current);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * A file whose address says its content: what the host writes in Vary (an encoding, a cookie, a
 * language) makes no other file of it, and the worker that fetched it sent other headers than a page.
 * @param {Request} request @param {string} cache where it goes once it was fetched
 */
export async function keptFirst(request, cache) {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(cache)).put(request, answer.clone());
  return answer;
}

/** @param {string} path @param {Request} request @param {string} cache */
export async function networkFirst(path, request, cache) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await (await caches.open(cache)).put(path, answer.clone());
    return (isNoAnswer(answer, request) && (await kept(path))) || answer;
  } catch (fault) {
    const known = await kept(path);
    if (known) return known;
    throw fault;
  }
}

/** @param {string} path */
const kept = (path) => caches.match(path, { ignoreVary: true });

/**
 * Whether the host is ill, or asks who had come in to sign in again while her page stands: where she
 * goes herself she is led there. @param {Response} answer @param {Request} request
 */
const isNoAnswer = ({ status, type }, { mode }) => status >= 500 || (type === "opaqueredirect" && mode !== "navigate");
