// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The open sitting: from the first question to the last receipt.
 * @module
 */

import { hex } from "../core/bytes.js";
import { lettersOf } from "../core/pictograms.js";
import { forTheAdult } from "../rescue/show.js";
import * as disk from "../saving/disk.js";
import { saver as newSaver } from "../saving/saver.js";
import * as session from "../saving/session.js";
import { SAY } from "../strings.js";
import * as desk from "../supports/desk.js";
import { byName, designatedBy, extraTimeOf, offered, set as chosen } from "../supports/settings.js";
import { doneScreen, sendingScreen, sessionOverScreen } from "./after.js";
import { tell } from "./saved-state.js";
import { announce, mark, show } from "./screen.js";
import { listen as hearTerms } from "./terms.js";
import { walk } from "./walk.js";

/**
 * @typedef {object} Sat
 * @property {disk.Disk} db
 * @property {import("../core/manifest.js").Manifest} manifest
 * @property {import("../core/keys.js").CodeKeys} keys
 * @property {import("./app.js").Seated} opened
 * @property {import("../items/bundle.js").Bundle} bundle
 * @property {import("../test/course.js").Course} way
 * @property {import("../saving/sender.js").Sender} sender
 * @property {"sign-in" | "reload"} how
 */

/**
 * Show the questions, keep the answers, until the end.
 * @param {Sat} sat
 * @param {(heard: (settled: import("../saving/sender.js").Settled) => void) => void} listen
 * @param {(name: string) => void} notice
 */
export function sit({ db, manifest, keys, opened, bundle, way, sender, how }, listen, notice) {
  const items = way.stops.map((stop) => stop.name);
  const sid = hex(keys.sid);
  const saver = newSaver(db, { ...opened, manifest, keys, items }, opened, sender, told);
  const clock = watch((item, ms) => saver.visit(item, ms));
  let finishing = false;
  let over = false;
  let timeUp = false;
  let waiting = "";
  let sessionOver = false;
  let { terms } = opened;
  const walking = walk({ bundle, way, saver, sid, extraTime: () => terms.extraTime, seen: clock.on, finish, pause, adult });
  const granting = hearTerms({ db, keys, campaign: manifest.campaign, ...opened }, { changed, ending, reopened: () => location.reload() });

  listen((settled) => {
    saver.heard(settled);
    granting.heard(settled.mark);
    if (settled.elsewhere && !over && settled.entry.stream === hex(opened.stream)) leave("elsewhere");
  });
  opened.turn.asked(() => leave("taken"));
  sender.own(hex(opened.stream), saver.newerThan);
  saver.event(how);
  if (opened.ahead) saver.send();
  leaving(saver, clock, () => over);
  tell(saver.state());
  const support = settings(saver, opened.sheet, terms);
  lettersOf(keys.sid).then(mark);
  // a pupil who had finished, and whose last save never got its receipt, goes on waiting for it
  if (opened.sheet.events.some(({ kind }) => kind === "finish")) finish("asked");
  else if (terms.paused) walking.hold();
  else walking.start();

  /** @param {import("../core/terms.js").Terms} now @param {import("../core/terms.js").Terms} before */
  function changed(now, before) {
    terms = now;
    support.granted(now, before);
    if (over || finishing || sessionOver) return;
    if (now.extraTime > before.extraTime) announce(SAY.moreTime);
    if (now.paused === before.paused) return;
    saver.event(now.paused ? "pause" : "resume");
    saver.send();
    if (now.paused) walking.hold();
    else {
      walking.goOn();
      announce(SAY.pauseOver);
    }
  }

  /** The session ends for all; the last save says what was answered until then. @param {number} left_s */
  function ending(left_s) {
    if (over || finishing || sessionOver) return;
    if (left_s > 0) return announce(SAY.sessionEnds(left_s / 60));
    sessionOver = true;
    walking.end();
    saver.event("time-up");
    ended(saver.state());
    saver.send();
  }

  /** @param {import("../saving/saver.js").State} state */
  function ended(state) {
    once(state, () => show(sessionOverScreen(state, forTheAdult(db, troubleOf(state) ?? "network"))));
  }

  /** @param {import("../saving/saver.js").State} state @param {string} receipt */
  function told(state, receipt) {
    tell(state);
    if (over) return;
    if (receipt) end(receipt);
    else if (sessionOver) ended(state);
    else if (state.kind === "closed") {
      close();
      notice("closed");
    } else if (finishing && state.kind === "refused") notice("refused");
    else if (finishing && state.kind !== "kept" && state.kind !== "saving") sending(state);
  }

  /** Nothing more is shown of this sitting. */
  function close() {
    over = true;
    walking.end();
    granting.end();
  }

  /** The pupil goes on in another window, or on another computer. @param {"taken" | "elsewhere"} where */
  async function leave(where) {
    if (over) return;
    close();
    await saver.stop();
    notice(where);
  }

  /** @param {string} receipt */
  async function end(receipt) {
    close();
    show(doneScreen(receipt, timeUp, walking.closing(), () => location.reload()));
    await session.forget(db);
    await disk.forgetBox(db, sid);
  }

  /** What the adult can do, where saving is in trouble. */
  function adult() {
    const trouble = troubleOf(saver.state());
    return trouble && forTheAdult(db, trouble);
  }

  /** Leave this computer to another pupil; what is not sent yet is sent from the first screen. */
  async function pause() {
    await saver.flush();
    close();
    await session.forget(db);
    location.reload();
  }

  /** @param {"asked" | "time"} why */
  async function finish(why) {
    if (finishing) return;
    finishing = true;
    timeUp = why === "time";
    walking.end();
    sending({ kind: "here", unsent: 0, blocked: false });
    await saver.finish();
  }

  /** @param {import("../saving/saver.js").State} state */
  function sending(state) {
    once(state, () => show(sendingScreen(state, () => sender.retry(), forTheAdult(db, troubleOf(state) ?? "network"))));
  }

  /** Shown already: the focus stays where it is. @param {import("../saving/saver.js").State} state @param {() => void} draw */
  function once(state, draw) {
    const now = JSON.stringify(state);
    if (now === waiting) return;
    waiting = now;
    draw();
  }
}

