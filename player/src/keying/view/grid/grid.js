// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The grid in which booklets are keyed, by pupil or by exercise: where the teacher is, and what each
 * key, press and button does there.
 * @module
 */

import { h } from "../../../items/dom.js";
import { say as sayAloud } from "../../../shell/screen.js";
import { exercisesOf, fieldsOf } from "../../kit.js";
import { entryCalled, isSaid, same } from "../../rules/entries.js";
import { repeated } from "../../rules/filling.js";
import { exerciseAt, groundOf, moved, nextAwaited, onward } from "../../rules/moving.js";
import { who } from "../../rules/places.js";
import { pointer, press } from "../../rules/pressing.js";
import { told } from "../../strings.js";
import { words } from "../words.js";
import { byExercise } from "./by-exercise.js";
import { byPupil } from "./by-pupil.js";
import { blindKit } from "./blind.js";
import { columnDialog, helpDialog, rowDialog } from "./dialogs.js";
import { dock as newDock } from "./dock.js";
import { heading } from "./heading.js";

/** @typedef {import("../../room.js").Room} Room */
/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../../core/sheet.js").Entry} Entry */
/** @typedef {import("../../rules/history.js").Change} Change */
/** @typedef {import("../../rules/moving.js").Cell} Cell */
/** @typedef {import("../frame.js").Place} Place */

/**
 * @param {Room} room @param {Place} place
 * @param {{go: import("../frame.js").Go, keep: (cell: Cell) => void}} act
 * @returns {import("../frame.js").View}
 */
