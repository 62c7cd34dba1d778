// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What stands around every screen of a class: its name, where one can go, and how all that was
 * keyed is kept, in words, always.
 * @module
 */

import { h } from "../../items/dom.js";
import { canRedraw, say as sayAloud, show } from "../../shell/screen.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {"class" | "pupil" | "exercise" | "missing" | "second" | "groups"} Tab */
/** Where the teacher is: which screen, of which level, at which cell; `order`: of whom; `under`: the grid from which a reading was opened. @typedef {{screen: Tab | "again" | "result" | "fluency", level: number, pupil: number, field: number, order?: string, under?: Tab}} Place */
/** @typedef {(to: Partial<Place>) => void} Go */
/**
 * A screen of the class. changed: something of a pupil changed; end: it is left.
 * @typedef {{title: string, main: HTMLElement, focus?: HTMLElement | undefined, changed?: (order: string) => void, end?: () => void}} View
 */

const TABS = /** @type {Tab[]} */ (["class", "pupil", "exercise", "missing", "second", "groups"]);
/** @type {Record<string, Tab>} the tab under which the others stand */
const UNDER = { again: "second", result: "groups" };

/** @param {Room} room */
export function frame(room) {
  const saved = h("p", { class: "saved", "data-test": "saved-state", "data-unsent": 0 });
  let before = "kept";

  function tell() {
    const say = words().saved;
    const { kind, unsent, blocked, opening } = room.sittings.state();
    const texts = {
      kept: opening ? say.opening(opening) : say.kept, saving: say.saving, here: say.here(unsent), waiting: blocked ? say.blocked(unsent) : say.waiting,
      open: say.open(unsent), refused: say.refused, closed: say.closed,
    };
    if (saved.textContent !== texts[kind]) saved.textContent = texts[kind];
    saved.dataset.unsent = String(unsent);
    saved.dataset.kind = kind;
    saved.dataset.opening = String(opening);
    if (kind !== before && kind === "waiting") sayAloud(say.waitingSays);
    if (kind === "kept" && before === "waiting") sayAloud(say.back);
    if (kind !== "saving" && kind !== "here") before = kind;
  }

  return {
    tell,
    /** @param {View} view @param {Place} place @param {{go: Go, draw: () => void}} act */
    stand({ title, main, focus }, place, { go, draw }) {
      const say = words();
      const where = h("div", { class: "where" }, h("p", { class: "section" }, `${room.ring.label} – ${room.ring.school}`), saved);
      const current = place.screen === "fluency" ? (place.under ?? "exercise") : (UNDER[place.screen] ?? place.screen);
      const tabs = TABS.map((tab) =>
        h("li", {}, h("button", {
          type: "button", class: "tab", "data-test": `tab-${tab}`, "aria-current": tab === current && "page", onclick: () => go({ screen: tab }),
        }, say.tabs[tab])));
      const levels = room.levels.length > 1 && h("label", { class: "levels" }, h("span", {}, say.level), levelSelect(room, place, go));
      const nav = h("nav", { class: "tabs", "aria-label": say.navigation }, h("ul", {}, tabs), levels);
      show({ title, bar: where, nav, main, ...(focus ? { focus } : {}) });
      canRedraw(draw);
      tell();
    },
  };
}

/** Pupils of a class of several levels have each their booklet. @param {Room} room @param {Place} place @param {Go} go */
function levelSelect(room, place, go) {
  const options = room.levels.map(({ name }, at) => h("option", { value: at, selected: at === place.level }, name));
  return h("select", { "data-test": "level", onchange: (event) => go({ level: Number(event.target.value), pupil: 0, field: 0 }) }, options);
}
