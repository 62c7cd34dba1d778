// SPDX-License-Identifier: AGPL-3.0-or-later
/** Text entry, one word or number, and extended text, several lines. @module */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { count, prompt } from "./given.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {import("./given.js").Interaction} Interaction */

const LONGEST = 19_000; // characters; a sheet takes twice as many
const LONGEST_ENTRY = 200;
const PLAIN = { autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false" };

/** @param {Given} given @returns {Interaction} */
export function textEntry(given) {
  const kind = given.declaration.base_type;
  const numeric = kind === "integer" || kind === "float";
  const size = Math.min(Math.max(count(given.element, "expected-length", 12), 3), 40);
  const { naming } = prompt(given);
  const hint = h("span", { class: "field-note", role: "status" });
  const inputmode = numeric ? (kind === "integer" ? "numeric" : "decimal") : "text";
  const field = { type: "text", class: "text-entry", size: size + 1, maxlength: LONGEST_ENTRY, inputmode };
  const input = h("input", { ...field, ...PLAIN, ...naming });
  const read = () => lexical(input.value, kind);
  const judge = () => {
    const wrong = numeric && input.value.trim() !== "" && read().length === 0;
    input.setAttribute("aria-invalid", String(wrong));
    hint.textContent = wrong ? ASK.number : "";
  };
  input.addEventListener("input", () => given.changed(true));
  input.addEventListener("change", () => given.changed());
  input.addEventListener("blur", judge); // what is half typed is not judged
  return {
    node: h("span", { class: "entry" }, input, hint),
    read,
    write([value = ""]) {
      input.value = kind === "float" ? value.replace(".", ",") : value;
      judge();
    },
  };
}

/** @param {Given} given @returns {Interaction} */
export function extendedText(given) {
  const { node, naming } = prompt(given);
  const rows = Math.min(Math.max(count(given.element, "expected-lines", 6), 2), 30);
  const area = h("textarea", { rows, maxlength: LONGEST, ...PLAIN, ...naming });
  area.addEventListener("input", () => given.changed(true));
  area.addEventListener("change", () => given.changed());
  return {
    node: h("div", { class: "interaction" }, node, area),
    read: () => (area.value === "" ? [] : [wellFormed(area.value)]),
    write([value = ""]) {
      area.value = value;
    },
  };
}

/** Half a character, left by a cut emoji, would make the whole sheet unreadable. @param {string} typed */
const wellFormed = (typed) => typed.replace(/\p{Surrogate}/gu, "\ufffd");

/**
 * What was typed, in QTI lexical form: a number has a point and no space; a text stays as typed.
 * Nothing when nothing was typed, or when it is no number where one is asked.
 * @param {string} typed @param {string} kind
 * @returns {string[]}
 */
export function lexical(typed, kind) {
  if (kind !== "integer" && kind !== "float") return typed === "" ? [] : [wellFormed(typed)];
  const written = typed.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").replace("−", "-");
  if (kind === "integer") return /^[+-]?\d+$/.test(written) ? [String(BigInt(written.replace("+", "")))] : [];
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(written) ? [String(Number(written))] : [];
}
