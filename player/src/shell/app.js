// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The player, from the code to the first question: which screen comes after which.
 *
 * The code is forgotten as soon as its keys are made; nothing here is written anywhere.
 * @module
 */

import { checkScreen } from "../check/screen.js";
import { fromBase64, hex } from "../core/bytes.js";
import { derive } from "../core/keys.js";
import { ManifestRefused, check } from "../core/manifest.js";
import { ofSitting } from "../core/pictograms.js";
import { isAnswered } from "../core/sheet.js";
import { BundleRefused, loadBooklet, loadFiles } from "../items/bundle.js";
import * as disk from "../saving/disk.js";
import { watch } from "../saving/drained.js";
import { answers } from "../saving/hosts.js";
import { sender as newSender } from "../saving/sender.js";
import * as session from "../saving/session.js";
import * as windows from "../saving/windows.js";
import { Refused, manifest as askManifest } from "../saving/wire.js";
import { SAY } from "../strings.js";
import { course } from "../test/course.js";
import { quietly } from "./ahead.js";
import { noticeScreen, notMineScreen, pictogramsScreen, welcomeScreen } from "./before.js";
import { codeScreen } from "./code.js";
import { mind, tellLeft } from "./left.js";
import { open, openHere } from "./opening.js";
import { practise } from "./practice.js";
import { canRedraw, show } from "./screen.js";
import { sit } from "./sitting.js";
import { throughTheRoom } from "./waiting.js";

/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */
/** @typedef {import("../core/manifest.js").Manifest} Manifest */
/** @typedef {import("../saving/sender.js").Settled} Settled */
/** @typedef {import("../saving/sender.js").Sender} Sender */
/** @typedef {{what: string, nextStep: string}} Refusal */
/** @typedef {import("./opening.js").Opened & {turn: windows.Turn}} Seated */
/**
 * What lasts as long as the page.
 * @typedef {object} Desk
 * @property {disk.Disk} db
 * @property {() => Promise<Manifest>} manifest believed, or throws
 * @property {() => Promise<Sender>} sender
 * @property {(settled: Settled) => void} heard replaced by the open sitting
 */

const CHECK = "verifier"; // in the address: no code is spelt so
const PRACTICE = "essai";

/** @param {string} rootKey base64, from the page */
export async function start(rootKey) {
  if (!supported()) return notice("unsupported");
  const desk = await opened(rootKey);
  watch(desk.manifest); // on every screen, whoever sits here
  window.addEventListener("online", () => desk.sender().then((sender) => sender.retry(), () => {}));
  const typed = takeFragment();
  const isCode = typed !== CHECK && typed !== PRACTICE;
  if (typed && isCode) await session.forget(desk.db); // a slip was scanned: whoever sat here before has left
  const keys = isCode ? await session.recall(desk.db) : null;
  if (keys) {
    const again = (/** @type {Refusal | undefined} */ said) => session.forget(desk.db).then(() => askCode(desk, "", said));
    const isIn = await session.signed(desk.db);
    if (!isIn) quietly(desk.manifest); // she waits to come in
    const said = await guarded(() => (isIn ? enter(desk, keys, "reload") : arrive(desk, keys)), again);
    if (said) await again(said); // this code was taken back since
  } else {
    welcomeWith(desk, typed);
    quietly(desk.manifest);
    window.addEventListener("hashchange", () => {
      const next = takeFragment();
      if (next === CHECK || next === PRACTICE || document.getElementById("code")) welcomeWith(desk, next);
    });
  }
  // saves that an earlier page on this computer could not send
  if ((await disk.entries(desk.db)).length > 0) desk.sender().then((s) => s.kick(), () => {});
}

/** @param {string} rootKey @returns {Promise<Desk>} */
async function opened(rootKey) {
  const db = await disk.open();
  mind(db);
  /** @type {Promise<Manifest> | null} */
  let manifest = null;
  /** @type {Sender | null} */
  let sender = null;
  /** @type {Desk} */
  const desk = {
    db,
    manifest() {
      manifest ??= askManifest().then((content) => check(content, fromBase64(rootKey)));
      manifest.then(answers.follow, () => {});
      manifest.catch(() => (manifest = null)); // asked again next time
      return manifest;
    },
    async sender() {
      const { nodes } = await desk.manifest();
      sender ??= newSender(db, nodes, (settled) => desk.heard(settled));
      return sender;
    },
    heard: ({ verdict }) => tellLeft(verdict === "blocked"),
  };
  return desk;
}

/** The screen that the address asks for, where nobody has signed in. @param {Desk} desk @param {string} asked */
function welcomeWith(desk, asked) {
  if (asked === CHECK) checkUp(desk);
  else if (asked === PRACTICE) tryOut(desk);
  else askCode(desk, asked);
}

/** The practice test, which needs no code. @param {Desk} desk */
const tryOut = (desk) => guarded(async () => practise(await desk.manifest(), () => askCode(desk)), () => askCode(desk));

/**
 * @param {Desk} desk @param {string} typed what stands in the field already
 * @param {Refusal} [said] why the code was refused a moment ago
 */
