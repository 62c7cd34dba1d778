// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What the page always shows of saving, in words; spoken only when the network goes or comes back.
 * @module
 */

import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { say } from "./screen.js";

/** @typedef {import("../saving/saver.js").State} State */

const shown = h("p", { class: "saved", "data-test": "saved-state", "data-unsent": 0 });
let before = "kept";

export const savedState = () => shown;

/** @param {State} state */
export function tell({ kind, unsent, blocked }) {
  const words = {
    kept: SAY.kept,
    saving: SAY.saving,
    here: SAY.here(unsent),
    waiting: blocked ? SAY.blocked(unsent) : SAY.waiting(unsent),
    open: SAY.open(unsent),
    refused: SAY.refusedState,
    closed: SAY.refusedState,
  };
  shown.textContent = words[kind];
  shown.dataset.unsent = String(unsent);
  shown.dataset.kind = kind;
  shown.dataset.blocked = String(blocked);
  if (kind !== before && kind === "waiting") say(blocked ? SAY.blockedText : SAY.offline);
  if (kind !== before && kind === "open") say(SAY.openText);
  if (kind === "kept" && (before === "waiting" || before === "open")) say(SAY.online);
  if (kind !== "saving" && kind !== "here") before = kind;
}

/** Nothing is kept here, and the pupil knows. */
export function tellPractice() {
  shown.textContent = SAY.practiceState;
  shown.dataset.kind = "practice";
}
