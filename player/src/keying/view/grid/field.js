// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One item as it is keyed: its choices as chips with the key of each, or its number, and what is
 * noted of it. Knows a field and its entry, no pupil.
 * @module
 */

import { h } from "../../../items/dom.js";
import { choicesOf, isNumber, isSaid, struckOf, valuesOf } from "../../rules/entries.js";
import { namesOf } from "../../rules/pressing.js";
import { words } from "../words.js";

/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../../core/sheet.js").Entry} Entry */
/** @typedef {{choose: (choice: string) => void, read: () => void}} Acts */

const EASY_KEYS = 9; // beyond, a key is two digits, and nobody learns it

/**
 * The part of a field that shows and takes an entry.
 * @param {Field} field @param {Acts} act
 * @returns {{element: HTMLElement, fill: (entry: Entry, pending: string) => void}}
 */
export function control(field, act) {
  if (field.mask === "fluency") return reading(field, act);
  return isNumber(field) ? number(field) : chips(field, act);
}

/** @param {Field} field @param {Acts} act */
function chips(field, { choose }) {
  const say = words().grid;
  const names = namesOf(field);
  const few = names.length <= EASY_KEYS;
  const all = choicesOf(field).map(({ id, label }, at) => {
    const chip = h("button", {
      type: "button", class: "chip", tabindex: "-1", "aria-pressed": "false", "data-choice": id,
      onclick: () => choose(id),
    }, few && h("kbd", {}, names[at] ?? ""), h("span", {}, label));
    return { chip, id, label };
  });
  const state = h("span", { class: "noted" });
  const element = h("div", { class: field.mask === "words" ? "chips words" : "chips", "data-mask": field.mask }, all.map(({ chip }) => chip), state);
  /** @param {Entry} entry */
  const fill = (entry) => {
    const chosen = valuesOf(field, entry);
    const struck = struckOf(field, entry);
    for (const { chip, id, label } of all) {
      chip.setAttribute("aria-pressed", String(chosen.includes(id)));
      chip.classList.toggle("struck", struck.includes(id));
      if (struck.includes(id)) chip.setAttribute("aria-label", say.struck(label));
      else chip.removeAttribute("aria-label");
    }
    noted(state, entry);
  };
  return { element, fill };
}

/** @param {Field} field */
function number(field) {
  const value = h("output", { class: "number" });
  const state = h("span", { class: "noted" });
  const element = h("div", { class: "chips", "data-mask": field.mask }, value, state);
  /** @param {Entry} entry @param {string} pending */
  const fill = (entry, pending) => {
    const [said = ""] = valuesOf(field, entry);
    value.textContent = said;
    value.classList.toggle("pending", /\d/.test(pending));
    noted(state, entry);
  };
  return { element, fill };
}

/** @param {Field} field @param {Acts} act */
function reading(field, { read }) {
  const say = words().grid;
  const value = h("output", { class: "number wide-number" });
  const state = h("span", { class: "noted" });
  const start = h("button", { type: "button", class: "button quiet", "data-test": "read", onclick: read }, say.read);
  const element = h("div", { class: "chips", "data-mask": field.mask }, value, state, start);
  /** @param {Entry} entry @param {string} _pending */
  const fill = (entry, _pending) => {
    const [said] = valuesOf(field, entry);
    value.textContent = said ? say.perMinute(said) : "";
    noted(state, entry);
  };
  return { element, fill };
}

/** @param {HTMLElement} element @param {Entry} entry */
function noted(element, { mark }) {
  const text = mark ? words().grid.marks[mark] : "";
  if (element.textContent !== text) element.textContent = text;
  element.dataset.mark = mark ?? "";
}

/** An entry in a few letters, for a cell of the table. @param {Field} field @param {Entry} entry */
export function short(field, entry) {
  const say = words().grid.short;
  const values = valuesOf(field, entry);
  const names = namesOf(field);
  const labels = isNumber(field) ? values : values.map((value) => {
    const at = choicesOf(field).findIndex(({ id }) => id === value);
    const label = choicesOf(field)[at]?.label ?? value;
    return label.length <= 6 ? label : (names[at] ?? value);
  });
  if (entry.mark && entry.mark !== "adapted") return say[entry.mark];
  const said = labels.join(" ") || (isSaid(entry) ? say.blank : "");
  return entry.mark === "adapted" ? `${said} *` : said;
}
