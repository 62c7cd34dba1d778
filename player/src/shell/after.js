// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The overview, the end, and the wait for the last receipt.
 * @module
 */

import { short } from "../core/receipts.js";
import { isAnswered } from "../core/sheet.js";
import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { savedState } from "./saved-state.js";
import { button, card } from "./screen.js";

/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../items/bundle.js").Bundle} Bundle */
/** @typedef {import("../saving/saver.js").State} State */
/** @typedef {import("./screen.js").Screen} Screen */

/**
 * @param {Bundle} bundle @param {Sheet} sheet
 * @param {{go: (item: string) => void, back: () => void, finish: () => void, pause: () => void}} act
 * @param {HTMLElement | null} adult what the adult can do, where saving is in trouble
 * @returns {Screen}
 */
export function overviewScreen(bundle, sheet, { go, back, finish, pause }, adult) {
  const { items, index } = bundle;
  const answered = items.filter((item) => isAnswered(sheet, item)).length;
  /** @param {string} item */
  const square = (item) => {
    const rank = items.indexOf(item) + 1;
    const state = isAnswered(sheet, item) ? "answered" : item in sheet.items ? "seen" : "fresh";
    const words = { answered: SAY.stateAnswered, seen: SAY.stateSeen, fresh: SAY.stateNew }[state];
    const label = SAY.number(rank, words);
    const press = h("button", {
      type: "button", class: `square ${state}`, "data-test": "overview-item", "data-item": item,
      "aria-label": label, onclick: () => go(item),
    }, String(rank), h("span", { class: "mark", "aria-hidden": "true" }));
    return h("li", {}, press);
  };
  const legend = h("ul", { class: "legend" },
    /** @type {const} */ (["answered", "seen", "fresh"]).map((state) =>
      h("li", {}, h("span", { class: `square small ${state}`, "aria-hidden": "true" }, h("span", { class: "mark" })), SAY.legend[state])));
  const sections = index.sections.map((section) =>
    h("section", {}, h("h2", {}, section.title), h("ol", { class: "squares" }, section.items.map(square))));
  const main = h("main", { class: "overview" },
    h("h1", {}, SAY.overviewTitle),
    h("p", { class: "lead" }, SAY.answeredOf(answered, items.length)),
    legend, sections,
    h("div", { class: "actions" }, button(SAY.pause, "pause", pause, "text")), adult);
  const bar = h("div", { class: "where" }, savedState());
  const foot = h("nav", { class: "foot", "aria-label": "Suite" },
    button(SAY.back, "back", back, "quiet"), button(SAY.finish, "finish", finish));
  return { title: SAY.overviewTitle, bar, main, foot };
}

/** @param {number} blank questions without an answer @param {{confirm: () => void, back: () => void}} act @returns {Screen} */
export function finishScreen(blank, { confirm, back }) {
  const main = card(
    SAY.finishTitle,
    h("p", { class: blank ? "lead warn" : "lead good" }, blank ? SAY.finishBlank(blank) : SAY.finishAll),
    h("p", {}, SAY.finishWarning),
    h("div", { class: "actions" },
      button(SAY.finishConfirm, "finish-confirm", confirm),
      button(SAY.finishNotYet, "finish-not-yet", back, "quiet")),
  );
  return { title: SAY.finishTitle, bar: h("div", { class: "where" }, savedState()), main };
}

/**
 * While the last save has no receipt.
 * @param {State} state @param {() => void} retry @param {HTMLElement} adult what the adult can do
 * @returns {Screen}
 */
export function sendingScreen({ kind, unsent, blocked }, retry, adult) {
  const fails = kind === "waiting" || kind === "open";
  const main = card(
    SAY.sendingTitle,
    h("p", { class: "lead warn", role: "status" }, fails ? SAY.sendingCount(unsent) : SAY.sendingNow),
    fails && h("p", {}, kind === "open" ? SAY.openText : blocked ? SAY.blockedText : SAY.sendingText),
    fails && h("div", { class: "actions" }, button(SAY.retry, "retry", retry, "quiet")),
    fails && adult,
  );
  main.setAttribute("data-test", "sending");
  return { title: SAY.sendingTitle, bar: h("div", { class: "where" }, savedState()), main };
}

/**
 * @param {string} receipt digest in hex, or "-" when the host already held a newer save
 * @param {() => void} again for the next pupil of this computer
 * @returns {Screen}
 */
export function doneScreen(receipt, again) {
  const digest = /^[0-9a-f]{64}$/.test(receipt) ? receipt : "";
  const main = card(
    SAY.doneTitle,
    h("p", { class: "lead good" }, SAY.doneText),
    digest !== "" && h("p", { class: "receipt" }, `${SAY.receipt}\u00a0: `, h("code", { title: digest }, short(digest))),
    h("div", { class: "actions" }, button(SAY.nextPupil, "code-again", again, "text")),
  );
  main.setAttribute("data-test", "done");
  main.setAttribute("data-receipt", digest);
  return { title: SAY.doneTitle, main };
}
