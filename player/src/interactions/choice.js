// SPDX-License-Identifier: AGPL-3.0-or-later
/** Choice: one answer among several, or several among several. @module */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { arranged, count, identifier, parts, prompt } from "./given.js";

/** @typedef {import("./given.js").Given} Given */

/** @param {Given} given @returns {import("./given.js").Interaction} */
export function choice(given) {
  const most = count(given.element, "max-choices", 1);
  const single = most === 1 && given.declaration.cardinality === "single";
  const { node, naming } = prompt(given);
  const note = h("p", { class: "note", role: "status" });
  const rows = arranged(given, parts(given.element, "qti-simple-choice")).map((source) => {
    const type = single ? "radio" : "checkbox";
    const input = h("input", { type, name: given.id, value: identifier(source) });
    const label = h("label", { class: "choice" }, input, h("span", {}, given.content(source)));
    return { input, row: h("div", { class: "choice-row" }, label, masking(label)) };
  });
  const read = () => rows.filter(({ input }) => input.checked).map(({ input }) => input.value);
  for (const { input } of rows) {
    input.addEventListener("change", () => {
      const over = most > 0 && read().length > most;
      if (over) input.checked = false;
      note.textContent = over ? ASK.tooMany(most) : "";
      if (!over) given.changed();
    });
  }
  const role = single ? "radiogroup" : "group";
  const list = h("div", { class: `choices ${given.element.getAttribute("class") ?? ""}`, role, ...naming });
  list.append(...rows.map(({ row }) => row));
  return {
    node: h("div", { class: "interaction" }, node, list, note),
    read,
    write(values) {
      for (const { input } of rows) input.checked = values.includes(input.value);
      note.textContent = "";
    },
  };
}

/**
 * Covers one answer, to think about the others; seen where the pupil has asked for it (theme).
 * @param {HTMLElement} label
 */
function masking(label) {
  const press = h("button", { type: "button", class: "button text masking", "aria-pressed": "false" }, ASK.mask);
  press.addEventListener("click", () => {
    const on = label.classList.toggle("masked");
    press.setAttribute("aria-pressed", String(on));
    press.textContent = on ? ASK.unmask : ASK.mask;
  });
  return press;
}
