// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Random schedules of faults on the player's own saving code, and the law they must keep: every
 * answer that a page said is kept is, once all is mended, in the sheets that results would read;
 * and each answer there was given by the pupil.
 * @module
 */

import { openingKey } from "../../src/core/boxes.js";
import { hex } from "../../src/core/bytes.js";
import { macKey, resumeKey } from "../../src/core/keys.js";
import * as sheets from "../../src/core/sheet.js";
import * as disk from "../../src/saving/disk.js";
import { saver as newSaver } from "../../src/saving/saver.js";
import { sender as newSender } from "../../src/saving/sender.js";
import { open } from "../../src/shell/opening.js";
import { dice } from "./dice.js";
import { AUTH, Host, MANIFEST, SID, TERMS_KEY } from "./host.js";
import { Computer, Page, World, tick } from "./world.js";

/** @typedef {[kind: string, computer: number, value: number]} Act */
/** @typedef {import("./host.js").Way} Way */

const ITEMS = ["a", "b", "c", "d", "e"];
const RAW = new Uint8Array(32).fill(9);
const KEYS = { sid: SID, auth: AUTH, mac: await macKey(RAW), resume: await resumeKey(RAW), terms: await openingKey(TERMS_KEY), pair: 0 };
/** @type {Way[]} */
const WAYS = ["cut-before", "cut-before", "cut-after", "half-reply", "busy", "later", "portal", "lies", "forged", "rewritten", "stripped"];
const DAY_MS = 86_400_000;
const LONG_MS = 3_600_000;
/** Kinds of act and how often. @type {[string, number][]} */
const KINDS = [
  ["answer", 14], ["pass", 8], ["wait", 3], ["ticks", 4], ["way", 5], ["mend", 4], ["crash", 4],
  ["leave", 2], ["enter", 7], ["full", 1], ["space", 2], ["refuse", 1], ["allow", 2], ["taken", 1], ["clock", 1], ["finish", 1],
];
const BAG = KINDS.flatMap(([kind, often]) => Array.from({ length: often }, () => kind));

/** @param {number} seed @returns {Act[]} */
export function acts(seed) {
  const die = dice(seed);
  const length = 10 + die(50);
  const drawn = Array.from({ length }, () => /** @type {Act} */ ([BAG[die(BAG.length)] ?? "answer", die(2), die(10_000)]));
  return [["enter", die(2), 0], ...drawn];
}

/** One run of a schedule. */
class Run {
  constructor() {
    this.host = new Host();
    this.world = new World(this.host);
    this.computers = [new Computer(), new Computer()];
    /** @type {Map<Computer, {page: Page, saver: import("../../src/saving/saver.js").Saver}>} */
    this.sitting = new Map();
    /** @type {Map<string, sheets.Stamp>} what a page said is kept, by item */
    this.promised = new Map();
    /** @type {Map<string, string>} every answer given, by item and stamp */
    this.given = new Map();
    this.n = 0;
  }

  /** @param {Act} act */
  async act([kind, at, value]) {
    const computer = /** @type {Computer} */ (this.computers[at]);
    const sat = this.sitting.get(computer);
    if (kind === "answer") sat && this.answer(sat, value);
    else if (kind === "pass") await this.world.pass(value);
    else if (kind === "wait") await this.world.pass(value * 10);
    else if (kind === "ticks") for (let n = value % 40; n > 0; n -= 1) await tick();
    else if (kind === "way") this.world.way = () => WAYS[value % WAYS.length] ?? "whole";
    else if (kind === "mend") this.world.way = () => "whole";
    else if (kind === "crash") this.crash(computer);
    else if (kind === "leave" && sat) sat.page.run(() => (sat.saver.flush(), sat.saver.leave()));
    else if (kind === "enter") await this.enter(computer);
    else if (kind === "full" || kind === "space") computer.full = kind === "full";
    else if (kind === "refuse" || kind === "allow") computer.refused = kind === "refuse";
    else if (kind === "taken" && sat) for (const idb of sat.page.disks) (idb.close(), idb.onclose?.());
    else if (kind === "clock") Date.now = () => 1_700_000_000_000 + (value - 5_000) * DAY_MS;
    else if (kind === "finish" && value % 3 === 0) sat?.page.run(() => sat.saver.finish());
    if (kind === "leave") this.crash(computer);
  }

