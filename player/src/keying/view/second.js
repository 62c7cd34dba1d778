// SPDX-License-Identifier: AGPL-3.0-or-later
/** The second, blind entry of a sample: whose, how far both agree, and what is left to settle. @module */

import { hex } from "../../core/bytes.js";
import { h } from "../../items/dom.js";
import { button } from "../../shell/screen.js";
import { agreement, awaitedTwice, question, sample, sentence, settled, twice } from "../rules/double.js";
import { entryCalled } from "../rules/entries.js";
import { placeOf, who } from "../rules/places.js";
import { told } from "../strings.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../room.js").Level} Level */
/** @typedef {import("./frame.js").Go} Go */
/** @typedef {import("../rules/double.js").Difference} Difference */

const PART = 0.1; // of a class, and two at least

/** @param {Room} room @param {import("./frame.js").Place} place @param {Go} go @returns {import("./frame.js").View} */
export function secondScreen(room, place, go) {
  const say = words().second;
  const level = room.levels[place.level];
  const list = h("ul", { class: "pupils" });
  const agreed = h("div", {});
  const main = h("main", { class: "keying", "data-test": "second" },
    h("div", { class: "sheet" }, h("h1", {}, say.title), h("p", {}, say.lead), list),
    h("section", { class: "sheet", "aria-labelledby": "differences" }, h("h2", { id: "differences" }, say.differences), agreed));
  /** @type {string[]} */
  let drawn = [];

  function draw() {
    if (!level) return;
    list.replaceChildren(...drawn.map((order) => lineOf(room, level, { order, at: place.level }, go)));
    agreed.replaceChildren(...differences(room, level, draw));
  }
  if (level) {
    const seed = hex(room.ring.campaign) + room.ring.division;
    sample(level.pupils.map(({ order }) => order), seed, PART).then((orders) => {
      drawn = orders;
      draw();
    });
  }
  return { title: say.title, main, changed: draw };
}

/** @param {Room} room @param {Level} level @param {{order: string, at: number}} of @param {Go} go */
function lineOf(room, level, { order, at }, go) {
  const say = words();
  const pupil = room.pupil(order);
  const name = who(pupil, told());
  const all = twice(level.kit).length;
  const sheet = room.sittings.sheetOf(order) ?? undefined;
  const done = all ? Math.floor((100 * (all - awaitedTwice(level.kit, sheet).length)) / all) : 100;
  const open = h("button", {
    type: "button", class: "pupil-name", "aria-label": say.second.open(name), "data-test": `again-${order}`, onclick: () => go({ screen: "again", level: at, order, pupil: 0, field: 0 }),
  }, name);
  const bar = h("progress", { max: 100, value: done, "aria-label": say.class.progressOf(name) });
  return h("li", { class: "pupil" }, open, h("span", { class: "far" }, bar, h("span", { class: "percent" }, say.class.progress(done))));
}

/** @param {Room} room @param {Level} level @param {() => void} draw */
function differences(room, { kit, pupils }, draw) {
  const say = words().second;
  const tell = told();
  const found = agreement(kit, room.sheets(pupils));
  const lead = h("p", { class: found.compared > 0 && found.differences.length === 0 ? "good" : "lead", "data-test": "agreement" }, sentence(found, tell));
  const lines = found.differences.map((difference) => {
    const field = placeOf(kit, difference.item)?.field;
    const keep = (/** @type {"first" | "second"} */ which) => () => {
      room.make(settled(difference, which));
      draw();
    };
    return h("li", { "data-test": "difference" }, h("p", {}, question(kit, difference, pupils, tell)),
      field && h("div", { class: "actions" },
        button(say.keepFirst(entryCalled(field, difference.first, tell)), "keep-first", keep("first"), "quiet"),
        button(say.keepSecond(entryCalled(field, difference.second, tell)), "keep-second", keep("second"), "quiet")));
  });
  return [lead, h("ul", { class: "doubts" }, lines)];
}
