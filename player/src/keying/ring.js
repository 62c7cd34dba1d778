// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The ring of a class: who its pupils are and what opens their sittings, closed under a secret that
 * comes in the fragment of a link. docs/spec/keying.md, « Ring ».
 *
 * The secret leaves the address at once and is never a text again: only a key that opens and closes,
 * and that no script can read back. What is in the ring is in memory alone.
 * @module
 */

import * as boxes from "../core/boxes.js";
import { concat, fromBase64, fromHex, text, utf8 } from "../core/bytes.js";
import * as store from "./store.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {{order: string, code: string, shown: string, level: string, bundle: string, excused: string}} Pupil */
/** closesAt: by the clock of the school, which is not always that of the computer. @typedef {{campaign: Bytes, division: string, label: string, school: string, closesAt: Date, pupils: Pupil[]}} Ring */
/** Why a ring cannot be had. link: come from the class's page; gone: the class is no longer hers; cut: the network. @typedef {"link" | "gone" | "cut"} Why */

const LABEL = utf8("keying-ring/v1\0");
const SECRET_SIZE = 32;
const UUID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;
const PATIENCE_MS = 10_000;

/** There is no ring to work with. */
export class NoRing extends Error {
  /** @param {Why} why */
  constructor(why) {
    super(`no ring: ${why}`);
    this.why = why;
  }
}

/** The secret in the address, taken out of it at once; "": none. */
export function takeFragment() {
  const written = location.hash.slice(1);
  if (written) history.replaceState(null, "", location.pathname);
  return written;
}

/**
 * The key in a link, or null where it is not one.
 * @param {string} written base64url
 * @returns {Promise<CryptoKey | null>}
 */
export async function keyIn(written) {
  try {
    const raw = fromBase64(written.replaceAll("-", "+").replaceAll("_", "/"));
    if (raw.length !== SECRET_SIZE) return null;
    return await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

/** What a ring is bound to. @param {Bytes} campaign @param {string} division */
export function context(campaign, division) {
  if (!UUID.test(division)) throw new TypeError("not a class");
  return concat(LABEL, campaign, fromHex(plain(division)));
}

/** A UUID as its digits alone. @param {string} uuid */
const plain = (uuid) => uuid.replaceAll("-", "").toLowerCase();

/**
 * The ring as names has it now, else as this computer holds it. Throws NoRing.
 * @param {string} division @param {Bytes} campaign
 * @param {string} written what stood in the fragment, or ""
 * @returns {Promise<{ring: Ring, key: CryptoKey}>}
 */
export async function open(division, campaign, written) {
  const kept = await store.classOf(division);
  const key = (await keyIn(written)) ?? kept?.key;
  if (!key) throw new NoRing("link");
  const bound = context(campaign, division);
  const fetched = await closedRing(division);
  for (const closed of [fetched, kept?.ring]) {
    const ring = closed && (await opened(closed, key, bound));
    if (!ring || plain(ring.division) !== plain(division)) continue;
    await store.keepClass(division, { key, ring: closed });
    return { ring, key };
  }
  if (fetched || kept?.ring) throw new NoRing("link"); // of another secret: the class's page has the new one
  await store.keepClass(division, { key, ring: null }); // a reload, once there is a network, needs no link
  throw new NoRing("cut");
}

/** Closed as names gives it; null where there is no network. @param {string} division @returns {Promise<Bytes | null>} */
async function closedRing(division) {
  /** @type {Response} */
  let answer;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    answer = await fetch(`/saisie/${division}/anneau`, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch {
    return null;
  }
  if (answer.status === 403 || answer.status === 404) throw new NoRing("gone");
  return null; // signed out meanwhile, or names is ill: what is here goes on
}

/** @param {Bytes} closed @param {CryptoKey} key @param {Bytes} bound @returns {Promise<Ring | null>} */
async function opened(closed, key, bound) {
  try {
    return read(JSON.parse(text(await boxes.open(closed, key, bound))));
  } catch {
    return null;
  }
}

/** @param {any} r JSON that names closed: its shape is names' word @returns {Ring} */
function read(r) {
  if (r.v !== 1) throw new TypeError("of a release that this page does not know");
  return {
    campaign: fromBase64(r.campaign),
    division: String(r.division),
    label: String(r.label),
    school: String(r.school),
    closesAt: new Date(`${String(r.closes_at).slice(0, 19)}Z`), // to be read as UTC
    pupils: r.pupils.map((/** @type {any} */ p) => ({
      order: String(p.order), code: String(p.code), shown: String(p.shown), level: String(p.level), bundle: String(p.bundle), excused: String(p.excused ?? ""),
    })),
  };
}
