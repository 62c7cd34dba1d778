// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The screen of one question: document beside or above, question, way on.
 * @module
 */

import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { savedState } from "./saved-state.js";
import { button, say } from "./screen.js";

/**
 * @param {{item: string, rank: number, total: number, section: string, shown: import("../items/item.js").Shown}} question
 * @param {{previous: () => void, next: () => void, overview: () => void, cleared: () => void}} act
 * @returns {import("./screen.js").Screen}
 */
export function questionScreen({ item, rank, total, section, shown }, act) {
  const title = SAY.questionOf(rank, total);
  const bar = h("div", { class: "where" }, h("p", { class: "section" }, section), savedState());
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
  const stimulus = shown.stimuli.length
    ? h("section", { class: "stimulus", "aria-label": SAY.document, tabindex: "0" }, shown.stimuli)
    : null;
  const body = h("section", { class: "item", "data-test": "item", "data-item": item, "aria-labelledby": "question" },
    h("h1", { id: "question" }, title), shown.body, h("div", { class: "item-tools" }, clear));
  const main = h("main", { class: stimulus ? "question with-stimulus" : "question" }, stimulus, body);
  const previous = button(SAY.previous, "previous", act.previous, "quiet");
  previous.disabled = rank === 1;
  const last = rank === total;
  const foot = h("nav", { class: "foot", "aria-label": "Questions" },
    previous,
    button(SAY.overview, "overview", act.overview, "quiet"),
    button(last ? SAY.toEnd : SAY.next, "next", act.next));
  return { title, bar, main, foot };
}
