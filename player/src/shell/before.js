// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Screens before the questions: the three pictograms, the welcome, and what cannot be.
 * @module
 */

import { drawing, h } from "../items/dom.js";
import { NOTICES, SAY } from "../strings.js";
import { button, card } from "./screen.js";

/** @typedef {import("./screen.js").Screen} Screen */

/**
 * @param {import("../core/pictograms.js").Pictogram[]} pictograms
 * @param {{yes: () => void, no: () => void}} act
 * @returns {Screen}
 */
export function pictogramsScreen(pictograms, { yes, no }) {
  const pictures = pictograms.map(({ label, svg }) =>
    h("li", { class: "pictogram" }, drawing(svg), h("span", {}, label)),
  );
  const main = card(
    SAY.pictogramsTitle,
    h("p", { class: "lead" }, SAY.pictogramsHelp),
    h("ul", { class: "pictograms", "data-test": "pictograms" }, pictures),
    h("div", { class: "actions" }, button(SAY.yes, "pictograms-yes", yes), button(SAY.no, "pictograms-no", no, "quiet")),
  );
  return { title: SAY.pictogramsTitle, main };
}

/** @param {() => void} again @returns {Screen} */
export function notMineScreen(again) {
  const main = card(
    SAY.notMine,
    h("p", { class: "lead" }, SAY.notMineHelp),
    h("div", { class: "actions" }, button(SAY.writeCode, "code-again", again)),
  );
  return { title: SAY.notMine, main };
}

/**
 * The welcome, while the questions arrive.
 * @param {{title: string, label: string, questions: number | null, free: boolean, answered: number}} sitting
 * questions: null where the test may leave some out; free: whether one can always go back
 * @returns {import("./screen.js").Screen & {progress: (part: number) => void, ready: (start: () => void) => void}}
 */
export function welcomeScreen({ title, label, questions, free, answered }) {
  const go = h("button", { type: "button", class: "button main", "data-test": "start", disabled: true }, SAY.loading);
  const bar = h("progress", { max: 1, value: 0, "aria-label": SAY.loading });
  const main = card(
    title,
    h("p", { class: "lead" }, label !== title && label, label !== title && questions !== null && "\u00a0: ",
      questions !== null && h("strong", {}, `${SAY.questions(questions)}.`)),
    h("ul", { class: "plain" }, h("li", {}, SAY.keptAsYouGo), free && h("li", {}, SAY.moveFreely)),
    answered > 0 && h("p", { class: "good" }, SAY.already(answered)),
    h("div", { class: "actions" }, go, bar),
  );
  return {
    title,
    main,
    progress: (part) => (bar.value = part),
    ready(start) {
      go.disabled = false;
      go.textContent = answered > 0 ? SAY.resume : SAY.start;
      go.addEventListener("click", start, { once: true });
      bar.remove();
      if (document.activeElement?.localName === "h1") go.focus();
    },
  };
}

/**
 * What happened and what to do.
 * @param {string} name of NOTICES
 * @param {{retry: () => void, code: () => void}} act
 * @param {{what: string, nextStep: string} | null} said the host's own words, when it had some
 * @returns {Screen}
 */
export function noticeScreen(name, act, said = null) {
  const notice = NOTICES[name] ?? /** @type {import("../strings.js").Notice} */ (NOTICES.broken);
  const title = notice.title;
  const text = said?.what ? `${said.what} ${said.nextStep}` : notice.text;
  const action =
    notice.action === "retry" ? button(SAY.retry, "retry", act.retry)
    : notice.action === "here" ? button(SAY.goOnHere, "retry", act.retry, "quiet")
    : notice.action === "code" ? button(SAY.writeCode, "code-again", act.code, "quiet")
    : null;
  const main = card(title, h("p", { class: "lead" }, text), action && h("div", { class: "actions" }, action));
  main.setAttribute("data-test", `notice-${name}`);
  return { title, main };
}
