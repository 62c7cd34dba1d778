// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What there is of a sitting when a page opens it: the host's newest resume box and the one on this
 * computer, merged, and above which epoch to go on. docs/spec/resume-box.md.
 * @module
 */

import { fromHex, hex } from "../core/bytes.js";
import * as resume from "../core/resume.js";
import * as sheets from "../core/sheet.js";
import * as disk from "./disk.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {import("./wire.js").LastSave} LastSave */
/** @typedef {{campaign: Bytes, sid: Bytes, resume: CryptoKey, bundle: string}} Whose bundle: 16 hex digits */
/**
 * @typedef {object} Held
 * @property {sheets.Sheet} sheet
 * @property {sheets.Sheet} theirs what the host has of it
 * @property {sheets.Sheet} ours what this computer had
 * @property {number} epoch
 */

const LAST_EPOCH = 255;

/** The epoch after this one. @param {number} epoch */
export const after = (epoch) => Math.min(LAST_EPOCH, epoch + 1);

/**
 * @param {disk.Disk} db @param {Whose} whose
 * @param {LastSave | null} last as the host tells it; null: nothing, or it is not asked
 * @returns {Promise<Held>}
 */
export async function held(db, whose, last) {
  const local = await disk.boxOf(db, hex(whose.sid));
  const theirs = await unboxed(last, whose);
  const ours = await unboxed(local ? { ...local, stream: fromHex(local.stream) } : null, whose);
  return { sheet: sheets.merged(theirs, ours), theirs, ours, epoch: after(Math.max(last?.epoch ?? -1, local?.epoch ?? -1)) };
}

/**
 * The sheet in a box. One spoilt on its way is as good as none: the saves themselves are elsewhere.
 * @param {LastSave | null} last @param {Whose} whose
 */
export async function unboxed(last, { campaign, sid, resume: key, bundle }) {
  if (!last || last.box.length === 0) return sheets.blank(bundle);
  return resume.open(last.box, { ...last, campaign, sid }, key).then((json) => sheets.read(json, bundle), () => sheets.blank(bundle));
}
