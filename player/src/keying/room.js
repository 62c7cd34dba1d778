// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A class as it is keyed: its levels, each with its kit, what stands in every sheet, and each gesture
 * with what takes it back. Screens ask it and are told of changes.
 *
 * Knows first names and answers, in memory alone.
 * @module
 */

import { entryOf } from "./rules/entries.js";
import { BEGINNING, noted, redone, undone } from "./rules/history.js";

/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../core/sheet.js").Entry} Entry */
/** @typedef {import("./ring.js").Pupil} Pupil */
/** @typedef {import("./kit.js").Kit} Kit */
/** @typedef {import("./rules/history.js").Change} Change */
/** @typedef {import("./rules/taking-up.js").Conflict} Conflict */
/** @typedef {{name: string, kit: Kit, pupils: Pupil[], excused: Pupil[]}} Level */
/**
 * @typedef {object} Made
 * @property {import("./ring.js").Ring} ring
 * @property {Map<string, Kit>} kits by bundle
 * @property {import("./sittings.js").Sittings} sittings
 * @property {import("../saving/sender.js").Sender} sender
 * @property {string} back the class's page
 * @property {import("./confirmed.js").Confirmed} confirmed doubts that were answered
 * @property {() => Promise<unknown>} forget what this computer keeps of the class
 */
/** @typedef {ReturnType<typeof room>} Room */

/** @param {Made} made */
export function room({ ring, kits, sittings, sender, back, confirmed, forget }) {
  const levels = levelsOf(ring.pupils, kits);
  let gestures = BEGINNING;
  let hasLeft = false;
  /** @type {string[]} */
  let inView = [];
  /** @type {(order: string) => void} */
  let hear = () => {};
  /** @type {(order: string, conflicts: Conflict[]) => void} */
  let hearConflicts = () => {};

  /** @param {string} order @param {string} item @returns {Entry} */
  const entry = (order, item) => entryOf(sittings.sheetOf(order) ?? undefined, item);

  /** @param {Change[]} changes */
  function put(changes) {
    for (const { order, item, after } of changes) sittings.key(order, item, after);
  }

  return {
    ring, levels, sittings, sender, back, confirmed, entry,
    /** The sheets that are open, by order number. @param {Pupil[]} pupils @returns {Map<string, Sheet>} */
    sheets: (pupils) =>
      new Map(pupils.flatMap(({ order }) => {
        const sheet = sittings.sheetOf(order);
        return sheet ? [[order, sheet]] : [];
      })),
    /** Key what a gesture changes; what belongs to a pupil that does not take it is left out. @param {Change[]} changes */
    make(changes) {
      const possible = changes.filter(({ order }) => sittings.isReady(order));
      put(possible);
      gestures = noted(gestures, possible);
      return possible;
    },
    /** The last gesture taken back; null: there is none. */
    undo() {
      const step = undone(gestures, entry);
      if (!step) return null;
      put(step.changes);
      gestures = step.history;
      return step.changes;
    },
    redo() {
      const step = redone(gestures, entry);
      if (!step) return null;
      put(step.changes);
      gestures = step.history;
      return step.changes;
    },
    /** The screen that stands. @param {{changed: (order: string) => void, conflicts: (order: string, conflicts: Conflict[]) => void}} hearers */
    listen({ changed, conflicts }) {
      hear = changed;
      hearConflicts = conflicts;
    },
    /** Something of a pupil changed. @param {string} order */
    heard: (order) => hear(order),
    /** Another computer has keyed over what was keyed here. @param {string} order @param {Conflict[]} conflicts */
    conflicted: (order, conflicts) => hearConflicts(order, conflicts),
    /** @param {string} order */
    pupil: (order) => ring.pupils.find((one) => one.order === order) ?? { order, shown: "" },
    /** @param {string} order */
    levelOf: (order) => levels.findIndex(({ pupils }) => pupils.some((one) => one.order === order)),
    /** Whose cells are on the screen. @param {string[]} orders */
    watch: (orders) => (inView = orders),
    inView: () => inView,
    /** Nothing more is keyed on this page. */
    leave: () => (hasLeft = true),
    left: () => hasLeft,
    /** This computer forgets the class; only once all is sent. @returns {Promise<number>} how many answers wait; 0: it is done */
    async close() {
      await sittings.send();
      const { unsent, kind } = sittings.state();
      if (unsent > 0 || kind !== "kept") return Math.max(1, unsent);
      hasLeft = true;
      await sittings.end();
      await forget();
      return 0;
    },
  };
}

/** Pupils by level, in the order of the ring. @param {Pupil[]} pupils @param {Map<string, Kit>} kits @returns {Level[]} */
function levelsOf(pupils, kits) {
  /** @type {Map<string, Level>} */
  const levels = new Map();
  for (const pupil of pupils) {
    const kit = kits.get(pupil.bundle);
    if (!kit) continue;
    const name = `${pupil.level}/${pupil.bundle}`;
    const level = levels.get(name) ?? { name: pupil.level, kit, pupils: [], excused: [] };
    (pupil.excused ? level.excused : level.pupils).push(pupil);
    levels.set(name, level);
  }
  return [...levels.values()];
}
