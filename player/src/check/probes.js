// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a computer of a room can do: each probe tries the very thing that a sitting needs and gives
 * a verdict. Sends nothing about the computer; what it posts are zeros that the host refuses.
 * @module
 */

import { utf8 } from "../core/bytes.js";
import { SNAPSHOT, seal } from "../core/envelope.js";
import { deriveRaw, macKey } from "../core/keys.js";
import * as hostClock from "../saving/host-clock.js";
import { answers } from "../saving/hosts.js";
import { Refused, save, terms } from "../saving/wire.js";
import { voiceInTime } from "../supports/voice.js";

/** @typedef {import("../core/manifest.js").Manifest} Manifest */
/** @typedef {"good" | "warn" | "bad"} Verdict */
/** What was found: a verdict and the figure behind it, to fill in the sentence. @typedef {{verdict: Verdict, figure: number}} Found */
/** @typedef {"browser" | "storage" | "crypto" | "manifest" | "delay" | "rate" | "post" | "clock" | "voice" | "screen"} Probe */

const TRIES = 3;
const DATABASE = "encrier-check";
const POSTED = [4_000, 60_000];
const FORGIVEN_CLOCK_MS = 120_000;

/** @param {boolean} good @param {boolean} usable @param {number} [figure] @returns {Found} */
const found = (good, usable, figure = 0) => ({ verdict: good ? "good" : usable ? "warn" : "bad", figure: Math.round(figure) });

/** Whether the browser has what the page needs, and what makes it comfortable. */
const browser = async () =>
  found("serviceWorker" in navigator && "locks" in navigator && "showModal" in HTMLDialogElement.prototype,
    Boolean(globalThis.crypto?.subtle) && "CompressionStream" in globalThis && "timeout" in AbortSignal);

/** Milliseconds to put 100 kB on the disk for good, and to read them back. @returns {Promise<Found>} */
async function storage() {
  const db = await /** @type {Promise<IDBDatabase>} */ (new Promise((done, fail) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("tried");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }));
  const began = performance.now();
  await new Promise((done, fail) => {
    const tx = db.transaction("tried", "readwrite", { durability: "strict" });
    tx.objectStore("tried").put(new Uint8Array(100_000), "x");
    tx.oncomplete = done;
    tx.onabort = () => fail(tx.error);
  });
  const ms = performance.now() - began;
  const back = await new Promise((done) => {
    const read = db.transaction("tried").objectStore("tried").get("x");
    read.onsuccess = () => done(read.result?.length);
    read.onerror = () => done(0);
  });
  db.close();
  indexedDB.deleteDatabase(DATABASE);
  return found(back === 100_000 && ms < 500, back === 100_000, ms);
}

/** Milliseconds to make keys of a code and to seal a sheet. @param {Manifest} manifest @returns {Promise<Found>} */
async function crypto_({ campaign, iterations, sealingKey, keyId }) {
  const began = performance.now();
  const raw = await deriveRaw("BBBBBBBBBBBB", campaign, iterations);
  const header = { key: keyId, campaign, sid: raw.sid, stream: raw.sid.slice(0, 8), epoch: 0, seq: 0, kind: SNAPSHOT, bundle: raw.sid.slice(8), progress: 0 };
  await seal(utf8("{}"), header, { sealingKey, mac: await macKey(raw.mac) });
  const ms = performance.now() - began;
  return found(ms < 2_000, true, ms);
}

/** A question to the host that costs it nothing: nobody has the code of zeros. */
async function askNobody() {
  const refused = await terms({ sid: new Uint8Array(16), auth: new Uint8Array(32) }).catch((fault) => fault);
  if (!(refused instanceof Refused) || refused.status !== 403) throw refused;
}

/** The median delay of a small question, in milliseconds. @returns {Promise<Found>} */
async function delay() {
  const took = [];
  for (let i = 0; i < TRIES; i += 1) {
    const began = performance.now();
    await askNobody();
    took.push(performance.now() - began);
  }
  const ms = took.sort((a, b) => a - b)[1] ?? Infinity;
  return found(ms < 400, ms < 3_000, ms);
}

/** Kilobytes a second of the page's own script, fetched anew. @returns {Promise<Found>} */
async function rate() {
  const script = document.querySelector("script[src]")?.getAttribute("src") ?? "/";
  const began = performance.now();
  const { byteLength } = await (await fetch(script, { cache: "reload", credentials: "omit" })).arrayBuffer();
  const kb = byteLength / (performance.now() - began);
  return found(kb > 100, kb > 15, kb);
}

/** Whether what is posted arrives as it was sent, at each pair: the host's own refusal says so. @returns {Promise<Found>} */
async function post() {
  const asked = answers.pairs().flatMap((pair) => POSTED.map((size) => ({ pair, size })));
  for (const { pair, size } of asked) {
    const fault = await save(new Uint8Array(size), pair).then(() => null, (refused) => refused);
    if (!(fault instanceof Refused) || fault.status !== 400 || fault.altered || !fault.digestRead) return found(false, false);
  }
  return found(true, true);
}

/** Minutes between this computer's clock and the host's: nothing depends on it, the pupils' work does. @returns {Promise<Found>} */
async function clock() {
  await askNobody();
  const apart = Math.abs(Date.now() - hostClock.now());
  return found(apart < FORGIVEN_CLOCK_MS, true, apart / 60_000);
}

/** Whether a French voice is on this computer. */
const voice = async () => found((await voiceInTime("fr")) !== null, true);

const screen_ = async () => found(innerWidth >= 900, innerWidth >= 320, innerWidth);

/**
 * Every probe in turn; one that fails altogether is bad.
 * @param {() => Promise<Manifest>} manifest
 * @param {(probe: Probe, found: Found) => void} told
 */
export async function all(manifest, told) {
  /** @type {[Probe, () => Promise<Found>][]} */
  const probes = [
    ["browser", browser],
    ["storage", () => storage().catch(() => found(false, true))], // without a disk the page goes on in memory
    ["manifest", async () => found(Boolean(await manifest()), false)],
    ["crypto", async () => crypto_(await manifest())], ["delay", delay], ["rate", rate], ["post", post],
    ["clock", clock], ["voice", voice], ["screen", screen_],
  ];
  for (const [name, probe] of probes) told(name, await probe().catch(() => found(false, false)));
}
