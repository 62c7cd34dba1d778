// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The panel of settings: a dialog that opens from any screen, changes the page at once and gives
 * the focus back. Also where the language is chosen, on the screens that can be drawn again.
 * @module
 */

import { remember, remembered } from "../core/remembered.js";
import { h } from "../items/dom.js";
import { SAY, language, speak } from "../strings.js";
import { choose, current } from "./desk.js";
import { NAMES, valuesOf } from "./settings.js";

const LANGUAGE = "encrier-language";

/**
 * The button that opens the panel.
 * @param {() => (() => void) | null} redraw what draws the screen again in another language, if anything can
 */
export function settingsButton(redraw) {
  const press = h("button", { type: "button", class: "settings", "data-test": "settings" }, SAY.settings);
  press.addEventListener("click", () => open(redraw()));
  return press;
}

/** @param {(() => void) | null} redraw */
function open(redraw) {
  const close = h("button", { type: "button", class: "button main", "data-test": "settings-close" }, SAY.closeSettings);
  const box = h("dialog", { class: "settings-panel", "aria-labelledby": "settings-title" },
    h("h2", { id: "settings-title" }, SAY.settings),
    NAMES.map(setting),
    redraw && languages(() => {
      box.close();
      redraw();
    }),
    h("p", { class: "hint" }, SAY.keysHelp),
    h("div", { class: "actions" }, close));
  close.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/** @param {import("./settings.js").Name} name */
function setting(name) {
  const words = SAY.setting[name];
  const choices = valuesOf(name).map((value) => {
    const input = h("input", { type: "radio", name: `set-${name}`, value, checked: current()[name] === value, "data-test": `set-${name}-${value}` });
    input.addEventListener("change", () => choose(name, value));
    return h("label", { class: "set" }, input, words.values[value] ?? `${value}\u00a0%`);
  });
  return h("fieldset", {}, h("legend", {}, words.title), h("div", { class: "sets" }, choices));
}

/** @param {() => void} changed */
function languages(changed) {
  const named = /** @type {const} */ ([["fr", "Français"], ["en", "English"]]);
  const choices = named.map(([lang, words]) => {
    const input = h("input", { type: "radio", name: "set-language", value: lang, checked: language() === lang, "data-test": `set-language-${lang}` });
    input.addEventListener("change", () => {
      remember(LANGUAGE, lang);
      speak(lang);
      changed();
    });
    return h("label", { class: "set", lang }, input, words);
  });
  return h("fieldset", {}, h("legend", {}, SAY.language), h("div", { class: "sets" }, choices));
}

/** Speak the language that was chosen on this computer. */
export function speakAsBefore() {
  if (remembered(LANGUAGE) === "en") speak("en");
}
