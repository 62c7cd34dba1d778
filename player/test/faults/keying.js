// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Random schedules of faults on a class that two computers key, and the law they must keep: what a
 * page said is kept of an item is, once all is mended, in the sheets that results would read, or
 * what was keyed later is; each answer there was keyed; and both computers show what results reads.
 *
 * Stamps follow the hands: what is keyed over an entry that the page shows is later than it, and who
 * keys an item on one computer alone, whose disk never fails, finds in the end what she keyed last.
 * @module
 */

import { fromBase64, hex } from "../../src/core/bytes.js";
import { deriveRaw } from "../../src/core/keys.js";
import * as sheets from "../../src/core/sheet.js";
import { room as newRoom } from "../../src/keying/room.js";
import { sittings as newSittings } from "../../src/keying/sittings.js";
import * as disk from "../../src/saving/disk.js";
import { sender as newSender } from "../../src/saving/sender.js";
import { sidIn } from "../../src/saving/wire.js";
import { codeOf } from "../keying/builders.js";
import { dice } from "./dice.js";
import { Host, MANIFEST } from "./host.js";
import { Computer, Page, World, tick } from "./world.js";

/** @typedef {[kind: string, computer: number, value: number]} Act */
/** @typedef {import("./host.js").Way} Way */
/** @typedef {import("../../src/keying/room.js").Room} Room */
/** @typedef {import("../../src/core/sheet.js").Entry} Entry */
/** @typedef {{page: Page, room: Room}} Desk */
/** What was keyed of an item. @typedef {{turn: number, at: number, said: string}} Keyed */

const ITEMS = ["a", "b", "c"];
const BUNDLE = "07".repeat(8);
const DIVISION = "8f0e2c5a-3f3b-4d3e-9a51-0c1d2e3f4a5b";
/** @type {Way[]} */
const WAYS = ["cut-before", "cut-before", "cut-after", "cut-after", "half-reply", "busy", "later", "many", "portal", "lies", "forged", "rewritten"];
const DAY_MS = 86_400_000;
const LONG_MS = 3_600_000;
const PATIENCE = 60; // half seconds for a class to open
const SHARP = new Set(["full", "refuse", "taken"]); // after these a page may not know what an earlier one kept
/** Kinds of act and how often. @type {[string, number][]} */
const KINDS = [
  ["key", 16], ["burst", 2], ["mark", 3], ["undo", 3], ["redo", 1], ["fill", 1], ["away", 1], ["pass", 8], ["wait", 9], ["ticks", 4],
  ["look", 2], ["way", 4], ["long", 1], ["mend", 7], ["crash", 2], ["leave", 3], ["enter", 4],
  ["full", 1], ["space", 2], ["refuse", 1], ["allow", 2], ["taken", 1], ["clock", 1],
];
const BAG = KINDS.flatMap(([kind, often]) => Array.from({ length: often }, () => kind));
const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);

const PUPILS = ["11", "22", "33"].map((order, at) => ({ order, code: codeOf(at), shown: "", level: "CP", bundle: BUNDLE, excused: "" }));
const SITTINGS = await Promise.all(PUPILS.map(({ code }) => deriveRaw(code, MANIFEST.campaign, MANIFEST.iterations)));
/** @type {any} what the class's room wants of a kit */
const KIT = { bundle: BUNDLE, sequences: [], unscored: [] };

/** @param {number} seed @returns {Act[]} */
export function acts(seed) {
  const die = dice(seed);
  const drawn = Array.from({ length: 10 + die(60) }, () => /** @type {Act} */ ([BAG[die(BAG.length)] ?? "key", die(2), die(10_000)]));
  return [["enter", 0, 0], ["enter", 1, 0], ...drawn];
}

/** The host of a class: one sitting a pupil. */
class ClassHost {
  constructor() {
    /** @type {Map<string, Host>} by sid */
    this.hosts = new Map(SITTINGS.map(({ sid, auth }) => [hex(sid), new Host(auth)]));
  }

