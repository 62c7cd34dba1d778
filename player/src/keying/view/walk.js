// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Which screen of the class stands, and how one gets to the others; the browser's own way back
 * works. What is in its history are ranks, no name.
 * @module
 */

import { h } from "../../items/dom.js";
import { fluencyScreen } from "../fluency/screen.js";
import { exercisesOf, fieldsOf } from "../kit.js";
import { classScreen } from "./class.js";
import { frame as newFrame } from "./frame.js";
import { conflictsDialog } from "./grid/dialogs.js";
import { gridScreen } from "./grid/grid.js";
import { groupsScreen, resultScreen } from "./groups.js";
import { missingScreen } from "./missing.js";
import { secondScreen } from "./second.js";
import { words } from "./words.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("./frame.js").Place} Place */
/** @typedef {import("./frame.js").View} View */

const TOGETHER_MS = 40; // what changes together is drawn once

/** @param {Room} room */
export function walk(room) {
  const frame = newFrame(room);
  /** @type {Place} */
  let place = { screen: "class", level: 0, pupil: 0, field: 0 };
  /** @type {View} */
  let view = { title: "", main: h("main") };
  /** @type {Set<string>} */
  const changed = new Set();
  let isDue = false;

  /** @param {Partial<Place>} to */
  function go(to) {
    place = { ...place, ...to };
    history.pushState(place, "");
    draw();
  }

  function draw() {
    if (room.left()) return;
    view.end?.();
    view = viewOf(room, place, { go, keep: (cell) => (place = { ...place, ...cell }) });
    frame.stand(view, place, { go, draw });
  }

  room.listen({
    changed(order) {
      if (!room.left()) frame.tell(); // at once: nothing is said to be kept that is not
      changed.add(order);
      if (isDue) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        if (room.left()) return;
        for (const one of changed) view.changed?.(one);
        changed.clear();
      }, TOGETHER_MS);
    },
    conflicts: (order, conflicts) => conflictsDialog(room, { order, conflicts }, go),
  });
  history.replaceState(place, "");
  window.addEventListener("popstate", ({ state }) => {
    if (!state?.screen) return;
    place = state;
    draw();
  });
  draw();
}

/**
 * @param {Room} room @param {Place} place
 * @param {{go: import("./frame.js").Go, keep: (cell: {pupil: number, field: number}) => void}} act keep: where the teacher is within the screen
 * @returns {View}
 */
function viewOf(room, place, { go, keep }) {
  switch (place.screen) {
    case "pupil": case "exercise": case "again": return gridScreen(room, place, { go, keep });
    case "missing": return missingScreen(room, place, go);
    case "second": return secondScreen(room, place, go);
    case "groups": return groupsScreen(room, place, go);
    case "result": return resultScreen(room, place, go);
    case "fluency": return fluencyView(room, place, go);
    default: return classScreen(room, place, go);
  }
}

/** @param {Room} room @param {Place} place @param {import("./frame.js").Go} go @returns {View} */
function fluencyView(room, { level: at, field: rank, pupil }, go) {
  const level = room.levels[at];
  const field = level && fieldsOf(level.kit)[rank];
  if (!level || !field) return classScreen(room, { screen: "class", level: 0, pupil: 0, field: 0 }, go);
  const exercise = exercisesOf(level.kit).find(({ items }) => items.includes(field));
  const screen = fluencyScreen({
    kit: level.kit, field, pupils: level.pupils, first: pupil,
    entryOf: (order) => room.entry(order, field.id),
    key: (order, entry) => void room.make([{ order, item: field.id, before: room.entry(order, field.id), after: entry }]),
    now: () => performance.now(),
    back: () => history.back(),
  });
  return { title: exercise?.title ?? words().title, main: h("main", { class: "keying" }, screen) };
}
