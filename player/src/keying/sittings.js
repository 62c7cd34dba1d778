// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The sittings of a class: one saver a pupil, opened gently from what the host and this computer
 * hold, kept, sent, and joined with what other computers key meanwhile. docs/spec/keying.md, « Rules ».
 *
 * Knows order numbers and answers, no name.
 * @module
 */

import { fromHex, hex, random } from "../core/bytes.js";
import * as resume from "../core/resume.js";
import * as sheets from "../core/sheet.js";
import * as disk from "../saving/disk.js";
import { after, held, unboxed } from "../saving/held.js";
import * as hostClock from "../saving/host-clock.js";
import { answers } from "../saving/hosts.js";
import { saver as newSaver } from "../saving/saver.js";
import { askAgainMs } from "../saving/turns.js";
import { Held, Refused, signIn } from "../saving/wire.js";
import { keysFor } from "./pupil-keys.js";
import { takenUp } from "./rules/taking-up.js";

/** @typedef {import("../core/sheet.js").Sheet} Sheet */
/** @typedef {import("../core/sheet.js").Entry} Entry */
/** @typedef {import("../saving/saver.js").Saver} Saver */
/** @typedef {import("../saving/sender.js").Settled} Settled */
/** @typedef {import("./ring.js").Pupil} Pupil */
/** Why nothing can be keyed of a pupil. @typedef {"unknown" | "early" | "closed" | "booklet"} Fault */
/**
 * One pupil. lookedMs: by performance.now(). met: what the host has was taken up; mine: items keyed in this page.
 * @typedef {object} Row
 * @property {Pupil} pupil
 * @property {import("../core/keys.js").CodeKeys | null} keys
 * @property {Saver | null} saver null while it opens
 * @property {string} stream hex
 * @property {number} epoch
 * @property {boolean} met
 * @property {Fault | null} fault
 * @property {Set<string>} mine
 * @property {Promise<void> | null} asking
 * @property {number} lookedMs when the host was last asked
 */
/**
 * @typedef {object} Desk
 * @property {disk.Disk} db
 * @property {import("./pupil-keys.js").Class} of
 * @property {import("../saving/sender.js").Sender} sender
 * @property {(pupil: Pupil) => string[]} items that are awaited of a pupil
 */
/** @typedef {import("./rules/taking-up.js").Conflict} Conflict */
/** How the class stands. @typedef {{kind: import("../saving/saver.js").State["kind"], unsent: number, blocked: boolean, opening: number, apart: number}} ClassState */
/**
 * @typedef {object} Hearers
 * @property {(order: string) => void} changed the sheet of a pupil, or how it is kept
 * @property {(order: string, conflicts: Conflict[]) => void} conflicts another computer has keyed over what was keyed here
 */
/** @typedef {ReturnType<typeof sittings>} Sittings */

const AT_ONCE = 3; // sign-ins of one page
const BREATH_MS = 60;
const RETRY_MS = 20_000;
const FRESH_MS = 60_000;
const FIRST_MS = 1_000; // what another computer keyed since is taken up before this one saves over it
const KEYED_MS = 180_000;
const WORST = /** @type {const} */ (["kept", "here", "saving", "waiting", "open", "refused", "closed"]);

