// SPDX-License-Identifier: AGPL-3.0-or-later
/** Select point: point at places of a picture; with the keyboard, arrows and Enter. @module */

import { h, svg } from "../../items/dom.js";
import { picture } from "../../items/picture.js";
import { pointing } from "../../items/pointing.js";
import { ASK } from "../../strings.js";
import { count, prompt } from "../given.js";

const STEP = 8; // pixels of the picture at a press of an arrow
const NEAR = 10;

/** @param {import("../given.js").Given} given @returns {import("../given.js").Interaction} */
export function selectPoint(given) {
  const most = count(given.element, "max-choices", 1);
  const { node, naming } = prompt(given);
  const shown = picture(given.element, given.media);
  const note = h("p", { class: "note", role: "status" });
  const help = h("p", { class: "hint", id: `${given.id}-help` }, ASK.pointHelp);
  const cross = svg("path", { class: "cross", d: "M-9 0H9M0 -9V9" });
  const marks = svg("g", { class: "marks" });
  shown.over.append(marks, cross);
  const over = shown.over;
  over.classList.add("field");
  over.setAttribute("tabindex", "0");
  over.setAttribute("role", "application");
  over.setAttribute("aria-describedby", `${given.id}-help`);
  for (const [name, value] of Object.entries(naming)) over.setAttribute(name, value);
  const pointer = pointing(over, shown, {
    step: STEP,
    moved: draw,
    pressed: (key) => (key === "Enter" || key === " ") && (toggle(pointer.at.x, pointer.at.y), true),
  });
  /** @type {[number, number][]} */
  let points = [];

  /** @param {number} x @param {number} y */
  function toggle(x, y) {
    const near = points.find(([px, py]) => Math.hypot(px - x, py - y) <= NEAR);
    const now = near ? points.filter((point) => point !== near) : [...points, /** @type {[number, number]} */ ([x, y])];
    const over_ = most > 1 && now.length > most;
    note.textContent = over_ ? ASK.tooMany(most) : "";
    if (over_) return;
    points = most === 1 ? now.slice(-1) : now;
    draw();
    given.say(near ? ASK.pointOff : ASK.pointOn);
    given.changed();
  }

  function draw() {
    marks.replaceChildren(...points.map(([cx, cy]) => svg("circle", { cx, cy, r: 7 })));
    cross.setAttribute("transform", `translate(${pointer.at.x} ${pointer.at.y})`);
  }

  over.addEventListener("click", (event) => {
    const { x, y } = pointer.of(event);
    Object.assign(pointer.at, { x: Math.round(x), y: Math.round(y) });
    toggle(pointer.at.x, pointer.at.y);
  });
  draw();
  return {
    node: h("div", { class: "interaction" }, node, help, shown.node, note),
    read: () => points.map((point) => point.join(" ")),
    write(values) {
      points = values.map((value) => /** @type {[number, number]} */ (value.split(" ").map(Number)));
      draw();
    },
  };
}
