// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Several windows of one pupil on one computer: the last one opened goes on. The one before is
 * asked to store what it has and to stop; one that does not answer loses its turn all the same,
 * and what it writes later is kept in its own stream.
 * @module
 */

/**
 * A window's turn on a sitting.
 * @typedef {object} Turn
 * @property {boolean} had whether another window had it: what this computer holds must be read anew
 * @property {(handOver: () => Promise<void>) => void} asked what to do when yet another window wants it
 */

const NAME = "encrier-sitting-";
const PATIENCE_MS = 1_500;

/**
 * Take the turn on a sitting, from another window if need be. A browser that refuses storage
 * refuses this as well, and each window is then alone.
 * @param {string} sid hex
 * @returns {Promise<Turn>}
 */
export const take = (sid) => taken(sid).catch(() => ({ had: false, asked: () => {} }));

/** @param {string} sid @returns {Promise<Turn>} */
async function taken(sid) {
  const name = NAME + sid;
  const channel = new BroadcastChannel(name);
  const held = (await navigator.locks.query()).held ?? [];
  const had = held.some((lock) => lock.name === name);
  if (had) channel.postMessage("mine");
  let handOver = async () => {};
  const lost = () => {
    channel.close();
    return handOver();
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const letGo = await locked(name, { signal }, lost).catch(() => locked(name, { steal: true }, lost));
  channel.onmessage = () => {
    channel.onmessage = null;
    lost().finally(letGo);
  };
  return { had, asked: (act) => (handOver = act) };
}

/**
 * @param {string} name @param {LockOptions} how @param {() => Promise<void>} stolen
 * @returns {Promise<() => void>} what lets it go
 */
function locked(name, how, stolen) {
  return new Promise((done, fail) => {
    let has = false;
    const hold = () =>
      new Promise((/** @type {(value?: unknown) => void} */ letGo) => {
        has = true;
        done(() => letGo());
      });
    navigator.locks.request(name, how, hold).catch((fault) => (has ? stolen() : fail(fault)));
  });
}
