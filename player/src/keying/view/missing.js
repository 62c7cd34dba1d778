// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is missing, each line leading there, and what is hardly what pupils wrote, asked once. @module */

import { h } from "../../items/dom.js";
import { button } from "../../shell/screen.js";
import { fieldsOf } from "../kit.js";
import { doubts, question, unanswered } from "../rules/doubts.js";
import { gaps, sentence } from "../rules/missing.js";
import { exerciseCalled, who } from "../rules/places.js";
import { told } from "../strings.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../room.js").Level} Level */
/** @typedef {import("./frame.js").Go} Go */
/** @typedef {import("../rules/missing.js").Gap} Gap */
/** @typedef {import("../rules/doubts.js").Doubt} Doubt */

/** @param {Room} room @param {import("./frame.js").Place} place @param {Go} go @returns {import("./frame.js").View} */
export function missingScreen(room, place, go) {
  const say = words().missing;
  const level = room.levels[place.level];
  const lead = h("p", { class: "lead" });
  const list = h("ul", { class: "gaps" });
  const asked = h("div", {});
  const main = h("main", { class: "keying", "data-test": "missing" },
    h("div", { class: "sheet" }, h("h1", {}, say.title), lead, list),
    h("section", { class: "sheet", "aria-labelledby": "doubts" }, h("h2", { id: "doubts" }, say.doubts), asked));

  function draw() {
    if (!level) return;
    const all = gaps(level.kit, level.pupils, room.sheets(level.pupils));
    lead.textContent = sentence(level.kit, all, told());
    list.replaceChildren(...level.pupils.flatMap((pupil) => lineOf(level, { at: place.level, mine: all.filter((gap) => gap.pupil === pupil) }, go)));
    asked.replaceChildren(...doubtsOf(room, level, { at: place.level, go, draw }));
  }
  draw();
  return { title: say.title, main, changed: draw };
}

/** One pupil's gaps. @param {Level} level @param {{at: number, mine: Gap[]}} what @param {Go} go */
function lineOf(level, { at, mine }, go) {
  const [first] = mine;
  if (!first) return [];
  const say = words().missing;
  const tell = told();
  const fields = fieldsOf(level.kit);
  const n = mine.reduce((sum, { items }) => sum + items.length, 0);
  const places = mine.map(({ exercise, items }) => {
    const lead = () => go({ screen: "pupil", level: at, pupil: level.pupils.findIndex(({ order }) => order === first.pupil.order), field: fields.findIndex(({ id }) => id === items[0]) });
    return button(`${exerciseCalled(level.kit, exercise, tell)} (${items.length})`, "gap", lead, "text");
  });
  return [h("li", {}, h("strong", {}, say.of(who(first.pupil, tell), n)), h("span", { class: "places" }, places))];
}

/** @param {Room} room @param {Level} level @param {{at: number, go: Go, draw: () => void}} how */
function doubtsOf(room, level, { at, go, draw }) {
  const say = words().missing;
  const sheets = room.sheets(level.pupils);
  const open = unanswered(doubts(level.kit, level.pupils, sheets), room.confirmed.all());
  if (open.length === 0) return [h("p", { class: "good" }, say.noDoubts)];
  const lines = open.map((doubt) =>
    h("li", { "data-test": "doubt" }, h("p", {}, question(level.kit, doubt, level.pupils, told())),
      h("div", { class: "actions" },
        button(say.go, "doubt-go", () => go({ screen: "pupil", level: at, ...whereOf(level, doubt) }), "quiet"),
        button(say.confirm, "doubt-confirm", () => room.confirmed.add(doubt.key).then(draw), "text"))));
  return [h("p", {}, say.doubtsLead), h("ul", { class: "doubts" }, lines)];
}

/** @param {Level} level @param {Doubt} doubt */
function whereOf({ kit, pupils }, { orders, at }) {
  const fields = fieldsOf(kit);
  const inside = kit.sequences.flatMap((sequence) => (sequence.id === at ? sequence.exercises : sequence.exercises.filter(({ id }) => id === at)));
  const first = inside[0]?.items[0]?.id ?? at;
  return { pupil: Math.max(0, pupils.findIndex(({ order }) => order === orders[0])), field: Math.max(0, fields.findIndex(({ id }) => id === first)) };
}
