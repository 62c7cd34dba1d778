// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Order: take the labels one after the other; each goes to the end of the list, where it can be
 * moved or put back. Nothing is an answer until the pupil takes a first label. @module
 */

import { h } from "../items/dom.js";
import { dragged } from "../items/drag.js";
import { ASK } from "../strings.js";
import { arranged, count, identifier, parts, prompt, words } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function order(given) {
  const { node, naming } = prompt(given);
  const choices = arranged(given, parts(given.element, "qti-simple-choice"));
  const most = count(given.element, "max-choices", 0) || choices.length;
  const titles = { from: `${given.id}-from`, to: `${given.id}-to` };
  const pool = h("ul", { class: "pool", "data-drop": "pool", "aria-labelledby": titles.from });
  const list = h("ol", { class: "ranked", "data-drop": "list", "aria-labelledby": titles.to });
  /** @type {string[]} */
  let taken = [];

  /** @param {string[]} now @param {string} said */
  function put(now, said) {
    taken = now;
    draw();
    given.say(said);
    given.changed();
  }

  /** @param {string} id @param {number} to place from 0 */
  function place(id, to) {
    const rest = taken.filter((other) => other !== id);
    if (!taken.includes(id) && taken.length >= most) return given.say(ASK.tooMany(most));
    rest.splice(to, 0, id);
    put(rest, ASK.placeOf(called(id), rest.indexOf(id) + 1));
  }

  /** @param {string} id */
  const called = (id) => words(/** @type {Element} */ (choices.find((c) => identifier(c) === id)));

  /** @param {string} id @param {Element} target */
  function dropped(id, target) {
    if (!list.contains(target) && !pool.contains(target)) return;
    if (pool.contains(target)) return put(taken.filter((other) => other !== id), ASK.putBack(called(id)));
    const onto = target.getAttribute("data-rank");
    place(id, onto === null ? taken.length : Number(onto));
  }

  function draw() {
    const focused = document.activeElement?.getAttribute("data-key");
    pool.replaceChildren(...choices.filter((c) => !taken.includes(identifier(c))).map(free));
    list.replaceChildren(...taken.map(ranked));
    if (taken.length === choices.length) pool.append(h("li", { class: "hint" }, ASK.allRanked));
    if (taken.length === 0) list.append(h("li", { class: "hint" }, ASK.rankHere));
    if (focused) refocus(focused);
  }

  /**
   * Where a key press leads: the same tool of the same label; after a label is taken, the next
   * one to take.
   * @param {string} key
   */
  function refocus(key) {
    const all = Array.from(box.querySelectorAll("button")).filter((button) => !button.disabled);
    const wanted = [key, key.startsWith("+") ? "+" : `+${key.slice(1)}`, `-${key.slice(1)}`, "-"];
    const found = wanted.map((start) => all.find((button) => button.dataset.key?.startsWith(start)));
    found.find(Boolean)?.focus();
  }

  /** @param {Element} source */
  function free(source) {
    const id = identifier(source);
    const label = h("button", { type: "button", class: "tag", "data-key": `+${id}` }, given.content(source));
    label.addEventListener("click", () => place(id, taken.length));
    dragged(label, { may: () => true, dropped: (target) => dropped(id, target) });
    return h("li", {}, label);
  }

  /** @param {string} id @param {number} i */
  function ranked(id, i) {
    const source = /** @type {Element} */ (choices.find((c) => identifier(c) === id));
    const handle = h("span", { class: "tag placed" }, given.content(source));
    dragged(handle, { may: () => true, dropped: (target) => dropped(id, target) });
    /** @param {string} key @param {string} sign @param {string} says @param {boolean} off @param {() => void} act */
    const tool = (key, sign, says, off, act) =>
      h("button", { type: "button", class: "tool", "data-key": key + id, disabled: off, onclick: act },
        h("span", { "aria-hidden": "true" }, sign), h("span", { class: "unseen" }, ASK.toolOf(says, called(id))));
    return h(
      "li",
      { "data-drop": "place", "data-rank": i },
      handle,
      tool("^", "↑", ASK.up, i === 0, () => place(id, i - 1)),
      tool("v", "↓", ASK.down, i === taken.length - 1, () => place(id, i + 1)),
      tool("-", "✕", ASK.away, false, () => put(taken.filter((o) => o !== id), ASK.putBack(called(id)))),
    );
  }

  const columns = h(
    "div",
    { class: "order", role: "group", ...naming },
    h("div", {}, h("p", { class: "part", id: titles.from }, ASK.toRank), pool),
    h("div", {}, h("p", { class: "part", id: titles.to }, ASK.ranked), list),
  );
  const box = h("div", { class: "interaction" }, node, columns);
  draw();
  return {
    node: box,
    read: () => [...taken],
    write(values) {
      taken = values.filter((id) => choices.some((c) => identifier(c) === id));
      draw();
    },
  };
}
