// SPDX-License-Identifier: AGPL-3.0-or-later
/** Hotspot: places to choose on a picture; graphic order: to choose one after the other. @module */

import { h, svg } from "../../items/dom.js";
import { picture, pressable, zone, zoneName } from "../../items/picture.js";
import { ASK } from "../../strings.js";
import { count, identifier, parts, prompt } from "../given.js";

/** @typedef {import("../given.js").Given} Given */
/** @typedef {import("../given.js").Interaction} Interaction */

/** @param {Given} given @returns {Interaction} */
export const hotspot = (given) => zones(given, count(given.element, "max-choices", 1), false);

/** @param {Given} given @returns {Interaction} */
export const graphicOrder = (given) => zones(given, count(given.element, "max-choices", 0), true);

/** @param {Given} given @param {number} most @param {boolean} ranked @returns {Interaction} */
function zones(given, most, ranked) {
  const { node, naming } = prompt(given);
  const shown = picture(given.element, given.media);
  const note = h("p", { class: "note", role: "status" });
  shown.over.setAttribute("role", "group");
  for (const [name, value] of Object.entries(naming)) shown.over.setAttribute(name, value);
  /** @type {string[]} */
  let chosen = [];
  const all = parts(given.element, "qti-hotspot-choice").map((source, i) => {
    const { shape, x, y, top } = zone(source, shown);
    // a tick stands on the edge, so that what is drawn or written there stays to be seen
    const number = svg("text", { x, y: ranked ? y : top, class: "rank", "aria-hidden": "true" });
    shape.setAttribute("role", most === 1 && !ranked ? "radio" : "checkbox");
    pressable(shape, () => press(identifier(source)));
    shown.over.append(shape, number);
    return { id: identifier(source), name: zoneName(source, i + 1), shape, number };
  });
  if (most === 1 && !ranked) shown.over.setAttribute("role", "radiogroup");

  /** @param {string} id */
  function press(id) {
    const now = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    const over = most > 1 && now.length > most;
    note.textContent = over ? ASK.tooMany(most) : "";
    if (over) return;
    chosen = most === 1 ? now.slice(-1) : now;
    draw();
    given.changed();
  }

  function draw() {
    for (const { id, name, shape, number } of all) {
      const rank = chosen.indexOf(id) + 1;
      shape.setAttribute("aria-checked", String(rank > 0));
      shape.setAttribute("aria-label", ranked && rank ? ASK.zoneRank(name, rank) : name);
      number.textContent = rank === 0 ? "" : ranked ? String(rank) : "✓";
    }
  }

  draw();
  return {
    node: h("div", { class: "interaction" }, node, shown.node, note),
    read: () => (ranked ? [...chosen] : all.map((z) => z.id).filter((id) => chosen.includes(id))),
    write(values) {
      chosen = values.filter((id) => all.some((z) => z.id === id));
      note.textContent = "";
      draw();
    },
  };
}