  /** @param {{page: Page, saver: import("../../src/saving/saver.js").Saver}} sat @param {number} value */
  answer({ page, saver }, value) {
    const item = ITEMS[value % ITEMS.length] ?? "a";
    this.n += 1;
    const responses = value % 7 === 0 ? {} : { RESPONSE: [`${this.n}`] };
    page.run(() => saver.answer(item, /** @type {sheets.Responses} */ (responses)));
    const answer = saver.sheet().items[item];
    if (answer) this.given.set(`${item} ${answer.stamp}`, JSON.stringify(answer.r));
  }

  /** @param {Computer} computer */
  crash(computer) {
    for (const page of computer.pages) page.die();
    this.sitting.delete(computer);
  }

  /** A page is opened, in the place of the one before, and signs in if it can. @param {Computer} computer */
  async enter(computer) {
    this.crash(computer);
    const page = new Page(computer, this.world);
    const entered = page.run(() => this.sit());
    let over = false;
    entered.finally(() => (over = true)).catch(() => {});
    while (!over) await this.world.pass(500);
    const saver = await entered.catch(() => null);
    if (saver) this.sitting.set(computer, { page, saver });
  }

  /** As app.js and sitting.js do. */
  async sit() {
    const db = await disk.open();
    /** @type {import("../../src/saving/saver.js").Saver | undefined} */
    let saver;
    const sender = newSender(db, MANIFEST.nodes, (settled) => saver?.heard(settled));
    sender.kick();
    const opened = await open(db, MANIFEST, KEYS).catch(() => null);
    if (!opened) return null;
    const told = (/** @type {import("../../src/saving/saver.js").State} */ state) => saver && this.hear(state, saver.sheet());
    saver = newSaver(db, { ...opened, manifest: MANIFEST, keys: KEYS, items: ITEMS }, opened, sender, told);
    sender.own(hex(opened.stream), saver.newerThan);
    saver.event("sign-in");
    if (opened.ahead) saver.send();
    return saver;
  }

  /** @param {import("../../src/saving/saver.js").State} state @param {sheets.Sheet} sheet */
  hear({ kind }, sheet) {
    if (kind !== "kept" && kind !== "here" && kind !== "waiting") return;
    for (const [item, { n, stamp }] of Object.entries(sheet.items)) {
      const before = this.promised.get(item);
      if (n > 0 && (!before || sheets.order(stamp, before) > 0)) this.promised.set(item, stamp);
    }
  }

  /** All is mended; each computer is switched on once more. What is lost, or nothing. */
  async concluded() {
    this.world.way = () => "whole";
    for (const computer of this.computers) computer.full = computer.refused = false;
    await this.world.pass(LONG_MS);
    for (const computer of this.computers) {
      await this.enter(computer);
      await this.world.pass(LONG_MS);
    }
    await this.world.pass(LONG_MS);
    const read = await this.host.opened();
    const merged = read.reduce(sheets.merged, sheets.blank("07".repeat(8)));
    for (const [item, stamp] of this.promised) {
      const kept = merged.items[item];
      if (!kept || sheets.order(kept.stamp, stamp) < 0) return `lost: ${item} ${stamp}, kept ${kept?.stamp}`;
    }
    for (const [item, { n, r, stamp }] of Object.entries(merged.items)) {
      const given = this.given.get(`${item} ${stamp}`);
      if (n > 0 && given !== JSON.stringify(r)) return `never given: ${item} ${stamp} ${JSON.stringify(r)}`;
    }
    for (const computer of this.computers) for (const page of computer.pages) page.die();
    return "";
  }
}

/** What a schedule loses, or nothing. @param {Act[]} schedule */
export async function played(schedule) {
  const now = Date.now;
  const run = new Run();
  try {
    for (const act of schedule) await run.act(act);
    return { lost: await run.concluded(), nPromised: run.promised.size, nRequests: run.host.nRequests };
  } finally {
    Date.now = now;
  }
}

/** The shortest beginning of a schedule that loses something. @param {Act[]} schedule */
export async function shortest(schedule) {
  for (let length = 1; length < schedule.length; length += 1) {
    const beginning = schedule.slice(0, length);
    if ((await played(beginning)).lost) return beginning;
  }
  return schedule;
}
