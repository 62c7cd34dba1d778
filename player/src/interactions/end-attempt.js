// SPDX-License-Identifier: AGPL-3.0-or-later
/** End attempt: a button that says "true" once it was pressed, and can be taken back. @module */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function endAttempt(given) {
  const press = h("button", { type: "button", class: "button quiet end-attempt", "aria-pressed": "false" },
    given.element.getAttribute("title") || ASK.endAttempt);
  press.addEventListener("click", () => {
    press.setAttribute("aria-pressed", String(press.getAttribute("aria-pressed") !== "true"));
    given.changed();
  });
  return {
    node: h("span", { class: "interaction" }, press),
    read: () => (press.getAttribute("aria-pressed") === "true" ? ["true"] : []),
    write: ([value]) => press.setAttribute("aria-pressed", String(value === "true")),
  };
}
