// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Computers, their browsers and a clock, for the player's own saving code: each page runs in its
 * own context, so that timers, network, disk and locks are those of its computer, and die with it.
 *
 * Time is virtual and only moves when a schedule says so. A crash drops what the page had in
 * memory and every transaction that is not complete.
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { IDBDatabase, IDBFactory, IDBKeyRange } from "fake-indexeddb";

/** Who answers at the other end. @typedef {{reached: (path: string, request: RequestInit, way: Way) => Promise<Response>}} Host */
/** @typedef {import("./host.js").Way} Way */
/** `every_ms`: it comes again. @typedef {{at: number, page: Page, act: () => void, id: number, every_ms?: number}} Timer */

export class Computer {
  constructor() {
    this.idb = new IDBFactory();
    this.full = false; // its disk takes nothing more
    this.refused = false; // its browser gives no disk
    /** @type {Set<Page>} */
    this.pages = new Set();
  }
}

export class Page {
  /** @param {Computer} computer @param {World} world */
  constructor(computer, world) {
    this.computer = computer;
    this.world = world;
    this.alive = true;
    /** @type {Set<any>} */
    this.writing = new Set();
    /** @type {Set<any>} */
    this.disks = new Set();
    /** @type {string[]} */
    this.locks = [];
    computer.pages.add(this);
  }

  /** @template T @param {() => T} act @returns {T} */
  run(act) {
    return context.run(this, act);
  }

  /** The browser is killed: nothing of this page happens any more. */
  die() {
    this.alive = false;
    this.computer.pages.delete(this);
    this.world.timers = this.world.timers.filter((timer) => timer.page !== this);
    for (const tx of this.writing) abort(tx);
    for (const disk of this.disks) disk.close();
  }
}

export class World {
  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.now = 1000;
    /** @type {Timer[]} */
    this.timers = [];
    /** @type {() => Way} */
    this.way = () => "whole";
    this.nTimers = 0;
  }

  /** Let time pass, and all that it brings. @param {number} ms */
  async pass(ms) {
    const until = this.now + ms;
    for (;;) {
      await quiet();
      this.timers.sort((a, b) => a.at - b.at || a.id - b.id);
      const [timer] = this.timers;
      if (!timer || timer.at > until) break;
      this.timers.shift();
      this.now = Math.max(this.now, timer.at);
      if (timer.every_ms) this.timers.push({ ...timer, at: this.now + timer.every_ms });
      timer.page.run(timer.act);
    }
    this.now = until;
  }
}

/** @type {AsyncLocalStorage<Page>} */
const context = new AsyncLocalStorage();
const never = new Promise(() => {});
/** What a page that is no more is given: it takes everything and never answers. @type {any} */
const nothing = new Proxy(() => {}, { get: () => nothing, apply: () => nothing, set: () => true });
let atWork = 0; // what the machine does for a page that has not come back yet

function here() {
  const page = context.getStore();
  if (!page) throw new Error("nobody's page");
  return page;
}

/** @param {any} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // it was complete
  }
}

const immediate = globalThis.setImmediate;
/** A moment of the machine. */
export const tick = () => new Promise((done) => immediate(done));

/** Until nothing happens any more without time passing. */
async function quiet() {
  for (let still = 0; still < 3; still += 1) {
    await tick();
    if (atWork > 0) still = -1;
  }
}

/** @param {any} holder @param {string} name @param {(real: any) => any} made */
const replace = (holder, name, made) =>
  Object.defineProperty(holder, name, { value: made(holder[name]), configurable: true, writable: true });

