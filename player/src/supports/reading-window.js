// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A band of the page left clear and the rest dimmed: a ruler of two lines, or a mask that leaves a
 * paragraph. It follows the pointer and the focus; Alt with the arrows moves it line by line.
 * @module
 */

import { h } from "../items/dom.js";

const TALL = { ruler: 5.2, mask: 14 }; // rem
const STEP = 1.7;

const above = h("div", { class: "dim", "aria-hidden": "true" });
const below = h("div", { class: "dim", "aria-hidden": "true" });
let kind = "none";
let middle = 0.4; // of the height of the window

/** @param {string} asked none, ruler or mask */
export function readingWindow(asked) {
  if (kind === "none" && asked !== "none") {
    document.body.append(above, below);
    window.addEventListener("pointermove", pointed);
    document.addEventListener("focusin", focused);
    document.addEventListener("keydown", pressed);
  } else if (asked === "none" && kind !== "none") {
    above.remove();
    below.remove();
    window.removeEventListener("pointermove", pointed);
    document.removeEventListener("focusin", focused);
    document.removeEventListener("keydown", pressed);
  }
  kind = asked;
  draw();
}

function draw() {
  if (kind !== "ruler" && kind !== "mask") return;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const half = (TALL[kind] * rem) / 2;
  const at = middle * innerHeight;
  above.style.setProperty("height", `${Math.max(0, at - half)}px`);
  above.style.setProperty("top", "0");
  below.style.setProperty("top", `${at + half}px`);
  below.style.setProperty("height", `${Math.max(0, innerHeight - at - half)}px`);
}

/** @param {number} y */
function to(y) {
  middle = Math.min(Math.max(y / innerHeight, 0), 1);
  draw();
}

/** @param {PointerEvent} event */
const pointed = (event) => to(event.clientY);

/** @param {FocusEvent} event */
function focused(event) {
  const box = event.target instanceof Element ? event.target.getBoundingClientRect() : null;
  if (box && box.height > 0 && box.height < innerHeight) to(box.top + box.height / 2);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  to(middle * innerHeight + (event.key === "ArrowDown" ? STEP : -STEP) * rem);
}
