// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One exercise of one pupil: its items down, as on the page of the booklet that stands beside.
 * @module
 */

import { h } from "../../../items/dom.js";
import { addressOf } from "../../kits.js";
import { isSaid } from "../../rules/entries.js";
import { words } from "../words.js";
import { control } from "./field.js";

/** @typedef {import("../../kit.js").Kit} Kit */
/** @typedef {import("../../kit.js").Exercise} Exercise */
/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../../core/sheet.js").Entry} Entry */
/** What is drawn of a cell. @typedef {{element: HTMLElement, fill: (entry: Entry, pending: string) => void}} Drawn */
/**
 * What cells ask of the grid; fields by their rank in the booklet.
 * @typedef {object} Asked
 * @property {(cell: {pupil: number, field: number}) => void} select
 * @property {(cell: {pupil: number, field: number}, choice: string) => void} choose
 * @property {(cell: {pupil: number, field: number}) => void} read
 */

/**
 * @param {{kit: Kit, exercise: Exercise, start: number, pupil: number}} what start: rank of its first field
 * @param {Asked} ask
 * @returns {{element: HTMLElement, cells: Map<string, Drawn>}} cells by "pupil/field"
 */
export function byPupil({ kit, exercise, start, pupil }, ask) {
  /** @type {Map<string, Drawn>} */
  const cells = new Map();
  const rows = exercise.items.map((field, at) => {
    const drawn = row(field, { pupil, field: start + at }, ask);
    cells.set(`${pupil}/${start + at}`, drawn);
    return drawn.element;
  });
  const list = h("div", { class: "fields", role: "group", "aria-label": words().grid.fields }, rows);
  return { element: h("div", { class: "pupil-grid" }, list, pages(kit, exercise)), cells };
}

/** @param {Field} field @param {{pupil: number, field: number}} cell @param {Asked} ask @returns {Drawn} */
function row(field, cell, ask) {
  const say = words().grid;
  const inside = control(field, { choose: (choice) => ask.choose(cell, choice), read: () => ask.read(cell) });
  const element = h("div", {
    class: "field", role: "group", tabindex: "0", "aria-label": say.fieldCalled(field.label), "data-item": field.id,
    onfocusin: () => ask.select(cell), onpointerdown: () => ask.select(cell),
  }, h("span", { class: "field-label", "aria-hidden": "true" }, field.label), inside.element);
  return {
    element,
    fill(entry, pending) {
      element.dataset.said = String(isSaid(entry));
      inside.fill(entry, pending);
    },
  };
}

/** The page of the paper. @param {Kit} kit @param {Exercise} exercise */
export function pages(kit, { title, pages: files }) {
  const say = words().grid;
  if (files.length === 0) return null;
  const pictures = files.map((file) =>
    h("a", { href: addressOf(kit, file), target: "_blank", rel: "noopener", title: say.enlarge },
      h("img", { src: addressOf(kit, file), alt: say.page(title), loading: "lazy" })));
  return h("details", { class: "pages", open: matchMedia("(min-width: 60rem)").matches }, h("summary", {}, say.pages), pictures);
}