/** Put the world in the place of the browser's globals. */
export function install() {
  const all = /** @type {any} */ (globalThis);
  replace(all, "setImmediate", (real) => (/** @type {() => void} */ act) => {
    atWork += 1;
    return real(() => {
      atWork -= 1;
      act();
    });
  });
  for (const name of ["encrypt", "decrypt", "sign", "verify", "digest", "importKey", "deriveBits", "generateKey", "exportKey"]) {
    replace(Object.getPrototypeOf(crypto.subtle), name, (real) => function (/** @type {any[]} */ ...given) {
      atWork += 1;
      return real.apply(crypto.subtle, given).finally(() => (atWork -= 1));
    });
  }
  replace(all, "CompressionStream", () => stream(deflateRawSync));
  replace(all, "DecompressionStream", () => stream(inflateRawSync));
  installTime(all);
  installDisk(all);
  replace(all, "fetch", () => fetched);
  replace(all, "navigator", () => ({
    locks: {
      request: async (/** @type {string} */ name) => void here().locks.push(name),
      query: async () => ({ held: [...here().computer.pages].flatMap((page) => page.locks.map((name) => ({ name }))) }),
    },
    sendBeacon: (/** @type {string} */ path, /** @type {Blob} */ blob) => {
      const page = here();
      blob.arrayBuffer().then((bytes) => page.world.host.reached(path, { body: new Uint8Array(bytes) }, page.world.way())).catch(() => {});
      return true;
    },
  }));
}

/** @param {any} all */
function installTime(all) {
  for (const [name, isEver] of /** @type {const} */ ([["setTimeout", false], ["setInterval", true]])) {
    replace(all, name, (real) => (/** @type {() => void} */ act, ms = 0) => {
      const page = context.getStore();
      if (!page) return real(act, ms); // of the test itself
      const id = (page.world.nTimers += 1);
      if (page.alive) page.world.timers.push({ at: page.world.now + ms, page, act, id, ...(isEver ? { every_ms: ms } : {}) });
      return id;
    });
  }
  for (const name of ["clearTimeout", "clearInterval"]) {
    replace(all, name, (real) => (/** @type {any} */ id) => {
      const page = context.getStore();
      if (!page) return real(id);
      page.world.timers = page.world.timers.filter((timer) => timer.id !== id);
    });
  }
  replace(performance, "now", (real) => () => context.getStore()?.world.now ?? real.call(performance));
}

/** @param {any} all */
function installDisk(all) {
  all.IDBKeyRange = IDBKeyRange;
  Object.defineProperty(all, "indexedDB", {
    configurable: true,
    get() {
      if (here().computer.refused) throw new DOMException("no disk", "SecurityError");
      return here().computer.idb;
    },
  });
  replace(IDBDatabase.prototype, "transaction", (real) => function (/** @type {any} */ ...given) {
    const page = here();
    // @ts-expect-error the database that is asked
    const database = this;
    if (given[1] === "versionchange") return real.apply(database, given); // the browser's own, at first
    if (!page.alive) return nothing;
    page.disks.add(database);
    const tx = real.apply(database, given);
    if (given[1] !== "readwrite") return tx;
    page.writing.add(tx);
    tx.addEventListener("complete", () => page.writing.delete(tx));
    tx.addEventListener("abort", () => page.writing.delete(tx));
    if (page.computer.full) all.setImmediate(() => abort(tx));
    return tx;
  });
}

/** The line between a page and the host. @param {string} path @param {RequestInit} request */
async function fetched(path, request) {
  const page = here();
  if (!page.alive) return never;
  atWork += 1;
  try {
    await tick();
    if (page.alive) return await page.world.host.reached(path, request, page.world.way());
  } finally {
    atWork -= 1;
  }
  return never;
}

/** A browser's stream of deflate, at once. @param {(bytes: Uint8Array) => Uint8Array} change */
const stream = (change) =>
  class {
    constructor() {
      /** @type {Uint8Array[]} */
      const parts = [];
      const writer = { write: async (/** @type {Uint8Array} */ bytes) => void parts.push(new Uint8Array(change(bytes))), close: async () => {} };
      this.writable = { getWriter: () => writer };
      this.readable = { getReader: () => ({ read: async () => (await null, parts.length ? { done: false, value: parts.shift() } : { done: true }) }) };
    }
  };
