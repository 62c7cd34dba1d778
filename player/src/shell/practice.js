// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The practice test: the questions of a booklet that anyone may open, walked through as a true one.
 * Nothing is sent and nothing is kept: the sheet is in memory and goes with the page.
 * @module
 */

import { openingKey } from "../core/boxes.js";
import { hex } from "../core/bytes.js";
import * as sheets from "../core/sheet.js";
import { loadBooklet, loadFiles } from "../items/bundle.js";
import { SAY } from "../strings.js";
import { course } from "../test/course.js";
import { practiceOverScreen } from "./after.js";
import { welcomeScreen } from "./before.js";
import { tellPractice } from "./saved-state.js";
import { show } from "./screen.js";
import { note, walk } from "./walk.js";

/** @typedef {import("../core/manifest.js").Manifest} Manifest */

const HAND = { epoch: 0, stream: "0".repeat(16) };
const SEED = "0".repeat(32);

/**
 * Show the practice test, if the campaign has one.
 * @param {Manifest} manifest @param {() => void} leave to the code
 */
export async function practise({ practice }, leave) {
  if (!practice) return leave();
  const booklet = await loadBooklet(practice.entry, await openingKey(practice.key));
  const { index } = booklet;
  const way = await course(index, SEED);
  const screen = welcomeScreen({ title: index.title, label: index.title, questions: way.stops.length, free: true, answered: 0 });
  show(screen);
  const bundle = await loadFiles(booklet, screen.progress);
  screen.ready(begin);

  function begin() {
    tellPractice();
    const saver = memory(hex(booklet.entry.id));
    const walking = walk({
      bundle, way, sid: SEED, saver, extraTime: () => 0, seen: saver.seen, pause: null, adult: () => null,
      finish() {
        walking.end();
        show(practiceOverScreen({ again: begin, leave }));
      },
    });
    walking.start();
  }
}

/**
 * What a walk asks of who keeps the answers, in memory alone.
 * @param {string} bundle @returns {import("./walk.js").Keeper & {seen: (item: string) => void}}
 */
function memory(bundle) {
  let sheet = sheets.blank(bundle);
  /** @param {sheets.Sheet} changed */
  const change = (changed) => void (sheet = changed);
  return {
    sheet: () => sheet,
    answer(item, responses) {
      change(sheets.answered(sheet, item, responses, HAND));
      note(sheets.isAnswered(sheet, item) ? SAY.practiceNoted : "");
    },
    place: (item) => change(sheets.placed(sheet, item, HAND)),
    flag: (item, on) => change(sheets.flagged(sheet, item, on, HAND)),
    spend: (keys, ms) => change(sheets.spent(sheet, keys, ms, HAND)),
    seen: (item) => item && change(sheets.seen(sheet, item, 0, HAND)),
    event: () => {},
    send: () => {},
  };
}