/** @param {Desk} desk @param {Pupil[]} pupils that are awaited @param {Hearers} hear */
export function sittings({ db, of, sender, items }, pupils, hear) {
  /** @type {Map<string, Row>} */
  const rows = new Map(pupils.map((pupil) => [pupil.order, newRow(pupil)]));
  /** @type {string[]} orders to open or to look at again, the most urgent first */
  let queue = [];
  let workers = 0;
  let silent = false; // the host did not answer the last time
  let ended = false;

  /** Open these, or look again at what the host has of them, first. @param {string[]} orders */
  function ask(orders) {
    queue = [...orders, ...queue.filter((order) => !orders.includes(order))];
    while (workers < AT_ONCE && queue.length > 0) work();
  }

  async function work() {
    workers += 1;
    try {
      for (let order = queue.shift(); order !== undefined && !ended; order = queue.shift()) {
        const row = rows.get(order);
        if (row) await (row.asking ??= look(row).catch((thrown) => broken(row, thrown)).finally(() => (row.asking = null)));
        await new Promise((done) => setTimeout(done, BREATH_MS * (0.5 + Math.random())));
      }
    } finally {
      workers -= 1;
    }
  }

  /** One sign-in of a pupil: what the host has comes in. @param {Row} row */
  async function look(row) {
    try {
      row.keys ??= await keysFor(of, row.pupil);
      if (!row.keys || !answers.knows(row.keys.pair)) return fault(row, "unknown");
      row.lookedMs = performance.now();
      const signed = await heard(row.keys);
      if (signed && (signed.state === "finished" || hex(signed.bundle) !== row.pupil.bundle)) return fault(row, "booklet");
      if (!row.saver) await open(row, signed);
      else if (signed) await join(row, signed.last);
      if (signed) row.fault = null;
      row.met ||= signed !== null;
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      if (!row.saver) await open(row, null); // what is here is shown all the same
      fault(row, refusal.status === 425 ? "early" : refusal.status === 423 ? "closed" : "unknown");
    }
    hear.changed(row.pupil.order);
  }

  /** What the host says; null where it does not decide. Throws Refused where it does. @param {import("../core/keys.js").CodeKeys} keys */
  async function heard(keys) {
    if (silent && workers > 1) return null; // one asks for all whether it is back
    for (let ticket = ""; ; ) {
      try {
        const signed = await signIn(keys, ticket);
        silent = false;
        return signed;
      } catch (refusal) {
        if (refusal instanceof Held) {
          ticket = refusal.ticket;
          await new Promise((done) => setTimeout(done, askAgainMs(0, Math.random(), refusal.retryAfterMs)));
        } else if (refusal instanceof Refused && isUndecided(refusal)) {
          silent = true;
          return null;
        } else throw refusal;
      }
    }
  }

  /** @param {Row} row @param {Awaited<ReturnType<typeof signIn>> | null} signed null: the host is silent */
  async function open(row, signed) {
    const { pupil } = row;
    if (!row.keys) return;
    const whose = whoseOf(row);
    const last = signed?.last ?? null;
    const from = await held(db, whose, last);
    const stream = random(8);
    const { manifest } = of;
    const sitting = { manifest, keys: row.keys, bundle: fromHex(pupil.bundle), stream, epoch: from.epoch, items: items(pupil) };
    row.stream = hex(stream);
    row.epoch = from.epoch;
    if (sheets.newer(from.theirs, from.ours) > 0) await keepHere(row, from.sheet); // for a day without network
    const saver = newSaver(db, sitting, from, sender, () => hear.changed(pupil.order));
    row.saver = saver;
    sender.own(row.stream, saver.newerThan);
    if (signed && sheets.newer(from.sheet, from.theirs) > 0) saveAgain(saver);
  }

  /** What an earlier page keyed is saved by this one: it is in the host's newest box, and this page hears that it arrived. @param {Saver} saver */
  function saveAgain(saver) {
    saver.event("reload");
    saver.send();
  }

  /** What another computer has saved since comes in. @param {Row} row @param {import("../saving/wire.js").LastSave | null} last */
  async function join(row, last) {
    const { saver, mine } = row;
    if (saver && !last && mine.size === 0 && saver.state().unsent > 0) return saveAgain(saver); // it opened without network
    if (!saver || !last || hex(last.stream) === row.stream) return;
    const theirs = await unboxed(last, whoseOf(row));
    if (last.epoch >= row.epoch) row.epoch = after(last.epoch);
    const before = saver.sheet();
    saver.takeUp({ sheet: theirs, epoch: row.epoch });
    if (sheets.newer(saver.sheet(), theirs) > 0) saver.send(); // so that the newest box has all again
    if (sheets.newer(theirs, before) === 0) return;
    if (saver.state().kind === "kept") await keepHere(row, saver.sheet()); // else the next save has it
    const { conflicts } = takenUp(before, theirs, row.mine);
    for (const { item } of conflicts) row.mine.delete(item); // told once
    if (conflicts.length > 0) hear.conflicts(row.pupil.order, conflicts);
  }

  /** @param {Row} row */
  function whoseOf({ keys, pupil }) {
    if (!keys) throw new TypeError("a sitting without its keys");
    return { campaign: of.manifest.campaign, sid: keys.sid, resume: keys.resume, bundle: pupil.bundle };
  }

  /** A box of what others keyed, so that a reload without network has it. @param {Row} row @param {Sheet} sheet */
  async function keepHere(row, sheet) {
    const { campaign, sid, resume: key } = whoseOf(row);
    const place = { stream: fromHex(row.stream), epoch: row.epoch, seq: 0 };
    const box = await resume.close(JSON.stringify(sheet), { ...place, campaign, sid }, key);
    if (row.saver && row.saver.sheet() !== sheet) return; // something was keyed meanwhile: its save has all
    await disk.keepBox(db, { sid: hex(sid), stream: row.stream, epoch: row.epoch, seq: 0, at: hostClock.now(), box });
  }

  /** @param {Row} row @param {Fault} why */
  function fault(row, why) {
    row.fault = why;
    hear.changed(row.pupil.order);
  }

  /** One sitting that does not open keeps no other from it. @param {Row} row @param {unknown} thrown */
  function broken(row, thrown) {
    fault(row, "unknown");
    queueMicrotask(() => {
      throw thrown;
    });
  }

  const savers = () => [...rows.values()].flatMap(({ saver }) => saver ?? []);
  const apart = () => [...rows.values()].filter(({ met, fault: why }) => !met && !why);

  /** Those that were not looked at for so long. @param {number} ms */
  const older = (ms) => [...rows.values()].filter(({ lookedMs }) => performance.now() > lookedMs + ms);

  const again = setInterval(() => {
    const waiting = apart().filter(({ asking }) => !asking);
    // pages that opened a pupil at once have one epoch, and the host tells neither of the other
    const keyed = globalThis.document?.hidden ? [] : older(KEYED_MS).filter(({ mine }) => mine.size > 0);
    if (waiting.length + keyed.length > 0) ask([...waiting, ...keyed].map(({ pupil }) => pupil.order));
  }, RETRY_MS);

  return {
    ask,
    /** Open the whole class, gently. */
    openAll: () => ask([...rows.keys()]),
    /** What others keyed meanwhile: these pupils first, and all, but not at every blink. @param {string[]} first */
    refresh(first = []) {
      const orders = older(FRESH_MS).map(({ pupil }) => pupil.order);
      ask([...orders.filter((order) => first.includes(order)), ...orders.filter((order) => !first.includes(order))]);
    },
    /** These are on the screen: what others keyed of them meanwhile. @param {string[]} orders */
    show: (orders) => ask(older(FRESH_MS).map(({ pupil }) => pupil.order).filter((order) => orders.includes(order))),
    /** Whether something can be keyed of this pupil now. @param {string} order */
    isReady(order) {
      const row = rows.get(order);
      return Boolean(row?.saver && !row.fault && !["refused", "closed"].includes(row.saver.state().kind));
    },
    /** @param {string} order @param {string} item @param {Entry} entry */
    key(order, item, entry) {
      const row = rows.get(order);
      if (!row?.saver || !this.isReady(order)) return;
      if (row.mine.size === 0 && performance.now() > row.lookedMs + FIRST_MS) ask([order]);
      row.mine.add(item);
      row.saver.key(item, entry);
    },
    /** @param {string} order @returns {Sheet | null} null while it opens */
    sheetOf: (order) => rows.get(order)?.saver?.sheet() ?? null,
    /** @param {string} order */
    faultOf: (order) => rows.get(order)?.fault ?? null,
    /** How the saves of a pupil stand. @param {string} order */
    stateOf: (order) => rows.get(order)?.saver?.state() ?? null,
    /** @returns {ClassState} */
    state() {
      const all = savers().map((saver) => saver.state());
      const kind = WORST.findLast((one) => all.some((state) => state.kind === one)) ?? "kept";
      const opening = [...rows.values()].filter(({ saver, fault: why }) => !saver && !why).length;
      return { kind, unsent: all.reduce((sum, { unsent }) => sum + unsent, 0), blocked: all.some(({ blocked }) => blocked), opening, apart: apart().length };
    },
    /** What the host said of a save. @param {Settled} settled */
    heard(settled) {
      const row = [...rows.values()].find(({ stream }) => stream === settled.entry.stream);
      row?.saver?.heard(settled);
      if (row && (settled.elsewhere || settled.beside)) ask([row.pupil.order]);
      if (settled.verdict === "kept" && silent) ask(apart().map(({ pupil }) => pupil.order));
    },
    /** The network is back. */
    online() {
      silent = false;
      ask(apart().map(({ pupil }) => pupil.order));
    },
    flush: () => Promise.all(savers().map((saver) => saver.flush())),
    /** Send now what waits: the page is hidden, or somebody asks. */
    send: () => Promise.all(savers().map((saver) => saver.flush())).then(() => sender.kick()),
    /** The page goes away. */
    leave() {
      for (const saver of savers()) {
        saver.flush();
        saver.leave();
      }
    },
    /** Nothing more is written here: another window goes on, or the class is closed on this computer. */
    async end() {
      ended = true;
      clearInterval(again);
      await Promise.all(savers().map((saver) => saver.stop()));
    },
    /** The boxes of the class on this computer go. */
    forget: () => Promise.all([...rows.values()].flatMap(({ keys }) => (keys ? [disk.forgetBox(db, hex(keys.sid))] : []))),
  };
}

/** @param {Pupil} pupil @returns {Row} */
const newRow = (pupil) => ({ pupil, keys: null, saver: null, stream: "", epoch: 0, met: false, fault: null, mine: new Set(), asking: null, lookedMs: -Infinity });

/** Whether the host has not said who may come in: silent, ill or crowded. @param {Refused} refusal */
const isUndecided = ({ status }) => status === 0 || status === 429 || status >= 500;