  /** @param {string} path @param {any} request @param {Way} way @returns {Promise<Response>} */
  async reached(path, request, way) {
    const sid = path === "/v1/sign-in" ? fromBase64(JSON.parse(request.body).sid) : sidIn(request.body);
    const host = this.hosts.get(hex(sid));
    if (!host) throw new Error("nobody's sitting");
    const newest = host.newest;
    const answer = await host.reached(path, request, way);
    if (path === "/v1/sign-in" || !answer.ok || !newest || !answer.headers.has("encrier-kept")) return answer;
    const body = new Uint8Array(request.body);
    const isOther = hex(body.slice(41 + 44, 41 + 52)) !== hex(newest.stream);
    const epoch = body[41 + 52] ?? 0;
    if (newest.epoch > epoch) answer.headers.set("encrier-elsewhere", "1");
    else if (newest.epoch === epoch && isOther) answer.headers.set("encrier-beside", "1");
    return answer;
  }

  /** What results would read, by pupil, all computers merged. @returns {Promise<Map<string, sheets.Sheet>>} */
  async opened() {
    const read = await Promise.all([...this.hosts.values()].map((host) => host.opened()));
    return new Map(read.map((all, at) => [PUPILS[at]?.order ?? "", all.reduce(sheets.merged, sheets.blank(BUNDLE))]));
  }
}

/** One run of a schedule. */
class Run {
  constructor() {
    this.host = new ClassHost();
    this.world = new World(this.host);
    this.computers = [new Computer(), new Computer()];
    /** @type {Map<Computer, Desk>} */
    this.sitting = new Map();
    /** @type {Map<string, sheets.Stamp>} the newest of an item that a page said is kept, by pupil and item */
    this.promised = new Map();
    /** @type {Map<string, Keyed>} every entry that was keyed, by pupil, item and stamp */
    this.keyed = new Map();
    /** @type {Map<string, Set<number>>} computers on which an item was keyed */
    this.hands = new Map();
    /** @type {Map<string, number>} the latest turn at which an entry was keyed that a page said is kept */
    this.latest = new Map();
    /** @type {string | undefined} an entry that is not later than what it stands over */
    this.early = undefined;
    this.isSharp = false;
    this.nKeyed = 0;
  }

  /** @param {Act} act */
  async act([kind, at, value]) {
    const computer = /** @type {Computer} */ (this.computers[at]);
    const desk = this.sitting.get(computer);
    this.isSharp ||= SHARP.has(kind);
    if (desk && kind === "burst") await this.burst(desk, at, value);
    else if (desk && ["key", "mark", "undo", "redo", "fill", "away"].includes(kind)) desk.page.run(() => this.gesture(desk.room, kind, { at, value }));
    else if (kind === "pass") await this.world.pass(value);
    else if (kind === "wait") await this.world.pass(value * 10);
    else if (kind === "long") await this.world.pass(value * 1_000);
    else if (kind === "ticks") for (let n = value % 40; n > 0; n -= 1) await tick();
    else if (kind === "look" && desk) desk.page.run(() => desk.room.sittings.refresh());
    else if (kind === "way") this.world.way = () => WAYS[value % WAYS.length] ?? "whole";
    else if (kind === "mend") this.mend();
    else if (kind === "crash") this.crash(computer);
    else if (kind === "leave" && desk) (desk.page.run(() => desk.room.sittings.leave()), this.crash(computer));
    else if (kind === "enter") await this.enter(computer);
    else if (kind === "full" || kind === "space") computer.full = kind === "full";
    else if (kind === "refuse" || kind === "allow") computer.refused = kind === "refuse";
    else if (kind === "taken" && desk) for (const idb of desk.page.disks) (idb.close(), idb.onclose?.());
    else if (kind === "clock") Date.now = () => 1_700_000_000_000 + (value - 5_000) * DAY_MS;
  }

  /** A booklet keyed at once. @param {Desk} desk @param {number} at @param {number} value */
  async burst({ page, room }, at, value) {
    const die = dice(value);
    for (let n = 20 + (value % 180); n > 0; n -= 1) {
      page.run(() => this.gesture(room, "key", { at, value: die(10_000) }));
      if (n % 8 === 0) await tick();
    }
  }

