// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The overview, the end, and the wait for the last receipt.
 * @module
 */

import { short } from "../core/receipts.js";
import { isAnswered } from "../core/sheet.js";
import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { clockFace } from "./clock.js";
import { savedState } from "./saved-state.js";
import { button, card } from "./screen.js";

/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../saving/saver.js").State} State */
/** @typedef {import("../test/route.js").Stop} Stop */
/** @typedef {import("./screen.js").Screen} Screen */

/**
 * The questions of the part, and what stands of each.
 * @param {{way: import("../test/course.js").Course, sheet: Sheet, here: Stop, isOpen: (stop: Stop) => boolean, rankOf: (stop: Stop) => number, lastPart: boolean}} test
 * @param {{go: (item: string) => void, back: () => void, finish: () => void, pause: (() => void) | null}} act
 * @param {HTMLElement | null} adult what the adult can do, where saving is in trouble
 * @returns {Screen}
 */
export function overviewScreen({ way, sheet, here, isOpen, rankOf, lastPart }, { go, back, finish, pause }, adult) {
  const stops = way.partOf(here);
  const answered = stops.filter((stop) => isAnswered(sheet, stop.name)).length;
  const flags = new Set(sheet.test?.flags);
  /** @param {Stop} stop */
  const square = (stop) => {
    const rank = rankOf(stop);
    const state = isAnswered(sheet, stop.name) ? "answered" : stop.name in sheet.items ? "seen" : "fresh";
    const flagged = flags.has(stop.name);
    const words = { answered: SAY.stateAnswered, seen: SAY.stateSeen, fresh: SAY.stateNew }[state];
    const label = SAY.number(rank, flagged ? `${words}, ${SAY.stateFlagged}` : words);
    const press = h("button", {
      type: "button", class: `square ${state}${flagged ? " flagged" : ""}`, "data-test": "overview-item", "data-item": stop.name,
      "aria-label": label, disabled: !isOpen(stop), onclick: () => go(stop.name),
    }, String(rank), h("span", { class: "mark", "aria-hidden": "true" }));
    return h("li", {}, press);
  };
  const legend = h("ul", { class: "legend" },
    /** @type {const} */ (["answered", "seen", "fresh", "flagged"]).map((state) =>
      h("li", {}, h("span", { class: `square small ${state}`, "aria-hidden": "true" }, h("span", { class: "mark" })), SAY.legend[state])));
  const sections = grouped(stops, way).map(({ title, stops: inside }) =>
    h("section", {}, h("h2", {}, title || SAY.questionsTitle), h("ol", { class: "squares" }, inside.map(square))));
  const main = h("main", { class: "overview" },
    h("h1", {}, SAY.overviewTitle),
    h("p", { class: "lead" }, SAY.answeredOf(answered, stops.length)),
    legend, sections,
    pause && h("div", { class: "actions" }, button(SAY.pause, "pause", pause, "text")), adult);
  const bar = h("div", { class: "where" }, clockFace(), savedState());
  const foot = h("nav", { class: "foot", "aria-label": SAY.whatNext },
    button(SAY.back, "back", back, "quiet"), button(lastPart ? SAY.finish : SAY.endOfPart, "finish", finish));
  return { title: SAY.overviewTitle, bar, main, foot };
}

/**
 * Questions that follow each other in one section, with the nearest title.
 * @param {Stop[]} stops @param {import("../test/course.js").Course} way
 */
function grouped(stops, way) {
  /** @type {{key: string, title: string, stops: Stop[]}[]} */
  const groups = [];
  for (const stop of stops) {
    const titled = [...stop.sections].reverse().find(({ id }) => way.elements.sections.get(id)?.title);
    const key = titled?.name ?? "";
    const title = (titled && way.elements.sections.get(titled.id)?.title) ?? "";
    if (groups.at(-1)?.key !== key) groups.push({ key, title, stops: [] });
    groups.at(-1)?.stops.push(stop);
  }
  return groups;
}

/**
 * @param {number} blank questions without an answer
 * @param {{confirm: () => void, back: (() => void) | null}} act back: null where one can only go forward
 * @returns {Screen}
 */
export function finishScreen(blank, { confirm, back }) {
  const main = card(
    SAY.finishTitle,
    h("p", { class: blank ? "lead warn" : "lead good" }, blank ? SAY.finishBlank(blank) : SAY.finishAll),
    h("p", {}, SAY.finishWarning),
    h("div", { class: "actions" },
      button(SAY.finishConfirm, "finish-confirm", confirm),
      back && button(SAY.finishNotYet, "finish-not-yet", back, "quiet")),
  );
  return { title: SAY.finishTitle, bar: h("div", { class: "where" }, clockFace(), savedState()), main };
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
 * @param {boolean} timeUp whether the test ended by itself
 * @param {Node[]} texts what the test says at its end
 * @param {() => void} again for the next pupil of this computer
 * @returns {Screen}
 */
export function doneScreen(receipt, timeUp, texts, again) {
  const digest = /^[0-9a-f]{64}$/.test(receipt) ? receipt : "";
  const main = card(
    SAY.doneTitle,
    timeUp && h("p", { class: "lead" }, SAY.timeUp.test),
    h("p", { class: "lead good" }, SAY.doneText),
    texts.length > 0 && h("div", { class: "text" }, texts),
    digest !== "" && h("p", { class: "receipt" }, `${SAY.receipt}\u00a0: `, h("code", { title: digest }, short(digest))),
    h("div", { class: "actions" }, button(SAY.nextPupil, "code-again", again, "text")),
  );
  main.setAttribute("data-test", "done");
  main.setAttribute("data-receipt", digest);
  return { title: SAY.doneTitle, main };
}

/**
 * The session is over, for everybody: what was answered is kept, nothing more is asked.
 * @param {State} state @param {HTMLElement} adult what the adult can do
 * @returns {Screen}
 */
export function sessionOverScreen({ kind, unsent }, adult) {
  const isKept = kind === "kept";
  const main = card(SAY.sessionOverTitle,
    h("p", { class: isKept ? "lead good" : "lead warn", role: "status" }, isKept ? SAY.sessionOverKept : SAY.sendingCount(unsent)),
    !isKept && h("p", {}, kind === "open" ? SAY.openText : SAY.sendingText),
    !isKept && adult);
  main.setAttribute("data-test", "session-over");
  return { title: SAY.sessionOverTitle, bar: h("div", { class: "where" }, savedState()), main };
}

/** @param {{again: () => void, leave: () => void}} act @returns {Screen} */
export function practiceOverScreen({ again, leave }) {
  const main = card(SAY.practiceOverTitle, h("p", { class: "lead good" }, SAY.practiceOver),
    h("div", { class: "actions" }, button(SAY.writeCode, "code-again", leave), button(SAY.practiseAgain, "practise-again", again, "quiet")));
  main.setAttribute("data-test", "practice-over");
  return { title: SAY.practiceOverTitle, main };
}