export function gridScreen(room, place, { go, keep }) {
  const say = words().grid;
  const level = room.levels[place.level] ?? room.levels[0];
  const isBlind = place.screen === "again";
  const pupils = (level?.pupils ?? []).filter(({ order }) => !isBlind || order === place.order);
  if (!level || pupils.length === 0) return { title: words().title, main: h("main", { class: "keying" }, h("div", { class: "sheet" }, h("h1", {}, words().title), h("p", {}, words().missing.none))) };
  const kit = isBlind ? blindKit(level.kit) : level.kit;
  const fields = fieldsOf(kit);
  const exercises = exercisesOf(kit);
  const ground = groundOf(kit, pupils.length, place.screen === "exercise" ? "exercise" : "pupil");
  /** @type {Cell} */
  let cell = { pupil: Math.min(isBlind ? 0 : place.pupil, pupils.length - 1), field: Math.min(place.field, fields.length - 1) };
  let pending = "";
  let drawn = "";
  /** @type {Map<string, import("./by-pupil.js").Drawn>} */
  let cells = new Map();
  /** What was keyed last, for who repeats it. @type {{field: Field, entry: Entry} | null} */
  let last = null;

  const region = h("div", { class: "region", onkeydown: (event) => keyed(event) });
  const note = h("p", { class: "warn", role: "status", hidden: true, "data-test": "pupil-note" });
  const head = heading({ ground, pupils, exercises, isBlind }, {
    to: (to) => select({ ...cell, ...to }, false),
    away: (key) => follow(moved(ground, cell, { key }, () => false)),
    done: () => go({ screen: "second" }),
  });
  const dock = newDock(ground.way, {
    key: (key) => act(key, key),
    choose: (choice) => choose(cell, choice),
    undo, redo, row, column, repeat, missing, help: helpDialog, read: () => read(cell),
  });
  const main = h("main", { class: "keying grid", "data-test": "grid", "data-way": ground.way }, head.element, note, region, dock.element);

  /** @param {Cell} at @returns {{order: string, shown: string}} */
  const pupilAt = (at) => pupils[at.pupil] ?? { order: "", shown: "" };
  /** @param {Cell} at @returns {Field} */
  const fieldAt = (at) => fields[at.field] ?? /** @type {Field} */ (fields[0]);
  /** @param {Cell} at */
  const entryAt = (at) => room.entry(pupilAt(at).order, fieldAt(at).id);
  /** @param {Cell} at */
  const nameOf = (at) => `${at.pupil}/${at.field}`;
  /** What tells whether something is still to be keyed in a cell: asked of thousands, so pupils are looked at once. */
  function awaiting() {
    const ready = new Set(pupils.filter(({ order }) => room.sittings.isReady(order)).map(({ order }) => order));
    const free = new Set(kit.unscored);
    return (/** @type {Cell} */ at) => ready.has(pupilAt(at).order) && !free.has(fieldAt(at).id) && !isSaid(entryAt(at));
  }

  /** @param {Cell} at */
  function fill(at) {
    const isCurrent = nameOf(at) === nameOf(cell);
    cells.get(nameOf(at))?.fill(entryAt(at), isCurrent ? pending : "");
    if (isCurrent) dock.show(fieldAt(at), entryAt(at), pending);
  }

  /** The exercise in view, when it is another than the one that stands. */
  function draw() {
    const rank = exerciseAt(ground, cell.field);
    const exercise = exercises[rank];
    const now = ground.way === "pupil" ? `${cell.pupil}/${rank}` : `${rank}`;
    if (!exercise || now === drawn) return;
    drawn = now;
    const start = ground.starts[rank] ?? 0;
    const ask = { select: (/** @type {Cell} */ at) => select(at, false), choose, read };
    const made = ground.way === "pupil" ? byPupil({ kit, exercise, start, pupil: cell.pupil }, ask) : byExercise({ kit, exercise, start, pupils }, ask);
    cells = made.cells;
    region.replaceChildren(made.element);
    head.fill(cell, rank);
    for (const name of cells.keys()) {
      const [pupil = 0, field = 0] = name.split("/").map(Number);
      fill({ pupil, field });
    }
    const seen = (ground.way === "pupil" ? [pupilAt(cell)] : pupils).map(({ order }) => order);
    room.watch(seen);
    if (ground.way === "pupil") room.sittings.show(seen);
  }

  /** @param {Cell} to @param {boolean} focus */
  function select(to, focus = true) {
    const before = cell;
    cell = to;
    if (nameOf(before) !== nameOf(to)) {
      pending = "";
      fill(before);
      keep(to);
    }
    draw();
    mark(before);
    tellNote();
    const element = cells.get(nameOf(to))?.element;
    if (focus && element && !element.contains(document.activeElement)) element.focus({ preventScroll: false });
  }

  /** @param {Cell} before */
  function mark(before) {
    const old = cells.get(nameOf(before))?.element;
    old?.classList.remove("current");
    if (ground.way === "exercise") old?.setAttribute("tabindex", "-1");
    const element = cells.get(nameOf(cell))?.element;
    element?.classList.add("current");
    element?.setAttribute("tabindex", "0");
    dock.show(fieldAt(cell), entryAt(cell), pending, ground.way === "exercise" ? say.cellCalled(who(pupilAt(cell), told()), fieldAt(cell).label) : "");
  }

  function tellNote() {
    const { order } = pupilAt(cell);
    const fault = room.sittings.faultOf(order);
    const text = fault ? words().faults[fault] : room.sittings.sheetOf(order) ? "" : words().notReady;
    note.hidden = text === "";
    if (note.textContent !== text) note.textContent = text;
  }

  /** @param {Cell | null} to */
  function follow(to) {
    if (to) select(to);
    return to !== null;
  }

  /** @param {Cell} at @param {Entry} entry */
  function put(at, entry) {
    const { order } = pupilAt(at);
    if (!room.sittings.isReady(order)) return tellNote();
    const field = fieldAt(at);
    const before = entryAt(at);
    if (same(before, entry)) return;
    room.make([{ order, item: field.id, before, after: entry }]);
    last = { field, entry };
    sayAloud(entryCalled(field, entry, told()));
  }

  /** A key of the keyboard, or the button that stands for it. @param {string} key @param {string} code @returns {boolean} whether it was for the field */
  function act(key, code) {
    const pressed = press(fieldAt(cell), entryAt(cell), pending, { key, code });
    if (!pressed) return false;
    put(cell, pressed.entry);
    pending = pressed.pending;
    fill(cell);
    if (pressed.done && !follow(onward(ground, cell))) sayAloud(say.end);
    return true;
  }

  /** @param {Cell} at @param {string} choice */
  function choose(at, choice) {
    select(at);
    cells.get(nameOf(at))?.element.focus({ preventScroll: true }); // not the chip: the keyboard goes on from here
    put(at, pointer(fieldAt(at), entryAt(at), choice));
    pending = "";
    fill(at);
  }

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    const isButton = event.target instanceof Element && event.target.closest("button, a, summary, select, input") !== null;
    if (event.defaultPrevented || event.key === "Tab" || (isButton && ["Enter", " "].includes(event.key))) return;
    if (shortcut(event) || plainKey(event)) event.preventDefault();
  }

  /** What is keyed, else where the key leads. @param {KeyboardEvent} event */
  function plainKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (act(event.key, event.code)) return true;
    return follow(moved(ground, cell, event, event.key === "M" ? awaiting() : () => false));
  }

  /** @param {KeyboardEvent} event */
  function shortcut({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const name = key.toLowerCase();
    if (altKey) return false;
    if (ctrlKey || metaKey) {
      if (name === "z" && !shiftKey) undo();
      else if (name === "y" || name === "z") redo();
      else return false;
      return true;
    }
    if (name === "?") helpDialog();
    else if (name === "m" && !shiftKey) missing();
    else if (name === "r") repeat();
    else if (name === "p") row();
    else if (name === "c" && ground.way === "exercise") column();
    else return false;
    return true;
  }

  function missing() {
    const isAwaited = awaiting();
    if (!follow(nextAwaited(ground, cell, isAwaited))) sayAloud(isAwaited(cell) ? say.end : say.nothingMissing);
  }

  function repeat() {
    const entry = last && repeated(last, fieldAt(cell));
    if (!entry) return sayAloud(say.nothingToRepeat);
    put(cell, entry);
    fill(cell);
    follow(onward(ground, cell));
  }

  function undo() {
    stepped(room.undo(), say.undone, say.nothingToUndo);
  }

  function redo() {
    stepped(room.redo(), say.redone, say.nothingToRedo);
  }

  /** Lead to what was taken back, or made again. @param {Change[] | null} changes @param {string} done @param {string} none */
  function stepped(changes, done, none) {
    const [first] = changes ?? [];
    sayAloud(changes ? done : none);
    for (const { order } of changes ?? []) changed(order);
    if (!first) return;
    const pupil = pupils.findIndex(({ order }) => order === first.order);
    const field = fields.findIndex(({ id }) => id === first.item);
    if (pupil >= 0 && field >= 0) select({ pupil, field });
  }

  function row() {
    const exercise = exercises[exerciseAt(ground, cell.field)];
    if (exercise) rowDialog(room, { kit, pupil: pupilAt(cell), exercise }, afterwards);
  }

  function column() {
    columnDialog(room, { kit, pupils, field: fieldAt(cell), entry: entryAt(cell) }, afterwards);
  }

  function afterwards() {
    for (const { order } of pupils) changed(order);
    cells.get(nameOf(cell))?.element.focus();
  }

  /** @param {Cell} at */
  function read(at) {
    select(at, false);
    go({ screen: "fluency", under: ground.way, pupil: at.pupil, field: at.field });
  }

  /** @param {string} order */
  function changed(order) {
    const pupil = pupils.findIndex((one) => one.order === order);
    for (const name of cells.keys()) {
      const [of = 0, field = 0] = name.split("/").map(Number);
      if (of === pupil) fill({ pupil, field });
    }
    if (pupil === cell.pupil) tellNote();
  }

  select(cell, false);
  const title = head.title();
  return { title, main, focus: cells.get(nameOf(cell))?.element, changed };
}
