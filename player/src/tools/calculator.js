// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The calculator on the page, where the question allows one: a small window beside the question,
 * which stays usable. Nothing of what is computed is kept.
 * @module
 */

import { h } from "../items/dom.js";
import { button, say } from "../shell/screen.js";
import { SAY } from "../strings.js";
import { cleared, pressed } from "./calculating.js";

const KEYS = ["7", "8", "9", "÷", "4", "5", "6", "×", "1", "2", "3", "-", "0", ",", "=", "+", "C", "⌫"];
const TYPED = /** @type {Record<string, string>} */ ({ "*": "×", "x": "×", "/": "÷", ":": "÷", ".": ",", "Enter": "=", "Backspace": "⌫", "Delete": "C" });

/** The button that opens it; null where the question has none. @param {string} kind of the item */
export function calculatorButton(kind) {
  if (!kind) return null;
  const box = h("dialog", { class: "calculator", "aria-label": SAY.calculator, "data-test": "calculator" });
  const press = button(SAY.calculator, "calculator-open", () => {
    if (box.open) return box.close();
    fill(box, () => {
      box.close();
      press.focus();
    });
    press.closest("section")?.append(box);
    box.show();
  }, "text");
  return press;
}

/** @param {HTMLDialogElement} box @param {() => void} close */
function fill(box, close) {
  let now = cleared();
  const shown = h("output", { class: "calculator-window", "data-test": "calculator-window" }, now.shown);
  /** @param {string} key */
  const act = (key) => {
    now = pressed(now, key);
    shown.textContent = now.shown;
    if (key === "=") say(now.shown);
  };
  const keys = KEYS.map((key) => {
    const press = h("button", { type: "button", class: "calculator-key", "aria-label": SAY.calculatorKeys[key] ?? key }, key);
    press.addEventListener("click", () => act(key));
    return press;
  });
  const away = h("button", { type: "button", class: "calculator-key wide", "data-test": "calculator-close" }, SAY.closeSettings);
  away.addEventListener("click", close);
  box.replaceChildren(shown, h("div", { class: "calculator-keys" }, keys, away));
  box.onkeydown = (event) => {
    const key = TYPED[event.key] ?? event.key;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return; // the key in focus
    else if (KEYS.includes(key)) act(key);
    else return;
    event.preventDefault();
  };
}
