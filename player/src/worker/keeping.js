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

/** @param {Request} request @param {string} cache where it goes once it was fetched */
export async function keptFirst(request, cache) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(cache)).put(request, answer.clone());
  return answer;
}

/** @param {string} path @param {Request} request @param {string} cache */
export async function networkFirst(path, request, cache) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await (await caches.open(cache)).put(path, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await caches.match(path);
    if (kept) return kept;
    throw fault;
  }
}
