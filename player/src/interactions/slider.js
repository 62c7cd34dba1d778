// SPDX-License-Identifier: AGPL-3.0-or-later
/** Slider: a number on a line. Not moved, it is no answer. @module */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { prompt } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function slider(given) {
  const { node, naming } = prompt(given);
  const number = (/** @type {string} */ name, /** @type {number} */ otherwise) =>
    Number(given.element.getAttribute(name) ?? otherwise);
  const [min, max, step] = [number("lower-bound", 0), number("upper-bound", 100), number("step", 1) || 1];
  const range = h("input", { type: "range", min, max, step, value: min, ...naming });
  const shown = h("output", { class: "slider-value" });
  let answered = false;
  const draw = () => {
    const value = range.value.replace(".", ",");
    range.classList.toggle("untouched", !answered);
    shown.textContent = answered ? value : "–";
    range.setAttribute("aria-valuetext", answered ? value : ASK.untouched);
  };
  const move = () => {
    answered = true;
    draw();
    given.changed();
  };
  range.addEventListener("input", move);
  range.addEventListener("pointerup", () => !answered && move()); // the lowest value is an answer too
  range.addEventListener("keydown", (event) => {
    if (!answered && ["Enter", " ", "Home", "ArrowLeft", "ArrowDown"].includes(event.key)) move();
  });
  draw();
  const ends = h("div", { class: "slider-ends", "aria-hidden": "true" }, h("span", {}, String(min)), h("span", {}, String(max)));
  return {
    node: h("div", { class: "interaction slider" }, node, shown, h("div", {}, range, ends)),
    read: () => (answered ? [String(Number(range.value))] : []),
    write([value]) {
      answered = value !== undefined;
      range.value = value ?? String(min);
      draw();
    },
  };
}
