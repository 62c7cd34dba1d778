// SPDX-License-Identifier: AGPL-3.0-or-later
/** Groups by domain, to print, and the line of one pupil. No total, no rank. @module */

import { h } from "../../items/dom.js";
import { button } from "../../shell/screen.js";
import { GROUPS, counted, nextStep, table } from "../rules/groups.js";
import { results } from "../rules/marking.js";
import { who } from "../rules/places.js";
import { told } from "../strings.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../room.js").Level} Level */
/** @typedef {import("./frame.js").Go} Go */
/** @typedef {import("../rules/marking.js").Result} Result */

const LATE_MS = 300; // a table of a class is not reckoned at each key

/** @param {Room} room @param {import("./frame.js").Place} place @param {Go} go @returns {import("./frame.js").View} */
export function groupsScreen(room, place, go) {
  const say = words().groups;
  const level = room.levels[place.level];
  const body = h("div", {});
  const main = h("main", { class: "keying groups", "data-test": "groups" },
    h("div", { class: "sheet" }, h("h1", {}, `${say.title}, ${room.ring.label}`), h("p", {}, say.lead),
      h("div", { class: "actions" }, button(say.print, "print", () => window.print(), "quiet"))),
    body);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  const draw = () => level && body.replaceChildren(...parts(room, level, { at: place.level, go }));
  draw();
  return {
    title: say.title, main,
    changed() {
      clearTimeout(late);
      late = setTimeout(draw, LATE_MS);
    },
    end: () => clearTimeout(late),
  };
}

/** @param {Room} room @param {Level} level @param {{at: number, go: Go}} how */
function parts(room, level, { at, go }) {
  const say = words().groups;
  const tell = told();
  const { columns, rows } = table(level.kit, level.pupils, room.sheets(level.pupils));
  const lines = rows.map(({ pupil, results: each }) =>
    h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "pupil-name", onclick: () => go({ screen: "result", level: at, order: pupil.order }) }, who(pupil, tell))),
      each.map((result) => h("td", { "data-group": result.group ?? "none" }, inAWord(result)))));
  const whole = h("table", { class: "groups-table" }, h("caption", {}, say.table),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words().grid.pupil), columns.map(({ domain }) => h("th", { scope: "col" }, domain.label)))),
    h("tbody", {}, lines));
  const domains = columns.map((column) =>
    h("li", {}, h("h3", {}, `${column.domain.subject}, ${column.domain.label}`), h("p", { class: "hint" }, column.domain.measures), h("p", {}, counted(column, tell)),
      GROUPS.filter((group) => column.members[group].length > 0).map((group) =>
        h("p", { class: "group", "data-group": group }, h("strong", {}, `${tell.groups.names[group]}\u00a0: `), column.members[group].map((pupil) => who(pupil, tell)).join(", "), h("span", { class: "next" }, column.domain.next_steps[group])))));
  return [
    h("section", { class: "sheet" }, h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say.table }, whole)),
    h("section", { class: "sheet", "aria-labelledby": "by-domain" }, h("h2", { id: "by-domain" }, say.counts), h("ul", { class: "domains" }, domains)),
  ];
}

/** @param {Result} result */
function inAWord({ group, awaited, open }) {
  const say = words().groups;
  if (group) return told().groups.names[group];
  if (awaited > 0) return say.awaited(awaited);
  return open ? say.open : say.notGiven;
}

/** One pupil, domain by domain. @param {Room} room @param {import("./frame.js").Place} place @param {Go} go @returns {import("./frame.js").View} */
export function resultScreen(room, place, go) {
  const say = words().groups;
  const tell = told();
  const order = place.order ?? "";
  const level = room.levels[room.levelOf(order)];
  const title = say.pupilTitle(who(room.pupil(order), tell));
  const each = level ? results(level.kit, room.sittings.sheetOf(order) ?? undefined) : [];
  const list = each.map((result) =>
    h("li", { "data-group": result.group ?? "none" },
      h("h2", {}, `${result.domain.subject}, ${result.domain.label}`), h("p", { class: "hint" }, result.domain.measures),
      h("p", { class: "group", "data-group": result.group ?? "none" }, h("strong", {}, inAWord(result)), result.group && ` – ${say.score(number(result.score), number(result.domain.max_score))}`),
      h("p", { class: "next" }, nextStep(result, tell))));
  const main = h("main", { class: "keying groups", "data-test": "result" },
    h("div", { class: "sheet" }, h("h1", {}, title), h("p", { class: "hint" }, `${room.ring.label} – ${room.ring.school}`),
      h("ul", { class: "domains" }, list),
      h("div", { class: "actions" }, button(say.print, "print", () => window.print(), "quiet"), button(say.back, "groups-back", () => go({ screen: "groups" }), "text"))));
  return { title, main };
}

/** @param {number} n */
const number = (n) => n.toLocaleString(document.documentElement.lang || "fr", { maximumFractionDigits: 2 });
