// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Dialogs over the grid: the keys, why nothing is keyed of a pupil, a column filled at once, and
 * what another computer has changed. What a gesture would change is told before it is made.
 * @module
 */

import { h } from "../../../items/dom.js";
import { button } from "../../../shell/screen.js";
import { fieldsOf } from "../../kit.js";
import { entryCalled, isSaid } from "../../rules/entries.js";
import { column, fieldsIn, marked, toldBefore, unmarked } from "../../rules/filling.js";
import { who } from "../../rules/places.js";
import { sentence } from "../../rules/taking-up.js";
import { told } from "../../strings.js";
import { words } from "../words.js";

/** @typedef {import("../../room.js").Room} Room */
/** @typedef {import("../../kit.js").Kit} Kit */
/** @typedef {import("../../kit.js").Field} Field */
/** @typedef {import("../../kit.js").Exercise} Exercise */
/** @typedef {import("../../rules/places.js").Pupil} Pupil */
/** @typedef {import("../../rules/filling.js").RowMark} RowMark */
/** @typedef {import("../../rules/filling.js").Extent} Extent */
/** @typedef {import("../../rules/history.js").Change} Change */

const MARKS = /** @type {RowMark[]} */ (["absent", "exempt", "left", "unfit"]);

/** @param {string} title @param {string} test @param {(close: () => void) => (Node | string | false | null)[]} inside @param {() => void} [closed] */
function dialog(title, test, inside, closed = () => {}) {
  const box = h("dialog", { class: "settings-panel ask", "aria-labelledby": "ask-title", "data-test": test });
  box.append(h("h2", { id: "ask-title" }, title), ...inside(() => box.close()).filter((child) => child !== false && child !== null));
  box.addEventListener("close", () => {
    box.remove();
    closed();
  });
  document.body.append(box);
  box.showModal();
}

/** The keys. */
export function helpDialog() {
  const say = words().help;
  dialog(say.title, "help", (close) => [
    h("p", {}, say.lead),
    h("dl", { class: "keys" }, say.rows.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))),
    h("div", { class: "actions" }, button(say.close, "help-close", close)),
  ]);
}

/**
 * @param {string} name of the radios @param {string} legend
 * @param {[value: string, label: string][]} options @param {() => void} changed
 */
function radios(name, legend, options, changed) {
  const all = options.map(([value, label], at) => {
    const input = h("input", { type: "radio", name, value, checked: at === 0, "data-test": `${name}-${value}`, onchange: changed });
    return { input, element: h("label", { class: "set" }, input, label) };
  });
  return {
    element: h("fieldset", {}, h("legend", {}, legend), h("div", { class: "sets" }, all.map(({ element }) => element))),
    value: () => all.find(({ input }) => input.checked)?.input.value ?? "",
  };
}

/**
 * Absent, exempt, left, or not to be adapted: for an exercise, a sequence or all.
 * @param {Room} room @param {{kit: Kit, pupil: Pupil, exercise: Exercise}} about @param {() => void} done
 */
export function rowDialog(room, { kit, pupil, exercise }, done) {
  const say = words().row;
  const tell = told();
  const sequence = kit.sequences.find(({ exercises }) => exercises.includes(exercise));
  const sheets = room.sheets([/** @type {import("../../ring.js").Pupil} */ (pupil)]);
  const before = h("p", { class: "hint", role: "status", "data-test": "told-before" });
  const over = h("input", { type: "checkbox", "data-test": "over", onchange: () => tellIt() });
  const why = radios("mark", say.why, MARKS.map((mark) => [mark, say.marks[mark]]), () => tellIt());
  const what = radios("extent", say.what, [
    ["exercise", say.exercise(exercise.title)], ["sequence", say.sequence(sequence?.title ?? "")], ["all", say.all],
  ], () => tellIt());
  /** @returns {Extent} */
  const extent = () => {
    if (what.value() === "exercise") return { exercise: exercise.id };
    return what.value() === "sequence" && sequence ? { sequence: sequence.id } : "all";
  };
  const mark = () => /** @type {RowMark} */ (why.value());
  const changes = () => marked(kit, extent(), { order: pupil.order, mark: mark(), over: over.checked, sheets });
  const back = () => unmarked(kit, extent(), { order: pupil.order, mark: mark(), sheets });
  const take = button(say.undo, "row-undo", () => {}, "quiet");
  function tellIt() {
    before.textContent = toldBefore(changes(), [pupil], tell);
    take.hidden = !fieldsIn(kit, extent()).some(({ id }) => room.entry(pupil.order, id).mark === mark());
  }
  dialog(say.title(who(pupil, tell)), "row-dialog", (close) => {
    const make = (/** @type {() => Change[]} */ made) => {
      room.make(made());
      close();
    };
    take.addEventListener("click", () => make(back));
    return [
      why.element, what.element, h("label", { class: "set" }, over, say.over), before,
      h("div", { class: "actions" }, button(say.make, "row-make", () => make(changes)), take, button(say.cancel, "row-cancel", close, "text")),
    ];
  }, done);
  tellIt();
}

/**
 * An item filled for the class with what stands in the current cell.
 * @param {Room} room
 * @param {{kit: Kit, pupils: Pupil[], field: Field, entry: import("../../../core/sheet.js").Entry}} about
 * @param {() => void} done
 */
export function columnDialog(room, { pupils, field, entry }, done) {
  const say = words().column;
  const tell = told();
  const sheets = room.sheets(/** @type {import("../../ring.js").Pupil[]} */ (pupils));
  const before = h("p", { class: "hint", role: "status", "data-test": "told-before" });
  const over = h("input", { type: "checkbox", "data-test": "over", onchange: () => tellIt() });
  const changes = () => column({ item: field.id, entry, over: over.checked }, pupils.filter(({ order }) => sheets.has(order)), sheets);
  const tellIt = () => (before.textContent = toldBefore(changes(), pupils, tell));
  dialog(say.title(field.label), "column-dialog", (close) => {
    const cancel = button(words().row.cancel, "column-cancel", close, "text");
    if (!isSaid(entry) || field.mask === "fluency") return [h("p", {}, say.nothing), h("div", { class: "actions" }, cancel)];
    const make = () => {
      room.make(changes());
      close();
    };
    tellIt();
    return [h("p", {}, say.text(entryCalled(field, entry, tell))), h("label", { class: "set" }, over, words().row.over), before,
      h("div", { class: "actions" }, button(say.make, "column-make", make), cancel)];
  }, done);
}

/**
 * What another computer has changed of what was keyed here.
 * @param {Room} room @param {{order: string, conflicts: import("../../rules/taking-up.js").Conflict[]}} found
 * @param {import("../frame.js").Go} go
 */
export function conflictsDialog(room, { order, conflicts }, go) {
  const say = words().conflict;
  const at = room.levelOf(order);
  const level = room.levels[at];
  if (!level) return;
  const fields = fieldsOf(level.kit);
  const pupil = room.pupil(order);
  dialog(say.title, "conflicts", (close) => [
    h("ul", { class: "plain" }, conflicts.map((conflict) => {
      const field = fields.findIndex(({ id }) => id === conflict.item.replace(/~2$/, ""));
      const see = () => {
        close();
        go({ screen: "pupil", level: at, pupil: level.pupils.findIndex((one) => one.order === order), field: Math.max(field, 0) });
      };
      return h("li", {}, sentence(level.kit, conflict, pupil, told()), " ", button(say.see, "conflict-see", see, "text"));
    })),
    h("div", { class: "actions" }, button(say.close, "conflict-close", close)),
  ]);
}
