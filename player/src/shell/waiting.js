// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The waiting room: the place, about how long, and that the page goes on by itself.
 * docs/spec/waiting-room.md.
 * @module
 */

import { h } from "../items/dom.js";
import * as session from "../saving/session.js";
import { askAgainMs, isKept, minutesOf } from "../saving/turns.js";
import { Held, Refused, signIn } from "../saving/wire.js";
import { SAY, language } from "../strings.js";
import { button, canRedraw, card, say, show } from "./screen.js";

/** @typedef {import("../core/keys.js").CodeKeys} CodeKeys */
/** What there is to tell. place: null where the host has not given one. @typedef {{place: number | null, minutes: number | null, kind: "place" | "busy" | "cut", kept: boolean}} Told */

const QUIET_MS = 60_000; // a screen reader is told of the place once a minute at most

/**
 * Sign in; where there is no room yet, wait on a screen of its own, however long it takes.
 * Throws Refused where the host refuses for another reason.
 * @param {CodeKeys} keys
 * @param {{waits: () => Promise<void>, leave: () => void}} act she waits: a reload should come back here; she writes another code
 * @returns {Promise<import("../saving/wire.js").SignedIn>} never settles once she has left
 */
export async function throughTheRoom(keys, { waits, leave }) {
  /** @type {ReturnType<typeof waitingRoom> | null} */
  let room = null;
  let hasLeft = false;
  let failures = 0;
  let last = { place: /** @type {number | null} */ (null), minutes: /** @type {number | null} */ (null), heardMs: -Infinity, askedMs: 0 };
  const goAway = () => {
    hasLeft = true;
    leave();
  };
  while (!hasLeft) {
    const outcome = await signIn(keys, session.ticket.get()).catch((fault) => fault);
    if (hasLeft) break;
    if (!(outcome instanceof Error)) {
      session.ticket.set("");
      return outcome;
    }
    const waiting = room !== null || session.ticket.get() !== "";
    if (!(outcome instanceof Held || (outcome instanceof Refused && mayPass(outcome, waiting)))) throw outcome;
    const { retryAfterMs } = outcome;
    if (outcome instanceof Held) {
      session.ticket.set(outcome.ticket);
      last = { place: outcome.place, minutes: minutesOf(outcome.waitS), heardMs: performance.now(), askedMs: retryAfterMs };
      failures = 0;
    } else failures += 1;
    if (!room) {
      await waits();
      room = waitingRoom(goAway);
    }
    const kind = outcome instanceof Held ? "place" : outcome.status === 0 ? "cut" : "busy";
    room.tell({ ...last, kind, kept: isKept(last.heardMs, last.askedMs, performance.now()) });
    await pause(askAgainMs(failures, Math.random(), retryAfterMs));
  }
  return new Promise(() => {});
}

/**
 * Whether to wait is of use: the host is crowded, or, for who waits already, ill or not to be reached.
 * @param {Refused} fault @param {boolean} waiting
 */
const mayPass = ({ status, retryAfterMs }, waiting) =>
  (status === 503 && retryAfterMs > 0) || (waiting && (status === 0 || status === 429 || status >= 500));

/** Until it is time to ask again, or the network is back. @param {number} ms @returns {Promise<void>} */
const pause = (ms) =>
  new Promise((done) => {
    const on = () => {
      clearTimeout(timer);
      window.removeEventListener("online", back);
      done();
    };
    const timer = setTimeout(on, ms);
    const back = () => setTimeout(on, askAgainMs(0, Math.random(), 0)); // a school is back as one
    window.addEventListener("online", back);
  });

/** The screen, shown at once. @param {() => void} leave */
function waitingRoom(leave) {
  /** @type {Told} */
  let now = { place: null, minutes: null, kind: "busy", kept: false };
  let saidMs = -Infinity;
  let first = 0; // the place at which she came
  /** @type {ReturnType<typeof screenOf>} */
  let screen;

  function draw() {
    screen = screenOf(leave);
    show(screen);
    canRedraw(draw);
    screen.fill(now, first);
  }
  draw();
  return {
    /** @param {Told} told */
    tell(told) {
      const changed = told.kind !== now.kind || told.kept !== now.kept;
      now = told;
      first = Math.max(first, told.place ?? 0);
      const words = screen.fill(now, first);
      if (!changed && performance.now() - saidMs < QUIET_MS) return;
      saidMs = performance.now();
      say(words);
    },
  };
}

/** @param {() => void} leave */
function screenOf(leave) {
  const number = h("strong", { class: "place-number", "data-test": "place" });
  const place = h("p", { class: "place" }, h("span", {}, SAY.yourPlace), number);
  const bar = h("progress", { max: 1, value: 0, "aria-label": SAY.waitingProgress });
  const about = h("p", { class: "lead", "data-test": "waiting-about" });
  const state = h("p", { "data-test": "waiting-state" });
  const main = card(SAY.waitingTitle, place, bar, about, state,
    h("p", { class: "aside" }, button(SAY.nextPupil, "code-again", leave, "text")));
  main.setAttribute("data-test", "waiting");
  main.classList.add("waiting");
  return {
    title: SAY.waitingTitle,
    main,
    /** Write it, and give it as one would say it. @param {Told} told @param {number} first */
    fill({ place: rank, minutes, kind, kept }, first) {
      const known = rank !== null && kept;
      place.hidden = bar.hidden = !known;
      about.hidden = !known || kind !== "place";
      number.textContent = known ? rank.toLocaleString(language()) : "";
      number.dataset.place = known ? String(rank) : "";
      bar.value = known && first > 0 ? 1 - rank / (first + 1) : 0;
      about.textContent = minutes === null ? SAY.waitSoon : SAY.waitAbout(minutes);
      state.className = kind === "place" ? "good" : "warn";
      state.textContent = [kind === "cut" ? SAY.waitCut : kind === "busy" ? SAY.waitBusy : "", known ? SAY.placeKept : SAY.waitOn]
        .filter(Boolean).join(" ");
      main.dataset.kind = kind;
      return [known ? `${SAY.yourPlace} ${number.textContent}.` : "", about.hidden ? "" : about.textContent, state.textContent]
        .filter(Boolean).join(" ");
    },
  };
}
