// SPDX-License-Identifier: AGPL-3.0-or-later
/** Hot text: words to choose in a text. @module */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { count, identifier, prompt } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function hottext(given) {
  const most = count(given.element, "max-choices", 1);
  const { node, naming } = prompt(given);
  const note = h("p", { class: "note", role: "status" });
  /** @type {HTMLElement[]} */
  const words = [];
  const text = given.flow(given.element, (source) => {
    if (source.localName !== "qti-hottext") return null;
    // not a button element: that one never wraps in the middle of a sentence
    const word = h("span", { role: "button", tabindex: "0", class: "hottext" }, given.content(source));
    word.dataset.id = identifier(source);
    word.addEventListener("click", () => press(word));
    word.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      press(word);
    });
    words.push(word);
    return word;
  });
  const pressed = (/** @type {Element} */ word) => word.getAttribute("aria-pressed") === "true";
  const read = () => words.filter(pressed).map((word) => word.dataset.id ?? "");
  /** @param {string[]} values */
  const write = (values) => {
    for (const word of words) word.setAttribute("aria-pressed", String(values.includes(word.dataset.id ?? "")));
    note.textContent = "";
  };
  /** @param {HTMLElement} word */
  function press(word) {
    const id = word.dataset.id ?? "";
    const now = pressed(word) ? read().filter((other) => other !== id) : [...read(), id];
    if (most > 1 && now.length > most) {
      note.textContent = ASK.tooMany(most);
      return;
    }
    write(most === 1 && now.length ? [id] : now);
    given.changed();
  }
  write([]);
  return {
    node: h("div", { class: "interaction", role: "group", ...naming }, node, h("div", { class: "hottexts" }, text), note),
    read,
    write,
  };
}
