// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The open sitting: from the first question to the last receipt.
 * @module
 */

import { hex } from "../core/bytes.js";
import { isAnswered } from "../core/sheet.js";
import { show as showItem } from "../items/item.js";
import { forTheAdult } from "../rescue/show.js";
import * as disk from "../saving/disk.js";
import { saver as newSaver } from "../saving/saver.js";
import * as session from "../saving/session.js";
import { doneScreen, finishScreen, overviewScreen, sendingScreen } from "./after.js";
import { questionScreen } from "./question.js";
import { tell } from "./saved-state.js";
import { say, show } from "./screen.js";

/**
 * @typedef {object} Sat
 * @property {disk.Disk} db
 * @property {import("../core/manifest.js").Manifest} manifest
 * @property {import("../core/keys.js").CodeKeys} keys
 * @property {import("./app.js").Seated} opened
 * @property {import("../items/bundle.js").Bundle} bundle
 * @property {import("../saving/sender.js").Sender} sender
 * @property {"sign-in" | "reload"} how
 */

/**
 * Show the questions, keep the answers, until the end.
 * @param {Sat} sat
 * @param {(heard: (settled: import("../saving/sender.js").Settled) => void) => void} listen
 * @param {(name: string) => void} notice
 */
export function sit({ db, manifest, keys, opened, bundle, sender, how }, listen, notice) {
  const { items } = bundle;
  const sid = hex(keys.sid);
  const saver = newSaver(db, { ...opened, manifest, keys, items }, opened, sender, told);
  const clock = watch((item, ms) => saver.visit(item, ms));
  let finishing = false;
  let over = false;
  let waiting = "";
  let shownSection = "";

  listen((settled) => {
    saver.heard(settled);
    if (settled.elsewhere && !over && settled.entry.stream === hex(opened.stream)) leave("elsewhere");
  });
  opened.turn.asked(() => leave("taken"));
  sender.own(hex(opened.stream), saver.newerThan);
  saver.event(how);
  if (opened.ahead) saver.send();
  leaving(saver, clock, () => over);
  tell(saver.state());
  const place = session.place.get();
  question(place && items.includes(place) ? place : (items.find((i) => !isAnswered(opened.sheet, i)) ?? items[0] ?? ""));

  /** @param {import("../saving/saver.js").State} state @param {string} receipt */
  function told(state, receipt) {
    tell(state);
    if (over) return;
    if (receipt) end(receipt);
    else if (state.kind === "closed") {
      over = true;
      notice("closed");
    } else if (finishing && state.kind === "refused") notice("refused");
    else if (finishing && state.kind !== "kept" && state.kind !== "saving") sending(state);
  }

  /** The pupil goes on in another window, or on another computer. @param {"taken" | "elsewhere"} where */
  async function leave(where) {
    if (over) return;
    over = true;
    await saver.stop();
    notice(where);
  }

  /** @param {string} receipt */
  async function end(receipt) {
    over = true;
    show(doneScreen(receipt, () => location.reload()));
    await session.forget(db);
    await disk.forgetBox(db, sid);
  }

  /** @param {string} item */
  function question(item) {
    const rank = items.indexOf(item) + 1;
    const section = bundle.index.sections.find((s) => s.items.includes(item))?.title ?? "";
    const changed = (/** @type {import("../core/sheet.js").Responses} */ responses) => saver.answer(item, responses);
    const shown = showItem(bundle, item, sid, { changed, say });
    shown.write(saver.sheet().items[item]?.r ?? {});
    session.place.set(item);
    clock.on(item);
    const read = reading(bundle.entry(item).stimuli.join());
    show(questionScreen({ item, rank, total: items.length, section, shown }, {
      previous: () => question(items[rank - 2] ?? item),
      next: () => (rank < items.length ? question(items[rank] ?? item) : overview(item)),
      overview: () => overview(item),
      cleared: () => changed({}),
    }));
    read();
    if (shownSection && section !== shownSection) saver.send();
    shownSection = section;
  }

  /** @param {string} from the question to go back to */
  function overview(from) {
    clock.on("");
    show(overviewScreen(bundle, saver.sheet(), { go: question, back: () => question(from), finish: () => confirm(from), pause }, adult()));
  }

  /** What the adult can do, where saving is in trouble. */
  function adult() {
    const trouble = troubleOf(saver.state());
    return trouble && forTheAdult(db, trouble);
  }

  /** Leave this computer to another pupil; what is not sent yet is sent from the first screen. */
  async function pause() {
    await saver.flush();
    over = true;
    await session.forget(db);
    location.reload();
  }

  /** @param {string} from */
  function confirm(from) {
    const blank = items.filter((item) => !isAnswered(saver.sheet(), item)).length;
    show(finishScreen(blank, { confirm: finish, back: () => overview(from) }));
  }

  async function finish() {
    if (finishing) return;
    finishing = true;
    sending({ kind: "here", unsent: 0, blocked: false });
    await saver.finish();
  }

  /** @param {import("../saving/saver.js").State} state */
  function sending(state) {
    const now = JSON.stringify(state);
    if (now === waiting) return; // shown already: the focus stays where it is
    waiting = now;
    show(sendingScreen(state, () => sender.retry(), forTheAdult(db, troubleOf(state) ?? "network")));
  }
}

/** @param {import("../saving/saver.js").State} state */
function troubleOf({ kind, blocked }) {
  if (kind === "refused" || kind === "closed") return "refused";
  if (kind !== "waiting" && kind !== "open") return null;
  return blocked ? "blocked" : kind === "open" ? "disk" : "network";
}

/** Which document is on the screen. */
let document_ = "";

/**
 * A document that stays from one question to the next stays where it was read.
 * @param {string} next
 * @returns {() => void} to be called once the next question is shown
 */
function reading(next) {
  const same = next === document_;
  document_ = next;
  const top = document.querySelector(".stimulus")?.scrollTop ?? 0;
  return () => {
    if (same) document.querySelector(".stimulus")?.scrollTo(0, top);
  };
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
