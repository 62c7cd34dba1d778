// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Screens between questions: what begins, what ends, what cannot be undone.
 * @module
 */

import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { clockFace } from "./clock.js";
import { savedState } from "./saved-state.js";
import { button, card } from "./screen.js";

/** @typedef {import("./screen.js").Screen} Screen */

/** @param {string} title @param {HTMLElement} main @returns {Screen} */
const screen = (title, main) => ({ title, bar: h("div", { class: "where" }, clockFace(), savedState()), main });

/**
 * What the test says before a part or a section, and that one cannot come back in a linear part.
 * @param {{title: string, texts: Node[], linear: boolean}} what @param {() => void} go
 */
export function introScreen({ title, texts, linear }, go) {
  const main = card(title, h("div", { class: "text" }, texts),
    linear && h("p", { class: "lead" }, SAY.onlyForward),
    h("div", { class: "actions" }, button(SAY.goOn, "go-on", go)));
  main.setAttribute("data-test", "intro");
  return screen(title, main);
}

/** In a linear part, before a question without an answer is left for good. @param {{leave: () => void, stay: () => void}} act */
export function unansweredScreen({ leave, stay }) {
  const main = card(SAY.unansweredTitle, h("p", { class: "lead warn" }, SAY.unansweredText),
    h("div", { class: "actions" },
      button(SAY.stay, "stay", stay), button(SAY.leaveAnyway, "leave-anyway", leave, "quiet")));
  return screen(SAY.unansweredTitle, main);
}

/** Before a free part is closed. @param {number} blank @param {{confirm: () => void, back: () => void}} act */
export function partEndScreen(blank, { confirm, back }) {
  const main = card(SAY.partEndTitle,
    h("p", { class: blank ? "lead warn" : "lead good" }, blank ? SAY.finishBlank(blank) : SAY.finishAll),
    h("p", {}, SAY.partEndText),
    h("div", { class: "actions" },
      button(SAY.partEndConfirm, "part-end-confirm", confirm),
      button(SAY.finishNotYet, "finish-not-yet", back, "quiet")));
  return screen(SAY.partEndTitle, main);
}

/** @param {import("../test/limits.js").Around["level"]} level @param {() => void} go */
export function timeUpScreen(level, go) {
  const main = card(SAY.timeUpTitle, h("p", { class: "lead" }, SAY.timeUp[level]),
    h("p", {}, SAY.timeUpKept),
    h("div", { class: "actions" }, button(SAY.goOn, "go-on", go)));
  main.setAttribute("data-test", "time-up");
  return screen(SAY.timeUpTitle, main);
}

/** The adult has stopped the clock; the page goes on by itself. @returns {Screen} */
export function pausedScreen() {
  const main = card(SAY.pausedTitle, h("p", { class: "lead" }, SAY.pausedText), h("p", {}, SAY.timeUpKept));
  main.setAttribute("data-test", "paused");
  return { title: SAY.pausedTitle, bar: h("div", { class: "where" }, savedState()), main };
}
