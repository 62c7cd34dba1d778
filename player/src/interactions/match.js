// SPDX-License-Identifier: AGPL-3.0-or-later
/** Match: a table, one row a thing, one column what it may be matched with. @module */

import { h } from "../items/dom.js";
import { matchMax } from "../items/labels.js";
import { ASK } from "../strings.js";
import { arranged, count, identifier, parts, prompt } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function match(given) {
  const { node, naming } = prompt(given);
  const sets = parts(given.element, "qti-simple-match-set").map((set, i) =>
    arranged(given, parts(set, "qti-simple-associable-choice"), `/${i}`),
  );
  const [rows = [], columns = []] = sets;
  const most = count(given.element, "max-associations", 0);
  const note = h("p", { class: "note", role: "status" });
  const inputs = rows.map((row, i) =>
    columns.map((column, j) => {
      const type = matchMax(row) === 1 ? "radio" : "checkbox";
      const value = `${identifier(row)} ${identifier(column)}`;
      const labels = `${given.id}-r${i} ${given.id}-c${j}`;
      return h("input", { type, name: `${given.id}-${i}`, value, "aria-labelledby": labels });
    }),
  );
  const read = () => inputs.flat().filter((input) => input.checked).map((input) => input.value);

  /** How the table breaks a limit after this change; "" when it does not. @param {number} i @param {number} j */
  const broken = (i, j) => {
    const down = inputs.filter((line) => line[j]?.checked).length;
    const across = inputs[i]?.filter((input) => input.checked).length ?? 0;
    const [row, column] = [matchMax(/** @type {Element} */ (rows[i])), matchMax(/** @type {Element} */ (columns[j]))];
    if (row > 1 && across > row) return ASK.tooMany(row);
    if (column > 0 && down > column) {
      return column === 1 ? ASK.columnTaken : ASK.columnFull(column);
    }
    return most > 0 && read().length > most ? ASK.tooMany(most) : "";
  };
  inputs.forEach((line, i) =>
    line.forEach((input, j) =>
      input.addEventListener("change", () => {
        note.textContent = broken(i, j);
        if (note.textContent) restore();
        else given.changed();
        last = read();
      }),
    ),
  );
  /** @type {string[]} */
  let last = [];
  const restore = () => inputs.flat().forEach((input) => (input.checked = last.includes(input.value)));

  return {
    node: h("div", { class: "interaction" }, node, table(), note),
    read,
    write(values) {
      last = values;
      restore();
      note.textContent = "";
    },
  };

  function table() {
    const corner = given.element.getAttribute("data-first-column-header");
    const first = corner ? h("th", { scope: "col" }, corner) : h("td");
    const head = columns.map((column, j) =>
      h("th", { scope: "col", id: `${given.id}-c${j}` }, given.content(column)),
    );
    const body = rows.map((row, i) =>
      h(
        "tr",
        {},
        h("th", { scope: "row", id: `${given.id}-r${i}` }, given.content(row)),
        columns.map((column, j) => {
          const said = h("span", { class: "cell-label", "aria-hidden": "true" }, given.content(column));
          return h("td", {}, h("label", { class: "cell" }, inputs[i]?.[j], said));
        }),
      ),
    );
    return h(
      "table",
      { class: "match", ...naming },
      h("thead", {}, h("tr", {}, first, head)),
      h("tbody", {}, body),
    );
  }
}
