// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One exercise of the whole class: pupils down, items across. Only what is in view is drawn, so
 * that a key answers at once however long the booklet is.
 * @module
 */

import { h } from "../../../items/dom.js";
import { isSaid, struckOf } from "../../rules/entries.js";
import { told } from "../../strings.js";
import { words } from "../words.js";
import { pages } from "./by-pupil.js";
import { short } from "./field.js";

/** @typedef {import("../../kit.js").Exercise} Exercise */
/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../rules/places.js").Pupil} Pupil */
/** @typedef {import("./by-pupil.js").Drawn} Drawn */
/** @typedef {import("./by-pupil.js").Asked} Asked */

/**
 * @param {{kit: import("../../kit.js").Kit, exercise: Exercise, start: number, pupils: Pupil[]}} what start: rank of its first field
 * @param {Asked} ask
 * @returns {{element: HTMLElement, cells: Map<string, Drawn>}} cells by "pupil/field"
 */
export function byExercise({ kit, exercise, start, pupils }, ask) {
  const say = words().grid;
  /** @type {Map<string, Drawn>} */
  const cells = new Map();
  const rows = pupils.map((one, pupil) => {
    const who = one.shown || told().number(one.order);
    const across = exercise.items.map((field, at) => {
      const drawn = cell(field, say.cellCalled(who, field.label), { pupil, field: start + at }, ask);
      cells.set(`${pupil}/${start + at}`, drawn);
      return drawn.element;
    });
    return h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, who), across);
  });
  const table = h("table", { class: "class-grid", role: "grid", "aria-label": say.table(exercise.title) },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, say.pupil),
      exercise.items.map(({ label }) => h("th", { scope: "col", role: "columnheader" }, label)))),
    h("tbody", { role: "rowgroup" }, rows));
  return { element: h("div", { class: "class-side" }, h("div", { class: "wide" }, table), pages(kit, exercise)), cells };
}

/** @param {Field} field @param {string} name @param {{pupil: number, field: number}} at @param {Asked} ask @returns {Drawn} */
function cell(field, name, at, ask) {
  const say = words().grid;
  const text = h("span", {});
  const element = h("td", { role: "gridcell", tabindex: "-1", class: "cell", "data-item": field.id, onfocus: () => ask.select(at), onpointerdown: () => ask.select(at) }, text);
  return {
    element,
    fill(entry, pending) {
      const said = short(field, entry);
      text.textContent = said || (pending ? `${pending}…` : "");
      element.dataset.said = String(isSaid(entry));
      element.dataset.mark = entry.mark ?? "";
      element.classList.toggle("has-struck", struckOf(field, entry).length > 0);
      element.setAttribute("aria-label", `${name}\u00a0: ${said || say.empty}`);
    },
  };
}
