// SPDX-License-Identifier: AGPL-3.0-or-later
/** What stands above the grid: whose exercise it is, what is asked there, and the way to the others. @module */

import { h } from "../../../items/dom.js";
import { button } from "../../../shell/screen.js";
import { who } from "../../rules/places.js";
import { told } from "../../strings.js";
import { words } from "../words.js";

/** @typedef {import("../../rules/moving.js").Cell} Cell */
/** @typedef {import("../../kit.js").Exercise} Exercise */
/** @typedef {{ground: import("../../rules/moving.js").Ground, pupils: import("../../rules/places.js").Pupil[], exercises: Exercise[], isBlind: boolean}} Shown */

/**
 * @param {Shown} shown
 * @param {{to: (to: Partial<Cell>) => void, away: (key: "PageUp" | "PageDown") => void, done: () => void}} act
 */
export function heading({ ground, pupils, exercises, isBlind }, { to, away, done }) {
  const say = words().grid;
  const tell = told();
  const title = h("h1", {});
  const what = h("p", { class: "instruction" });
  const pupil = h("select", { "aria-label": say.pupil, "data-test": "pupil-select", onchange: () => to({ pupil: Number(pupil.value) }) },
    pupils.map((one, at) => h("option", { value: at }, who(one, tell))));
  const exercise = h("select", { "aria-label": say.exercise, "data-test": "exercise-select", onchange: () => to({ field: ground.starts[Number(exercise.value)] ?? 0 }) },
    exercises.map(({ title: called, what: measured }, at) => h("option", { value: at }, measured ? `${called} – ${measured}` : called)));
  const beside = (/** @type {number} */ step) => to({ pupil: (Number(pupil.value) + step + pupils.length) % pupils.length });
  const pupilSteps = h("div", { class: "steps" }, step("‹", say.previousPupil, () => beside(-1)), pupil, step("›", say.nextPupil, () => beside(1)));
  const exerciseSteps = h("div", { class: "steps" }, step("‹", say.previousExercise, () => away("PageUp")), exercise, step("›", say.nextExercise, () => away("PageDown")));
  const blind = isBlind && h("p", { class: "blind" }, words().second.blind, " ", button(words().second.done, "second-done", done, "text"));
  const element = h("div", { class: "grid-head" }, title, h("div", { class: "ways" }, ground.way === "pupil" && !isBlind && pupilSteps, exerciseSteps), what, blind);
  return {
    element,
    title: () => title.textContent ?? "",
    /** @param {Cell} cell @param {number} rank of the exercise */
    fill(cell, rank) {
      const one = pupils[cell.pupil] ?? { order: "", shown: "" };
      const { title: called = "", instruction = "", oral = false, timed_s = null } = exercises[rank] ?? {};
      title.textContent = ground.way === "pupil" ? say.titleOf(who(one, tell), called) : called;
      const tags = [oral && say.oral, timed_s !== null && say.timed(timed_s)].filter(Boolean).join(", ");
      what.textContent = tags ? `${instruction} (${tags})` : instruction;
      pupil.value = String(cell.pupil);
      exercise.value = String(rank);
      document.title = `${title.textContent} – encrier`;
    },
  };
}

/** @param {string} sign @param {string} name @param {() => void} act */
const step = (sign, name, act) => h("button", { type: "button", class: "step", "aria-label": name, title: name, onclick: act }, sign);