function askCode(desk, typed = "", said) {
  const entered = (/** @type {string} */ code) =>
    guarded(() => signIn(desk, code), (refusal) => askCode(desk, "", refusal));
  const screen = codeScreen(typed, entered, said, { check: () => checkUp(desk), practise: () => tryOut(desk) });
  show(screen);
  desk.manifest().then(({ practice }) => practice && screen.offerPractice(), () => {});
  canRedraw(() => askCode(desk, typed));
  tellLeft();
}

/** @param {Desk} desk @param {string} code */
async function signIn(desk, code) {
  const manifest = await desk.manifest();
  const keys = await derive(code, manifest);
  // a pair that came after this page was loaded: the browser lets it ask only what it named then
  if (!keys || !answers.knows(keys.pair)) throw new Refused(403, { what: SAY.laterCode });
  await arrive(desk, keys);
}

/** From keys to the three pictograms, through the waiting room where there is one. @param {Desk} desk @param {CodeKeys} keys */
async function arrive(desk, keys) {
  const manifest = await desk.manifest();
  const leave = () => session.forget(desk.db).then(() => askCode(desk));
  const comeIn = () => throughTheRoom(keys, { waits: () => session.keep(desk.db, keys, null), leave });
  const sitting = await open(desk.db, manifest, keys, comeIn);
  if (!sitting) return session.forget(desk.db).then(() => notice("finished", () => askCode(desk)));
  const yes = async () => {
    const turn = await windows.take(hex(keys.sid));
    const now = turn.had ? await open(desk.db, manifest, keys, comeIn) : sitting;
    if (!now) return notice("finished", () => askCode(desk));
    await session.keep(desk.db, keys, now);
    await welcome(desk, keys, { ...now, turn }, "sign-in");
  };
  const no = () => session.forget(desk.db).then(() => show(notMineScreen(() => askCode(desk))));
  show(pictogramsScreen(await ofSitting(keys.sid), { yes: () => guarded(yes), no }));
}

/** @param {Desk} desk @param {CodeKeys} keys @param {"reload"} how */
async function enter(desk, keys, how) {
  const turn = await windows.take(hex(keys.sid));
  const manifest = await desk.manifest();
  const sitting = await open(desk.db, manifest, keys).catch((fault) => openHere(desk.db, manifest, keys, fault));
  if (sitting) return welcome(desk, keys, { ...sitting, turn }, how);
  await session.forget(desk.db);
  await disk.forgetBox(desk.db, hex(keys.sid));
  notice("finished", () => askCode(desk));
}

/**
 * Show the welcome while the questions arrive; a tab that was reloaded goes on where it was.
 * @param {Desk} desk @param {CodeKeys} keys @param {Seated} sitting
 * @param {"sign-in" | "reload"} how
 */
async function welcome(desk, keys, sitting, how) {
  const manifest = await desk.manifest();
  const booklet = await loadBooklet(sitting.entry, sitting.key);
  const { index } = booklet;
  const way = await course(index, hex(keys.sid));
  const answered = way.stops.filter((stop) => isAnswered(sitting.sheet, stop.name)).length;
  const { label } = manifest;
  const questions = way.routed ? null : way.stops.length;
  const screen = welcomeScreen({ title: index.title, label, questions, free: !way.stops.some(way.isLinear), answered });
  show(screen);
  const bundle = await loadFiles(booklet, screen.progress);
  const sender = await desk.sender();
  const begin = () =>
    sit({ db: desk.db, manifest, keys, opened: sitting, bundle, way, sender, how }, (heard) => (desk.heard = heard), notice);
  if (how === "reload" && session.place.get()) begin();
  else screen.ready(begin);
}

/**
 * Do it, or show why it cannot be done. Gives the refusal of a code, for the screen that asked.
 * @param {() => Promise<void>} work @param {(said?: Refusal) => void} code what to do to ask for a code again
 * @returns {Promise<Refusal | void>}
 */
async function guarded(work, code = () => location.reload()) {
  const again = async () => {
    const said = await guarded(work, code);
    if (said) code(said);
  };
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof Refused)) {
      notice(fault instanceof ManifestRefused || fault instanceof BundleRefused ? "untrusted" : "broken");
      throw fault;
    }
    const said = { what: fault.what, nextStep: fault.nextStep };
    if (fault.status === 429 && said.what) return said;
    if (fault.status === 403) return said.what ? said : { ...said, what: SAY.unknownCode };
    if (fault.status === 425) return notice("early", code, again, said);
    if (fault.status === 423) return notice("closed", code, again, said);
    notice("unreachable", code, again);
  }
}

/**
 * @param {string} name of NOTICES @param {() => void} code @param {() => void} retry
 * @param {Refusal | null} said the host's own words
 */
function notice(name, code = () => location.reload(), retry = () => location.reload(), said = null) {
  show(noticeScreen(name, { retry, code }, said));
  tellLeft();
}

/** The page that checks this computer. @param {Desk} desk */
function checkUp(desk) {
  show(checkScreen(desk.manifest, () => askCode(desk)));
  canRedraw(() => checkUp(desk));
}

/** A code in the address, taken out of it at once. */
function takeFragment() {
  const typed = location.hash.slice(1);
  if (typed) history.replaceState(null, "", location.pathname);
  return typed;
}

/** Whether this browser has what the player cannot do without. */
const supported = () =>
  Boolean(globalThis.crypto?.subtle && "CompressionStream" in globalThis && "timeout" in AbortSignal);
