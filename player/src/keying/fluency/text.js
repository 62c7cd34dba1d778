// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The text of a reading as words to touch; a long press is another gesture than a touch.
 * @module
 */

import { h } from "../../items/dom.js";

/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {{say: import("../strings.js").Told["fluency"], touched: (word: string) => void, held: (word: string) => void}} Acts */

const LONG_PRESS_MS = 500;

/**
 * @param {Field} field @param {string} lang of the text @param {Acts} acts
 * @returns {{node: HTMLElement, draw: (reading: Reading) => void}}
 */
export function textOf(field, lang, { say, touched, held }) {
  const words = (field.words ?? []).map(({ id, label }) => {
    const button = h("button", { type: "button", class: "fluency-word", "data-word": id }, label);
    pressed(button, { short: () => touched(id), long: () => held(id) });
    return { id, label, button };
  });
  const spaced = words.flatMap(({ button }) => [button, " "]);
  const node = h("div", { class: "fluency-text", role: "group", "aria-label": say.text, lang }, spaced);

  /** @param {Reading} reading */
  function draw(reading) {
    for (const [at, { id, label, button }] of words.entries()) {
      const wrong = reading.wrong.includes(id);
      const hesitated = reading.hesitated.includes(id);
      const isLast = reading.last === at + 1;
      button.disabled = reading.phase === "ready";
      button.classList.toggle("wrong", wrong);
      button.classList.toggle("hesitated", hesitated);
      button.classList.toggle("last", isLast);
      button.classList.toggle("beyond", reading.last !== null && at >= reading.last);
      const notes = [wrong && say.modes.wrong, hesitated && say.modes.hesitated, isLast && say.modes.last];
      button.setAttribute("aria-label", say.word(label, notes.filter((note) => note !== false)));
    }
  }
  return { node, draw };
}

/**
 * Tell a touch from a long press, with the mouse, a finger or a pen; the keyboard touches.
 * @param {HTMLElement} button @param {{short: () => void, long: () => void}} acts
 */
function pressed(button, { short, long }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let wasLong = false;
  const leave = () => clearTimeout(waiting);
  button.addEventListener("pointerdown", () => {
    wasLong = false;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      wasLong = true;
      long();
    }, LONG_PRESS_MS);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(end, leave);
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press opens none
  button.addEventListener("click", () => {
    if (!wasLong) short();
    wasLong = false;
  });
}
