// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A bank of labels to carry somewhere: choose one then its place, or drag it there. Mouse, finger
 * and keyboard do the same thing by the same path.
 * @module
 */

import { h } from "./dom.js";
import { dragged } from "./drag.js";

/**
 * @typedef {object} Label
 * @property {string} id
 * @property {string} text what it is called
 * @property {number} most how many times it may be used; 0 as often as wished
 * @property {Node[]} content
 */
/** @typedef {ReturnType<typeof bank>} Bank */

/**
 * @param {Label[]} labels
 * @param {{title: string, used: (id: string) => number, dropped: (id: string, target: Element) => void}} how
 */
export function bank(labels, { title, used, dropped }) {
  let held = "";
  /** @type {Map<string, HTMLButtonElement>} */
  const buttons = new Map();
  for (const label of labels) {
    const button = h("button", { type: "button", class: "tag", "aria-pressed": "false" }, label.content);
    if (!button.textContent?.trim() && !button.querySelector("img[alt]:not([alt=''])")) button.setAttribute("aria-label", label.text);
    button.addEventListener("click", () => hold(held === label.id ? "" : label.id));
    dragged(button, {
      may: () => !spent(label),
      dropped: (target) => dropped(label.id, target),
    });
    buttons.set(label.id, button);
  }

  /** @param {Label} label */
  const spent = (label) => label.most > 0 && used(label.id) >= label.most;

  /** @param {string} id */
  function hold(id) {
    const label = labels.find((l) => l.id === id);
    held = label && !spent(label) ? id : "";
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", String(name === held));
  }

  return {
    node: h("div", { class: "bank", role: "group", "aria-label": title }, [...buttons.values()]),
    /** The label in hand, or "". */
    held: () => held,
    release: () => hold(""),
    /** Show which labels are used up. */
    refresh() {
      for (const label of labels) {
        const button = /** @type {HTMLButtonElement} */ (buttons.get(label.id));
        button.disabled = spent(label);
      }
    },
    /** @param {string} id */
    find: (id) => labels.find((label) => label.id === id),
  };
}

/** @param {Element} element @returns {number} match-max, 1 when not said */
export const matchMax = (element) => Number(element.getAttribute("match-max") ?? 1);
