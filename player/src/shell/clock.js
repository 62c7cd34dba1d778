// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The clock of a sitting: lets time go by in what has a limit, shows what is left, says it twice
 * in words. A pupil may hide it. Time runs while the page is open, seen or not; a computer that
 * slept is not counted.
 * @module
 */

import { remember, remembered } from "../core/remembered.js";
import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { say } from "./screen.js";

/** @typedef {import("../test/limits.js").Around} Around */

const TICK_MS = 1_000;
const ASLEEP_MS = 90_000; // a page that is hidden ticks once a minute
const HIDDEN = "encrier-clock";
const WARN_S = [300, 60];
const SECONDS_BELOW_S = 60;

const left = h("span", { role: "timer", "data-test": "clock" });
const toggle = h("button", { type: "button", class: "clock-toggle", "data-test": "clock-toggle" });
const shown = h("div", { class: "clock", hidden: true }, left, toggle);
let hidden = remembered(HIDDEN) === "hidden";

toggle.addEventListener("click", () => {
  hidden = !hidden;
  remember(HIDDEN, hidden ? "hidden" : "shown");
  draw();
});

/** The clock of this page, to put in a bar. */
export const clockFace = () => shown;

/** @param {Around["level"]} level @param {number} left_s */
export function showLeft(level, left_s) {
  shown.hidden = left_s === Infinity;
  if (shown.hidden) return;
  const seconds = Math.ceil(left_s);
  left.textContent = `${SAY.timeLeft[level]}\u00a0: ${seconds < SECONDS_BELOW_S ? SAY.seconds(seconds) : SAY.minutes(Math.ceil(seconds / 60))}`;
  left.dataset.left = String(seconds);
  draw();
}

function draw() {
  left.hidden = hidden;
  toggle.textContent = hidden ? SAY.showClock : SAY.hideClock;
}

/**
 * A warning when the time left passes 5 minutes, then 1; none for a time that is not longer.
 * @param {Around["level"]} level @param {number} before_s @param {number} now_s
 */
export function warn(level, before_s, now_s) {
  const passed = WARN_S.find((mark) => before_s > mark && now_s <= mark);
  if (passed) say(`${SAY.timeLeft[level]}\u00a0: ${SAY.minutes(passed / 60)}.`);
}

/**
 * Call `gone` each second with the milliseconds that went by.
 * @param {(ms: number) => void} gone
 */
export function ticking(gone) {
  let since = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = now - since;
    since = now;
    if (ms < ASLEEP_MS) gone(ms);
  }, TICK_MS);
  return () => clearInterval(timer);
}
