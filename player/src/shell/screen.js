// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One screen at a time: put on the page, named in the title bar, its heading in focus.
 * @module
 */

import { drawing, h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { settingsButton } from "../supports/panel.js";
import { hush } from "../supports/voice.js";

/** @typedef {{title: string, bar?: HTMLElement, nav?: HTMLElement, main: HTMLElement, foot?: HTMLElement, focus?: HTMLElement}} Screen */

const DROP =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M12 2c4 5 7 8.6 7 12.4a7 7 0 0 1-14 0C5 10.6 8 7 12 2Zm-3.4 12.2a3.6 3.6 0 0 0 3.6 3.9v-1.6a2 2 0 0 1-2-2.3Z"/></svg>';

/** @type {(() => void) | null} draws the screen shown again, where that is possible */
let redraw = null;
const voice = h("div", { class: "unseen", "aria-live": "polite" });
const stage = h("div", { id: "stage" });
const strip = h("p", { class: "strip", role: "status", "data-test": "strip" });
const letters = h("span", { class: "screen-letters", "data-test": "screen-letters", hidden: true });
const STRIP_MS = 60_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** Take the page over. @param {HTMLElement} root */
export function stand(root) {
  root.replaceChildren(strip, stage, voice);
}

/** @param {Screen} screen */
export function show({ title, bar, nav, main, foot, focus }) {
  redraw = null;
  hush();
  document.title = `${title} – ${SAY.brand}`;
  const brand = h("p", { class: "brand" }, drawing(DROP), SAY.brand);
  stage.replaceChildren(
    skipLink(),
    h("header", { class: bar ? "bar busy" : "bar" }, brand, letters, bar, settingsButton(() => redraw)),
    ...(nav ? [nav] : []),
    main,
    ...(foot ? [foot] : []),
  );
  window.scrollTo(0, 0);
  const heading = stage.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  (focus ?? heading)?.focus({ preventScroll: true });
}

/** Past the bar, for who goes by the keyboard. */
function skipLink() {
  const link = h("a", { class: "skip", href: "#contenu", "data-test": "skip" }, SAY.skip);
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address is for codes
    const heading = stage.querySelector("h1");
    heading?.focus();
    heading?.scrollIntoView();
  });
  return link;
}

/** What everybody should see and hear, above whatever is on the page, for a minute. @param {string} text */
export function announce(text) {
  clearTimeout(fading);
  strip.textContent = text;
  fading = setTimeout(() => (strip.textContent = ""), STRIP_MS);
}

/** The letters of the slip that is used here, for the adult who walks by. @param {string} written */
export function mark(written) {
  letters.hidden = false;
  letters.setAttribute("aria-label", SAY.screenLetters(Array.from(written).join(" ")));
  letters.setAttribute("role", "img");
  letters.textContent = written;
}

/** How to draw the screen shown again, in another language. @param {() => void} again */
export const canRedraw = (again) => (redraw = again);

/** Said aloud by a screen reader, without moving the focus. @param {string} text */
export function say(text) {
  voice.textContent = "";
  setTimeout(() => (voice.textContent = text), 50); // emptied first: the same words are said again
}

/**
 * A centred card: a heading, then what follows.
 * @param {string} title @param {...(Node | null | false)} rest
 */
export const card = (title, ...rest) =>
  h("main", { class: "card" }, h("h1", {}, title), ...rest);

/**
 * @param {string} text @param {string} test name for the journeys @param {() => void} act
 * @param {"main" | "quiet" | "text"} weight
 */
export const button = (text, test, act, weight = "main") =>
  h("button", { type: "button", class: `button ${weight}`, "data-test": test, onclick: act }, text);
