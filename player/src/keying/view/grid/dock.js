// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What can be done where the teacher is, as buttons with their keys, for who has a mouse or a finger.
 * @module
 */

import { h } from "../../../items/dom.js";
import { isNumber } from "../../rules/entries.js";
import { words } from "../words.js";
import { control } from "./field.js";

/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../../core/sheet.js").Entry} Entry */
/**
 * @typedef {object} Acts
 * @property {(key: string) => void} key as if it were pressed on the keyboard
 * @property {(choice: string) => void} choose
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} row
 * @property {() => void} column
 * @property {() => void} repeat
 * @property {() => void} missing
 * @property {() => void} help
 * @property {() => void} read
 */

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** @param {"pupil" | "exercise"} way @param {Acts} acts */
export function dock(way, acts) {
  const say = words();
  /** @type {Field | null} */
  let field = null;
  /** @type {ReturnType<typeof control> | null} */
  let inside = null;
  const called = h("span", { class: "dock-name" });
  const place = h("div", { class: "dock-field" });
  const pad = h("div", { class: "pad", role: "group", "aria-label": say.grid.pad }, DIGITS.map((digit) => button(digit, "", () => acts.key(digit), `pad-${digit}`)));
  const element = h("div", { class: "dock", role: "group", "aria-label": say.acts.title },
    h("div", { class: "dock-now", hidden: way === "pupil" }, called, place), pad,
    h("div", { class: "dock-acts" },
      button(say.acts.blank, say.keys.space, () => acts.key(" "), "act-blank"),
      button(say.acts.adapted, "a", () => acts.key("a"), "act-adapted"),
      button(say.acts.unfit, "x", () => acts.key("x"), "act-unfit"),
      button(say.acts.back, say.keys.back, () => acts.key("Delete"), "act-clear"),
      button(say.acts.row, "p", acts.row, "act-row"),
      way === "exercise" && button(say.acts.column, "c", acts.column, "act-column"),
      button(say.acts.repeat, "r", acts.repeat, "act-repeat"),
      button(say.acts.missing, "m", acts.missing, "act-missing"),
      button(say.acts.undo, say.keys.undo, acts.undo, "act-undo"),
      button(say.acts.redo, say.keys.redo, acts.redo, "act-redo"),
      button(say.acts.help, "?", acts.help, "act-help")));
  return {
    element,
    /** @param {Field} now @param {Entry} entry @param {string} pending @param {string} [name] */
    show(now, entry, pending, name) {
      if (name !== undefined && called.textContent !== name) called.textContent = name;
      pad.hidden = !isNumber(now) || now.mask === "fluency";
      if (way === "exercise") {
        if (field !== now || !inside) {
          inside = control(now, { choose: acts.choose, read: acts.read });
          place.replaceChildren(inside.element);
        }
        inside.fill(entry, pending);
      }
      field = now;
    },
  };
}

/** @param {string} text @param {string} key @param {() => void} act @param {string} test */
const button = (text, key, act, test) =>
  h("button", { type: "button", class: "act", "data-test": test, onclick: act, onpointerdown: (event) => event.preventDefault() }, // the cell keeps the focus
    text, key && h("kbd", { "aria-hidden": "true" }, key));