  /** What a teacher does with one key or one dialog. @param {Room} room @param {string} kind @param {{at: number, value: number}} where */
  gesture(room, kind, { at, value }) {
    const order = PUPILS[value % PUPILS.length]?.order ?? "";
    const item = ITEMS[(value >> 3) % ITEMS.length] ?? "";
    const shown = new Map(PUPILS.map((one) => [one.order, room.sittings.sheetOf(one.order)?.items ?? {}]));
    const answer = { r: { RESPONSE: [`${this.nKeyed + 1}`] } };
    const put = (/** @type {[string, string][]} */ cells, /** @type {Entry} */ after) =>
      room.make(cells.map(([who, what]) => ({ order: who, item: what, before: room.entry(who, what), after })));
    /** @type {{order: string, item: string}[]} */
    let changes = [];
    if (kind === "key") changes = put([[order, item]], answer);
    else if (kind === "mark") changes = put([[order, item]], { r: {}, mark: value % 2 ? "blank" : "unfit" });
    else if (kind === "fill") changes = put(PUPILS.map((one) => [one.order, item]), answer);
    else if (kind === "away") changes = put(ITEMS.map((one) => [order, one]), { r: {}, mark: "absent" });
    else changes = (kind === "undo" ? room.undo() : room.redo()) ?? [];
    for (const changed of changes) this.note(room, changed, { at, before: shown.get(changed.order)?.[changed.item] });
  }

  /** @param {Room} room @param {{order: string, item: string}} cell @param {{at: number, before: import("../../src/core/sheet.js").ItemAnswer | undefined}} where on which computer; over what */
  note(room, { order, item }, { at, before }) {
    const entry = room.sittings.sheetOf(order)?.items[item];
    if (!entry || entry === before) return; // not ready, or the same again
    if (before && sheets.order(entry.stamp, before.stamp) <= 0) this.early ??= `keyed under what it replaces: ${order} ${item} ${entry.stamp}, over ${before.stamp}`;
    const cell = `${order} ${item}`;
    this.nKeyed += 1;
    this.keyed.set(`${cell} ${entry.stamp}`, { turn: this.nKeyed, at, said: said(entry) });
    this.hands.set(cell, (this.hands.get(cell) ?? new Set()).add(at));
  }

  mend() {
    this.world.way = () => "whole";
    for (const { page, room } of this.sitting.values()) page.run(() => (room.sittings.online(), room.sender.retry()));
  }

  /** @param {Computer} computer */
  crash(computer) {
    for (const page of computer.pages) page.die();
    this.sitting.delete(computer);
  }

  /** The class is opened, in the place of the page before. @param {Computer} computer */
  async enter(computer) {
    this.crash(computer);
    const page = new Page(computer, this.world);
    /** @type {{room?: Room}} */
    const desk = {};
    page.run(() => this.open()).then((room) => (desk.room = room)).catch(() => {}); // a page without a disk
    const isOpen = () => desk.room?.sittings.state().opening === 0;
    for (let tries = 0; tries < PATIENCE && !isOpen(); tries += 1) await this.world.pass(500);
    if (desk.room) this.sitting.set(computer, { page, room: desk.room });
  }

  /** As app.js does. @returns {Promise<Room>} */
  async open() {
    const db = await disk.open();
    /** @type {import("../../src/keying/sittings.js").Sittings | undefined} */
    let sittings;
    const sender = newSender(db, MANIFEST.nodes, (settled) => sittings?.heard(settled));
    const desk = { db, of: { division: DIVISION, key, manifest: MANIFEST }, sender, items: () => ITEMS };
    sittings = newSittings(desk, PUPILS, { changed: (order) => sittings && this.hear(sittings, order), conflicts: () => {} });
    const ring = { label: "", school: "", closesAt: new Date(0), pupils: PUPILS };
    sittings.openAll();
    sender.kick();
    return newRoom(/** @type {any} */ ({ ring, kits: new Map([[BUNDLE, KIT]]), sittings, sender }));
  }

  /** What the page says is kept. @param {import("../../src/keying/sittings.js").Sittings} sittings @param {string} order */
  hear(sittings, order) {
    const kind = sittings.stateOf(order)?.kind ?? "";
    if (!["kept", "here", "waiting"].includes(kind)) return;
    for (const [item, { stamp }] of Object.entries(sittings.sheetOf(order)?.items ?? {})) {
      const before = this.promised.get(`${order} ${item}`);
      if (!before || sheets.order(stamp, before) > 0) this.promised.set(`${order} ${item}`, stamp);
      const keyed = this.keyed.get(`${order} ${item} ${stamp}`);
      if (keyed) this.latest.set(`${order} ${item}`, Math.max(keyed.turn, this.latest.get(`${order} ${item}`) ?? 0));
    }
  }

