// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What another computer keyed of a pupil, taken up: the merged sheet, and where it shows something
 * else than what was keyed here.
 *
 * Pure. The newest stamp wins, as everywhere; what is told is only what a teacher would otherwise
 * find changed under her eyes.
 * @module
 */

import { merged } from "../../core/sheet.js";
import { entryCalled, entryOf, same } from "./entries.js";
import { itemCalled, placeOf, who } from "./places.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Sheet} Sheet */
/** @typedef {{item: string, mine: Entry, theirs: Entry}} Conflict */
/** `changed`: every item that now shows something else, keyed here or not. @typedef {{sheet: Sheet, changed: string[], conflicts: Conflict[]}} TakenUp */

/**
 * Both sheets as one, and what that changes here.
 * @param {Sheet} mine @param {Sheet} theirs
 * @param {ReadonlySet<string>} keyedHere items keyed in this page since it was opened
 * @returns {TakenUp}
 */
export function takenUp(mine, theirs, keyedHere) {
  const sheet = merged(mine, theirs);
  const changed = Object.keys(sheet.items).filter((item) => !same(entryOf(mine, item), entryOf(sheet, item)));
  const conflicts = changed
    .filter((item) => keyedHere.has(item))
    .map((item) => ({ item, mine: entryOf(mine, item), theirs: entryOf(sheet, item) }));
  return { sheet, changed, conflicts };
}

/**
 * A conflict in a sentence. @param {Kit} kit @param {Conflict} conflict
 * @param {import("./places.js").Pupil} pupil @param {import("../strings.js").Told} tell
 */
export function sentence(kit, { item, mine, theirs }, pupil, tell) {
  const first = item.replace(/~2$/, ""); // a second entry stands where the first does
  const field = placeOf(kit, first)?.field;
  const said = (/** @type {Entry} */ entry) => (field ? entryCalled(field, entry, tell) : "");
  return tell.elsewhere(who(pupil, tell), itemCalled(kit, first, tell), [said(mine), said(theirs)]);
}
