// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * From keys to an open sitting: sign in, take up what the host and this computer hold.
 * @module
 */

import { equal, hex, random } from "../core/bytes.js";
import { bundleOf } from "../core/manifest.js";
import * as sheets from "../core/sheet.js";
import { unseal } from "../core/terms.js";
import * as disk from "../saving/disk.js";
import { held } from "../saving/held.js";
import * as hostClock from "../saving/host-clock.js";
import * as session from "../saving/session.js";
import { Held, Refused, sidIn, signIn } from "../saving/wire.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("../core/manifest.js").Manifest} Manifest */
/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */
/**
 * @typedef {object} Opened
 * @property {Bytes} bundle
 * @property {CryptoKey} key opens the booklet
 * @property {import("../core/manifest.js").Entry} entry of the booklet
 * @property {Bytes} stream
 * @property {number} epoch
 * @property {sheets.Sheet} sheet
 * @property {sheets.Sheet} theirs what the host has of it
 * @property {import("../saving/wire.js").SentTerms} sentTerms
 * @property {import("../core/terms.js").Terms} terms what is granted
 * @property {boolean} ahead whether this computer holds what the host may not have
 */

/**
 * Null when this sitting is finished. Throws Refused, and ManifestRefused for a bundle that the
 * ministry did not sign for.
 * @param {disk.Disk} db @param {Manifest} manifest @param {CodeKeys} keys
 * @param {(keys: CodeKeys) => Promise<import("../saving/wire.js").SignedIn>} [comeIn] through the waiting room
 * @returns {Promise<Opened | null>}
 */
export async function open(db, manifest, keys, comeIn = signIn) {
  const signed = await comeIn(keys);
  if (signed.state === "finished") return null;
  return seated(db, manifest, keys, { ...signed, sentTerms: signed.terms });
}

/** Whether the host has not said who may come in: silent, ill, crowded, or held up by others' guesses. @param {unknown} fault */
const undecided = (fault) =>
  fault instanceof Held || (fault instanceof Refused && (fault.status === 0 || fault.status === 429 || fault.status >= 500));

/**
 * The sitting of this tab from what this computer holds, where the host does not decide: a reload
 * while the network is cut. Throws the fault where the host did decide, or nothing is here.
 * @param {disk.Disk} db @param {Manifest} manifest @param {CodeKeys} keys @param {unknown} fault
 */
export async function openHere(db, manifest, keys, fault) {
  const known = await session.signed(db);
  if (!undecided(fault) || !known) throw fault;
  return seated(db, manifest, keys, { ...known, last: null });
}

/**
 * @param {disk.Disk} db @param {Manifest} manifest @param {CodeKeys} keys
 * @param {session.Signed & {last: import("../saving/wire.js").LastSave | null}} signed
 * @returns {Promise<Opened>}
 */
async function seated(db, manifest, keys, signed) {
  const entry = bundleOf(manifest, signed.bundle);
  if (!entry) throw new TypeError("a bundle that the manifest does not name");
  const bundle = hex(signed.bundle);
  await disk.forgetOld(db, hostClock.now());
  const { sheet, theirs, epoch } = await held(db, { campaign: manifest.campaign, sid: keys.sid, resume: keys.resume, bundle }, signed.last);
  return {
    bundle: signed.bundle,
    key: signed.key,
    entry,
    stream: random(8),
    epoch,
    sheet,
    theirs,
    sentTerms: signed.sentTerms,
    terms: await unseal(signed.sentTerms.box, keys.terms, { campaign: manifest.campaign, sid: keys.sid }),
    // a save that waits may be one whose number the host gave to other bytes: its box there proves nothing
    ahead: sheets.newer(sheet, theirs) > 0 || (await disk.entries(db)).some(({ body }) => equal(sidIn(body), keys.sid)),
  };
}
