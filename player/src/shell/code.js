// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The first screen: one big field for the code. A wrong code is told here, before any call.
 * @module
 */

import { BadCode, LENGTH, LETTERS, clean, parse, printed } from "../core/codes.js";
import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { button, card } from "./screen.js";

/**
 * @param {string} typed what stands in the field already
 * @param {(code: string) => Promise<{what: string, nextStep: string} | void>} entered gives a refusal to show, or nothing when the page has moved on
 * @param {{what: string, nextStep: string} | undefined} said a refusal to show at once
 * @param {{check: () => void, practise: () => void}} instead the adult wants to check this computer; the pupil wants to try
 * @returns {import("./screen.js").Screen & {offerPractice: () => void}}
 */
export function codeScreen(typed, entered, said, { check, practise }) {
  const error = h("p", { class: "error", role: "alert", id: "code-error", "data-test": "code-error", hidden: true });
  const field = h("input", {
    id: "code", class: "code", type: "text", "data-test": "code-field", autocomplete: "off",
    autocapitalize: "characters", spellcheck: "false", placeholder: "XXXX-XXXX-XXXX", enterkeyhint: "go",
    "aria-describedby": "code-help code-error", value: printed(clean(typed).slice(0, LENGTH)),
  });
  const submit = h("button", { type: "submit", class: "button main", "data-test": "code-submit" }, SAY.enter);

  /** @param {string} what @param {string} nextStep */
  const tell = (what, nextStep = "") => {
    error.hidden = what === "";
    error.textContent = nextStep ? `${what} ${nextStep}` : what;
    field.setAttribute("aria-invalid", String(what !== ""));
  };

  field.addEventListener("input", () => {
    format(field);
    const letters = clean(field.value);
    if (Array.from(letters).some((letter) => !LETTERS.includes(letter))) return tell(SAY.consonants);
    if (letters.length < LENGTH) return tell("");
    judged(letters, tell);
  });

  const form = h("form", { novalidate: true }, h("label", { for: "code" }, SAY.codeLabel), field, error, submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = judged(field.value, tell);
    if (!code) return field.focus();
    submit.disabled = true;
    submit.textContent = SAY.wait;
    const refusal = await entered(code);
    submit.disabled = false;
    submit.textContent = SAY.enter;
    if (refusal) {
      tell(refusal.what, refusal.nextStep);
      field.focus();
    }
  });
  const tryOut = h("p", { class: "aside", hidden: true }, button(SAY.practise, "practise", practise, "quiet"));
  if (said) tell(said.what, said.nextStep);
  const main = card(SAY.codeTitle, h("p", { id: "code-help", class: "lead" }, SAY.codeHelp), form,
    tryOut,
    h("p", { class: "aside" }, button(SAY.checkComputer, "check-open", check, "text")));
  return { title: SAY.codeTitle, main, focus: typed ? submit : field, offerPractice: () => (tryOut.hidden = false) };
}

/**
 * The code, or null after saying what is wrong.
 * @param {string} typed @param {(what: string, nextStep?: string) => void} tell
 */
function judged(typed, tell) {
  try {
    const code = parse(typed);
    tell("");
    return code;
  } catch (fault) {
    if (!(fault instanceof BadCode)) throw fault;
    tell(fault.what, fault.nextStep);
    return null;
  }
}

/** Three groups of four as they are typed; the caret stays after the same letter. @param {HTMLInputElement} field */
function format(field) {
  const before = clean(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  const shown = printed(clean(field.value).slice(0, LENGTH));
  if (shown === field.value) return;
  field.value = shown;
  const caret = Math.min(before + Math.floor(Math.max(before - 1, 0) / 4), shown.length);
  field.setSelectionRange(caret, caret);
}
