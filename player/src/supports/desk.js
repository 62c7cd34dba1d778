// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The settings in force on this page: applied to the document, told to who keeps them. Nothing of
 * a pupil's stays on the computer but in the sealed sheet: the next one begins with the usual ones.
 * @module
 */

import { read, usual } from "./settings.js";
import { readingWindow } from "./reading-window.js";

/** @typedef {import("./settings.js").Name} Name */
/** @typedef {import("./settings.js").Settings} Settings */

let now = usual();
/** @type {(settings: Settings) => void} */
let told = () => {};

/** What was granted to the pupil and is no setting of hers. @type {Set<string>} */
let granted = new Set();
/** What of it she has opened. @type {Set<string>} */
let opened = new Set();

/** Take up what is granted, "card:sign" among others; nothing was opened yet. @param {string[]} list */
export function grant(list) {
  granted = new Set(list);
  opened = new Set();
}

/** @param {string} name */
export const isGranted = (name) => granted.has(name);

/** @param {string} name opened by the pupil, for who keeps note of it */
export function used(name) {
  if (opened.has(name)) return;
  opened.add(name);
  told(now);
}

/** What was opened so far. */
export const everOpened = () => [...opened];

/** The settings in force. */
export const current = () => now;

/** @param {Name} name @param {string} value */
export function choose(name, value) {
  now = read({ ...now, [name]: value });
  apply();
  told(now);
}

/** Take up settings from a sheet, or begin with the usual ones. @param {Record<string, string> | undefined} raw */
export function take(raw) {
  now = read(raw);
  apply();
}

/** Who is told of each choice from now on. @param {(settings: Settings) => void} hear */
export const tellTo = (hear) => (told = hear);

function apply() {
  const root = document.documentElement;
  for (const name of /** @type {const} */ (["theme", "font", "spacing", "columns", "masking"])) root.dataset[name] = now[name];
  root.style.setProperty("--text-size", String(Number(now.size) / 100));
  root.classList.toggle("large", Number(now.size) >= 150);
  readingWindow(now.window);
}
