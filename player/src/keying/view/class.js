// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The class: who is keyed how far, what is missing, what to print, and the way out of a computer
 * that is not the teacher's own.
 * @module
 */

import { h } from "../../items/dom.js";
import { button, show } from "../../shell/screen.js";
import { addressOf } from "../kits.js";
import { gaps, gapsOf, progressOf, sentence } from "../rules/missing.js";
import { exerciseCalled } from "../rules/places.js";
import { told } from "../strings.js";
import { noticeScreen } from "./notices.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../room.js").Level} Level */
/** @typedef {import("./frame.js").Go} Go */

/** @param {Room} room @param {import("./frame.js").Place} _place @param {Go} go @returns {import("./frame.js").View} */
export function classScreen(room, _place, go) {
  const say = words();
  /** @type {Map<string, ReturnType<typeof rowOf>>} */
  const rows = new Map();
  const lead = h("p", { class: "lead", "data-test": "missing-sentence" });
  const apart = h("p", { class: "warn", role: "status", hidden: true, "data-test": "apart" }, say.apart);
  const sections = room.levels.map((level, at) => {
    const list = level.pupils.map((pupil, rank) => {
      const row = rowOf(room, level, { at, rank }, go);
      rows.set(pupil.order, row);
      return row.element;
    });
    return h("section", { class: "sheet", "aria-labelledby": `level-${at}` },
      h("h2", { id: `level-${at}` }, room.levels.length > 1 ? `${level.name}, ${level.kit.title}` : level.kit.title),
      h("ul", { class: "pupils" }, list),
      level.excused.length > 0 && h("p", { class: "hint" }, say.class.excused, " ", level.excused.map(({ shown, excused }) => `${shown} (${excused})`).join(", ")),
      papers(level));
  });
  const start = button(say.class.start, "start", () => go({ screen: "pupil", level: 0, pupil: 0, field: 0 }));
  const title = say.titleOf(room.ring.label);
  const main = h("main", { class: "keying", "data-test": "class" },
    h("div", { class: "sheet" }, h("h1", {}, title), lead, apart, h("p", { class: "hint" }, say.until(room.ring.closesAt)),
      h("div", { class: "actions" }, start, button(say.class.byExercise, "by-exercise", () => go({ screen: "exercise", level: 0, pupil: 0, field: 0 }), "quiet"),
        h("a", { href: room.back, class: "button text" }, say.back))),
    sections, closing(room));

  function whole() {
    const tell = told();
    const missing = room.levels.map(({ kit, pupils }) => ({ kit, all: gaps(kit, pupils, room.sheets(pupils)) }));
    const { opening, apart: nApart } = room.sittings.state();
    apart.hidden = opening > 0 || nApart === 0;
    const some = missing.find(({ all }) => all.length > 0);
    const begun = room.levels.some(({ kit, pupils }) => [...room.sheets(pupils).values()].some((sheet) => progressOf(kit, sheet).said > 0));
    lead.textContent = opening > 0 ? say.saved.opening(opening) : some ? sentence(some.kit, some.all, tell) : say.class.done;
    lead.classList.toggle("good", !some && opening === 0);
    start.textContent = begun ? say.class.goOn : say.class.start;
  }
  whole();
  return {
    title, main,
    changed(order) {
      rows.get(order)?.fill();
      whole();
    },
  };
}

/** One pupil's line. @param {Room} room @param {Level} level @param {{at: number, rank: number}} where @param {Go} go */
function rowOf(room, { kit, pupils }, { at, rank }, go) {
  const say = words();
  const pupil = pupils[rank] ?? { order: "", shown: "" };
  const { order } = pupil;
  const who = pupil.shown || told().number(order);
  const bar = h("progress", { max: 100, "aria-label": say.class.progressOf(who) });
  const percent = h("span", { class: "percent" });
  const missing = h("span", { class: "missing" });
  const state = h("span", { class: "row-state", "data-test": "row-state" });
  const open = h("button", {
    type: "button", class: "pupil-name", "data-test": `pupil-${order}`, "aria-label": say.class.open(who),
    onclick: () => go({ screen: "pupil", level: at, pupil: rank, field: 0 }),
  }, who);
  const result = h("button", {
    type: "button", class: "button text", "aria-label": say.class.sheet(who), onclick: () => go({ screen: "result", level: at, order }),
  }, say.class.result);
  const element = h("li", { class: "pupil", "data-order": order }, open, h("span", { class: "far" }, bar, percent), missing, state, result);

  function fill() {
    const sheet = room.sittings.sheetOf(order);
    const fault = room.sittings.faultOf(order);
    const kind = room.sittings.stateOf(order)?.kind;
    const { said, of } = progressOf(kit, sheet ?? undefined);
    const done = of ? Math.floor((100 * said) / of) : 100;
    bar.value = done;
    percent.textContent = sheet ? say.class.progress(done) : "";
    element.dataset.done = String(done);
    element.dataset.kind = fault ?? kind ?? "opening";
    missing.textContent = fault ? say.faults[fault] : sheet ? shortSentence(kit, pupil, sheet) : "";
    state.textContent = say.saved.of[kind ?? (fault ? "refused" : "opening")];
  }
  fill();
  return { element, fill };
}

/** What is missing of one pupil, whose name stands on the line already. @param {import("../kit.js").Kit} kit @param {import("../rules/places.js").Pupil} pupil @param {import("../../core/sheet.js").Sheet} sheet */
function shortSentence(kit, pupil, sheet) {
  const all = gapsOf(kit, pupil, sheet);
  if (all.length === 0) return words().class.done;
  const n = all.reduce((sum, { items }) => sum + items.length, 0);
  if (n === progressOf(kit, sheet).of) return words().class.nothingYet;
  return words().class.missing(n, all.map(({ exercise }) => exerciseCalled(kit, exercise, told())).join(", "));
}

/** What of a kit is printed. @param {Level} level */
function papers({ kit }) {
  const say = words();
  if (kit.papers.length === 0) return null;
  return h("details", { class: "papers" }, h("summary", {}, say.class.papers),
    h("ul", { class: "plain" }, kit.papers.map(({ file, title, kind }) =>
      h("li", {}, h("a", { href: addressOf(kit, file), target: "_blank", rel: "noopener" }, title), ` (${say.class.kinds[kind]}, PDF)`))));
}

/** The way out. @param {Room} room */
function closing(room) {
  const say = words();
  const why = h("p", { class: "warn", role: "status", hidden: true, "data-test": "close-waits" });
  const close = button(say.class.close, "close-here", async () => {
    const waiting = await room.close();
    why.hidden = waiting === 0;
    why.textContent = waiting ? say.class.closeWaits(waiting) : "";
    if (waiting === 0) show(noticeScreen("closed", room.back));
  }, "quiet");
  return h("section", { class: "sheet", "aria-labelledby": "closing" }, h("h2", { id: "closing" }, say.class.closeTitle), h("p", {}, say.class.closeText), why, h("div", { class: "actions" }, close));
}
