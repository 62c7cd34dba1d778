// SPDX-License-Identifier: AGPL-3.0-or-later
/** Inline choice: a list in the middle of a sentence. @module */

import { h } from "../items/dom.js";
import { arranged, identifier, parts, prompt, words } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function inlineChoice(given) {
  const { naming } = prompt(given);
  const options = arranged(given, parts(given.element, "qti-inline-choice")).map((source) =>
    h("option", { value: identifier(source) }, words(source)),
  );
  const select = h("select", { class: "inline-choice", ...naming }, h("option", { value: "" }, "…"), options);
  const tint = () => select.classList.toggle("filled", select.value !== "");
  select.addEventListener("change", () => {
    tint();
    given.changed();
  });
  return {
    node: select,
    read: () => (select.value ? [select.value] : []),
    write([value = ""]) {
      select.value = value;
      tint();
    },
  };
}