/**
 * Take up the settings of this sitting, or those designated for the pupil on top of those of the
 * first screens; note each change.
 * @param {import("../saving/saver.js").Saver} saver @param {import("../core/sheet.js").Sheet} sheet
 * @param {import("../core/terms.js").Terms} terms
 */
function settings(saver, { supports }, terms) {
  let designated = designatedBy(terms);
  /** @param {import("../supports/settings.js").Settings} now @param {boolean} atOnce */
  const note = (now, atOnce) =>
    saver.supports({ designated, available: offered(), used: [...chosen(now), ...desk.everOpened(), ...extraTimeOf(terms)], now }, atOnce);
  desk.grant(terms.settings);
  desk.take(supports ? supports.now : { ...desk.current(), ...byName(terms.settings) });
  if (!supports) note(desk.current(), false); // with the next save: a class that starts must not save for this
  desk.tellTo((now) => note(now, true));
  return {
    /** Somebody designates other settings on the way: those that are new are in force at once. @param {import("../core/terms.js").Terms} now @param {import("../core/terms.js").Terms} before */
    granted(now, before) {
      terms = now;
      designated = designatedBy(now);
      desk.grant(now.settings);
      desk.take({ ...desk.current(), ...byName(now.settings.filter((one) => !before.settings.includes(one))) });
      note(desk.current(), false);
    },
  };
}

/** @param {import("../saving/saver.js").State} state */
function troubleOf({ kind, blocked }) {
  if (kind === "refused" || kind === "closed") return "refused";
  if (kind !== "waiting" && kind !== "open") return null;
  return blocked ? "blocked" : kind === "open" ? "disk" : "network";
}

/**
 * Time spent on the item shown, while the page is seen.
 * @param {(item: string, ms: number) => void} spent
 */
function watch(spent) {
  let item = "";
  let since = performance.now();
  let seen = !document.hidden;
  const count = () => {
    const now = performance.now();
    if (item && seen) spent(item, now - since);
    since = now;
    seen = !document.hidden;
  };
  return {
    count,
    /** @param {string} next the item shown from now on, or "" */
    on(next) {
      count();
      item = next;
      if (item) spent(item, 0);
    },
  };
}

/**
 * What to do when the page is hidden, leaves, or loses the network.
 * @param {import("../saving/saver.js").Saver} saver @param {ReturnType<typeof watch>} clock
 * @param {() => boolean} over
 */
function leaving(saver, clock, over) {
  document.addEventListener("visibilitychange", () => {
    if (over()) return;
    clock.count();
    if (document.hidden) saver.send();
  });
  window.addEventListener("pagehide", () => {
    if (over()) return;
    saver.flush();
    saver.leave();
  });
  window.addEventListener("beforeunload", (event) => {
    // what is on disk and about to be sent leaves as the page goes: nothing to ask then
    if (over() || ["kept", "here"].includes(saver.state().kind)) return;
    event.preventDefault();
    saver.flush();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !over()) location.reload(); // another window may have gone on meanwhile
  });
  window.addEventListener("offline", () => {
    if (over()) return;
    saver.event("offline");
    saver.send(); // fails, and so says how many answers wait
  });
  window.addEventListener("online", () => over() || saver.event("online"));
}
