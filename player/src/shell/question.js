// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The screen of one question: document beside or above, question, way on.
 * @module
 */

import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { readAloud } from "../supports/voice.js";
import { calculatorButton } from "../tools/calculator.js";
import { zoomButton } from "../tools/zoom.js";
import { clockFace } from "./clock.js";
import { savedState } from "./saved-state.js";
import { button, say } from "./screen.js";

/**
 * @typedef {object} Question
 * @property {string} item
 * @property {number} rank
 * @property {number | null} total null where the test may leave items out
 * @property {string} section
 * @property {import("../items/item.js").Shown} shown
 * @property {string} lang of the booklet
 * @property {string} calculator that the question allows, or ""
 * @property {boolean} linear one can only go forward
 * @property {boolean} closed its time is up: seen, not changed
 * @property {boolean} first of what one can go back to
 * @property {boolean} last of a free part
 * @property {boolean} flagged
 */

/**
 * @param {Question} question
 * @param {{previous: () => void, next: () => void, overview: () => void, cleared: () => void, flag: (on: boolean) => void}} act
 * @returns {import("./screen.js").Screen}
 */
export function questionScreen({ item, rank, total, section, shown, lang, calculator, linear, closed, first, last, flagged }, act) {
  const title = total === null ? SAY.question(rank) : SAY.questionOf(rank, total);
  const bar = h("div", { class: "where" }, h("p", { class: "section" }, section), clockFace(), savedState());
  const clear = button(SAY.clear, "clear", () => {
    shown.write({});
    act.cleared();
    say(SAY.cleared);
  }, "text");
  const blank = () => (clear.hidden = Object.keys(shown.read()).length === 0);
  blank();
  for (const kind of ["input", "change", "click", "pointerup", "keyup"]) {
    shown.body.addEventListener(kind, () => queueMicrotask(blank));
  }
  shown.body.inert = closed;
  const flag = h("button", {
    type: "button", class: "button text flag", "data-test": "flag", "aria-pressed": String(flagged),
    onclick: () => {
      const on = flag.getAttribute("aria-pressed") !== "true";
      flag.setAttribute("aria-pressed", String(on));
      act.flag(on);
    },
  }, SAY.flag);
  const stimulus = shown.stimuli.length
    ? h("section", { class: "stimulus", "aria-label": SAY.document, tabindex: "0" }, shown.stimuli)
    : null;
  const parts = stimulus ? [stimulus, shown.body] : [shown.body];
  const heading = h("h1", { id: "question" }, title); // first in the page, seen above the question
  const body = h("section", { class: "item", "data-test": "item", "data-item": item, "aria-labelledby": "question" },
    !stimulus && heading,
    closed && h("p", { class: "lead warn" }, SAY.questionClosed), shown.body,
    h("div", { class: "item-tools" }, readAloud(parts, lang.slice(0, 2)), zoomButton(parts), calculatorButton(calculator), !linear && flag, !closed && clear),
    h("p", { class: "note", role: "status", "data-test": "way-note" }));
  const main = h("main", { class: stimulus ? "question with-stimulus" : "question" }, stimulus && heading, stimulus, body);
  const previous = button(SAY.previous, "previous", act.previous, "quiet");
  previous.disabled = first;
  const foot = h("nav", { class: "foot", "aria-label": "Questions" },
    !linear && previous,
    !linear && button(SAY.overview, "overview", act.overview, "quiet"),
    button(last ? SAY.toEnd : SAY.next, "next", act.next));
  foot.classList.toggle("forward", linear);
  return { title, bar, main, foot };
}
