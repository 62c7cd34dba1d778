// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What waits on this computer, told on the first screen and where nothing goes on.
 * @module
 */

import { h } from "../items/dom.js";
import { forTheAdult } from "../rescue/show.js";
import * as disk from "../saving/disk.js";
import { streamsInOtherTabs } from "../saving/sender.js";
import { SAY } from "../strings.js";

/** @type {disk.Disk | null} */
let here = null;

/** Say whose disk it is. @param {disk.Disk} db */
export const mind = (db) => (here = db);

/**
 * Say how many saves wait here, on a screen that asks for a code or says that nothing goes on;
 * nothing once they have left.
 * @param {boolean} blocked whether something answers in the place of the host
 */
export async function tellLeft(blocked = false) {
  if (!here) return;
  const stopped = document.querySelector("[data-test=notice-unreachable], [data-test=notice-refused]");
  const open = stopped ? new Set() : await streamsInOtherTabs(""); // another window sends its own
  const waiting = (await disk.entries(here)).filter(({ stream }) => !open.has(stream)).length;
  const screen = stopped ?? document.getElementById("code")?.closest("main");
  const before = document.getElementById("left");
  if (!screen || waiting === 0) return before?.remove();
  if (before?.dataset.left === String(waiting) && before.dataset.blocked === String(blocked)) return;
  before?.remove();
  screen.append(
    h("section", { id: "left", "data-test": "left", "data-left": waiting, "data-blocked": String(blocked) },
      h("p", { class: "warn" }, SAY.left(waiting)),
      forTheAdult(here, blocked ? "blocked" : "network")),
  );
}
