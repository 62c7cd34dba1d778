// SPDX-License-Identifier: AGPL-3.0-or-later
/** Screens where nothing can be keyed: why, and the way back. @module */

import { h } from "../../items/dom.js";
import { button, card } from "../../shell/screen.js";
import { words } from "./words.js";

const RELOADED = ["cut", "kit", "broken", "taken"];

/** @param {string} name of the notices @param {string} back the class's page @returns {import("../../shell/screen.js").Screen} */
export function noticeScreen(name, back) {
  const say = words();
  const { title, text } = say.notices[name] ?? { title: say.title, text: "" };
  const main = card(title, h("p", { class: "lead" }, text),
    h("div", { class: "actions" },
      RELOADED.includes(name) && button(say.reload, "reload", () => location.reload()),
      back && h("a", { class: "button quiet", href: back, "data-test": "back" }, say.back)));
  main.setAttribute("data-test", `notice-${name}`);
  return { title, main };
}