  /** All is mended; each computer is switched on once more. What is lost, or nothing. */
  async concluded() {
    this.mend();
    for (const computer of this.computers) computer.full = computer.refused = false;
    await this.world.pass(LONG_MS);
    for (const computer of this.computers) {
      await this.enter(computer);
      await this.world.pass(LONG_MS);
    }
    for (const desk of [1, 2].flatMap(() => [...this.sitting.values()])) { // looked at by turns, as when one comes back to it
      desk.page.run(() => desk.room.sittings.refresh());
      await this.world.pass(LONG_MS);
    }
    const read = await this.host.opened();
    const wrong = this.early ?? [...this.promised].map((one) => this.lost(read, one)).find(Boolean) ?? this.strange(read) ?? this.apart(read);
    for (const computer of this.computers) this.crash(computer);
    return wrong ?? "";
  }

  /** What a page said is kept, and is not. @param {Map<string, sheets.Sheet>} read @param {[string, sheets.Stamp]} promised */
  lost(read, [cell, stamp]) {
    const [order = "", item = ""] = cell.split(" ");
    const kept = read.get(order)?.items[item];
    if (!kept || sheets.order(kept.stamp, stamp) < 0) return `lost: ${cell} ${stamp}, kept ${kept?.stamp}`;
    const turn = this.keyed.get(`${cell} ${kept.stamp}`)?.turn ?? 0;
    const isAlone = this.hands.get(cell)?.size === 1 && !this.isSharp;
    if (isAlone && turn < (this.latest.get(cell) ?? 0)) return `older: ${cell}, kept what was keyed at turn ${turn}, said ${this.latest.get(cell)}`;
    return null;
  }

  /** What nobody keyed. @param {Map<string, sheets.Sheet>} read */
  strange(read) {
    for (const [order, { items }] of read) {
      for (const [item, entry] of Object.entries(items)) {
        const keyed = this.keyed.get(`${order} ${item} ${entry.stamp}`);
        if (keyed?.said !== said(entry)) return `never keyed: ${order} ${item} ${said(entry)}, but ${keyed?.said}`;
      }
    }
    return null;
  }

  /**
   * What one computer shows, and not the other; or both, and results reads another. The second is
   * let pass where a browser refused its disk and gave it back: a page that began without it wrote
   * its resume box over that of an earlier page, whose saves were still to be sent.
   * @param {Map<string, sheets.Sheet>} read
   */
  apart(read) {
    if (this.sitting.size < this.computers.length) return "a computer on which the class does not open";
    const shown = [...this.sitting.values()].map(({ room }) => room.sittings);
    for (const sittings of shown) {
      const { kind, unsent } = sittings.state();
      if (kind !== "kept" || unsent > 0) return `still ${kind}, ${unsent} unsent`;
    }
    for (const { order } of PUPILS) {
      const [one, two] = shown.map((sittings) => sheetText(sittings.sheetOf(order)?.items ?? {}));
      const opened = sheetText(read.get(order)?.items ?? {});
      if (one !== two || (one !== opened && !this.isSharp)) return `apart: ${order} shows ${one} and ${two}, results reads ${opened}`;
    }
    return null;
  }
}

/** @param {import("../../src/core/sheet.js").ItemAnswer | Entry} entry */
const said = ({ r, mark }) => JSON.stringify([r, mark ?? ""]);

/** @param {sheets.Sheet["items"]} items */
const sheetText = (items) => Object.entries(items).map(([item, entry]) => `${item} ${said(entry)}`).sort().join("; ");

/** What a schedule loses, or nothing; the same at each run. @param {Act[]} schedule */
export async function played(schedule) {
  const [now, chance] = [Date.now, Math.random];
  const drawn = crypto.getRandomValues;
  const die = dice(schedule.length);
  Math.random = () => die(1 << 30) / (1 << 30);
  crypto.getRandomValues = (/** @type {any} */ bytes) => { // streams, of which the order decides
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = die(256);
    return bytes;
  };
  const run = new Run();
  try {
    for (const act of schedule) await run.act(act);
    return { lost: await run.concluded(), nPromised: run.promised.size, nKeyed: run.nKeyed };
  } finally {
    Date.now = now;
    Math.random = chance;
    crypto.getRandomValues = drawn;
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
