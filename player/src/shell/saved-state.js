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
export function tell({ kind, unsent }) {
  const words = {
    kept: SAY.kept,
    saving: SAY.saving,
    waiting: SAY.waiting(unsent),
    refused: SAY.refusedState,
    closed: SAY.refusedState,
  };
  shown.textContent = words[kind];
  shown.dataset.unsent = String(unsent);
  shown.dataset.kind = kind;
  if (kind === "waiting" && before !== "waiting") say(SAY.offline);
  if (kind === "kept" && before === "waiting") say(SAY.online);
  if (kind !== "saving") before = kind;
}
