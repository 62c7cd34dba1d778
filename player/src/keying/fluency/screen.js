// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The screen on which a teacher times a reading, pupil after pupil, on a phone or a tablet: big
 * words to touch, one big button, a minute that ends by itself without a sound.
 *
 * Shows what reading.js decides, and hands each result to who keeps it as soon as there is one.
 * @module
 */

import { h } from "../../items/dom.js";
import { who } from "../rules/places.js";
import { told } from "../strings.js";
import * as readings from "./reading.js";
import { textOf } from "./text.js";

/** @typedef {import("../kit.js").Kit} Kit */
/** @typedef {import("../kit.js").Field} Field */
/** @typedef {import("../rules/entries.js").Entry} Entry */
/** @typedef {import("../rules/places.js").Pupil} Pupil */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../strings.js").Told["fluency"]} Say */
/** @typedef {"wrong" | "hesitated" | "last"} Mode */
/**
 * @typedef {object} Given
 * @property {Kit} kit
 * @property {Field} field of mask `fluency`
 * @property {Pupil[]} pupils who read, in a row
 * @property {(order: string) => Entry} entryOf
 * @property {(order: string, entry: Entry) => void} key
 * @property {() => number} now milliseconds of a clock that only goes forward
 * @property {() => void} back
 * @property {number} [first] rank of the pupil to begin with
 */

const TICK_MS = 100;
const BUZZ_MS = 400;
const LATE_MS = 800; // a finger on its way to a misread word when the time ran out does not tell the last one

/** @param {Given} given @returns {HTMLElement} */
export function fluencyScreen(given) {
  const root = h("section", { class: "fluency", "data-test": "fluency" });
  /** @param {number} rank */
  const turn = (rank) => {
    const pupil = given.pupils[rank];
    if (!pupil) return given.back();
    root.replaceChildren(...turnOf(given, { root, pupil, rank, turn }));
    root.querySelector("h1")?.focus({ preventScroll: true });
  };
  turn(Math.min(given.first ?? 0, given.pupils.length - 1));
  return root;
}

/**
 * One pupil's turn.
 * @param {Given} given
 * @param {{root: HTMLElement, pupil: Pupil, rank: number, turn: (rank: number) => void}} at
 */
function turnOf(given, { root, pupil, rank, turn }) {
  const { kit, field, entryOf, key, now } = given;
  const say = told().fluency;
  const parts = partsOf(say);
  let reading = readings.recalled(field, entryOf(pupil.order));
  /** @type {Mode} */
  let mode = "wrong";
  let ranOut_ms = -Infinity;
  const text = textOf(field, kit.lang, { say, touched, held: (word) => change(readings.noted(reading, word, "hesitated")) });
  const beside = turnButtons(given, rank, turn);

  /** @param {Reading} next */
  function change(next) {
    if (next === reading) return;
    if (next.phase !== reading.phase) entered(next);
    reading = next;
    const entry = readings.entryOfReading(field, reading, entryOf(pupil.order));
    if (entry) key(pupil.order, entry);
    draw();
  }

  /** @param {Reading} next in another phase than before */
  function entered({ phase, seconds, limit_s, last }) {
    mode = "wrong";
    if (phase === "reading") tick(root, () => change(readings.ticked(reading, now())), clock);
    if (phase !== "stopped" || last !== null) return;
    navigator.vibrate?.(BUZZ_MS); // felt where the phone can, heard nowhere
    if (seconds === limit_s) ranOut_ms = now();
  }

  /** @param {string} word */
  function touched(word) {
    const isLate = now() - ranOut_ms < LATE_MS;
    if ((isAsking(reading) && !isLate) || mode === "last") change(readings.ended(reading, reading.words.indexOf(word) + 1));
    else change(readings.noted(reading, word, mode));
  }

  /** Whether it still runs. */
  function clock() {
    drawClock(parts, reading, now());
    return reading.phase === "reading";
  }

  function draw() {
    const keyed = entryOf(pupil.order).r[field.response]?.[0] ?? "";
    drawBar(root, parts, { reading, say, name: who(pupil, told()), keyed });
    parts.modes.replaceChildren(...modesOf(say, { mode, all: reading.phase === "stopped", chosen: (one) => (mode = one) }));
    for (const button of beside) button.hidden = reading.phase === "reading" || isAsking(reading);
    text.draw(reading);
    clock();
  }

  parts.act.addEventListener("click", () => change(ACTS[reading.phase](reading, { field, now_ms: now() })));
  parts.none.addEventListener("click", () => change(readings.ended(reading, 0)));
  parts.whole.addEventListener("click", () => change(readings.ended(reading, reading.words.length)));
  draw();
  return [headOf(given, pupil, rank), parts.help, barOf(parts), text.node, h("nav", { class: "fluency-turns" }, beside)];
}

/** What the one big button does. @type {Record<Reading["phase"], (reading: Reading, at: {field: Field, now_ms: number}) => Reading>} */
const ACTS = {
  ready: (reading, { now_ms }) => readings.started(reading, now_ms),
  reading: (reading, { now_ms }) => readings.stopped(reading, now_ms),
  stopped: (_, { field }) => readings.ready(field), // what was kept stays until a new reading is whole
};

/** Whether the last word is asked for. @param {Reading} reading */
const isAsking = ({ phase, last }) => phase === "stopped" && last === null;

/** Let time go by while the reading is on the page. @param {HTMLElement} root @param {() => void} gone @param {() => boolean} runs */
function tick(root, gone, runs) {
  const ticking = setInterval(() => {
    if (root.isConnected) gone();
    if (!runs() || !root.isConnected) clearInterval(ticking);
  }, TICK_MS);
}

/** The ways to the pupils beside. @param {Given} given @param {number} rank @param {(rank: number) => void} turn */
function turnButtons({ pupils }, rank, turn) {
  const say = told().fluency;
  return [rank - 1, rank + 1].flatMap((at) => {
    const pupil = pupils[at];
    if (!pupil) return [];
    const before = at < rank;
    const words = before ? say.previous(who(pupil, told())) : say.next(who(pupil, told()));
    const test = before ? "fluency-previous" : "fluency-next";
    return [h("button", { type: "button", class: `button ${before ? "text" : "main"}`, "data-test": test, onclick: () => turn(at) }, words)];
  });
}

/** @param {Given} given @param {Pupil} pupil @param {number} rank */
function headOf({ pupils, back }, pupil, rank) {
  const say = told().fluency;
  return h("header", { class: "fluency-head" },
    h("h1", { tabindex: "-1" }, who(pupil, told())),
    h("p", { class: "fluency-rank" }, say.pupilOf(rank + 1, pupils.length)),
    h("button", { type: "button", class: "button text", "data-test": "fluency-back", onclick: () => back() }, say.back));
}

/** @typedef {ReturnType<typeof partsOf>} Parts */

/** What stays in view; as high before the start as after, so that no word moves under a finger. @param {Parts} parts */
const barOf = ({ seconds, bar, act, signal, asking, modes }) =>
  h("div", { class: "fluency-bar" }, h("div", { class: "fluency-run" }, seconds, act), bar, h("div", { class: "fluency-say" }, signal, asking, modes));

/**
 * @param {HTMLElement} root @param {Parts} parts
 * @param {{reading: Reading, say: Say, name: string, keyed: string}} of keyed: words a minute that stand already
 */
function drawBar(root, parts, { reading, say, name, keyed }) {
  const { phase } = reading;
  const asks = isAsking(reading);
  root.dataset.phase = asks ? "asking" : phase;
  parts.act.textContent = { ready: say.start, reading: say.stop, stopped: say.again }[phase];
  parts.act.classList.toggle("main", phase !== "stopped");
  parts.act.classList.toggle("quiet", phase === "stopped");
  for (const part of [parts.seconds, parts.bar, parts.help]) part.hidden = phase === "stopped";
  parts.asking.hidden = !asks;
  parts.modes.hidden = phase === "ready" || asks;
  drawSignal(parts.signal, linesOf({ reading, say, name, keyed }));
}

/** @param {Parts} parts @param {Reading} reading @param {number} now_ms */
function drawClock({ seconds, bar }, reading, now_ms) {
  const left = readings.left_s(reading, now_ms);
  if (seconds.textContent === String(left)) return;
  seconds.textContent = String(left);
  bar.max = reading.limit_s;
  bar.value = reading.limit_s - left;
}

/** What stands between name and text. @param {Say} say */
function partsOf(say) {
  const seconds = h("span", { role: "timer", class: "fluency-seconds", "data-test": "fluency-seconds" });
  const bar = h("progress", { class: "fluency-left", "aria-label": say.left });
  const none = h("button", { type: "button", class: "button quiet", "data-test": "fluency-none" }, say.noWord);
  const whole = h("button", { type: "button", class: "button quiet", "data-test": "fluency-whole" }, say.wholeText);
  return {
    seconds, bar, none, whole,
    help: h("p", { class: "fluency-help" }, say.reading),
    act: h("button", { type: "button", class: "button main fluency-act", "data-test": "fluency-act" }),
    signal: h("div", { class: "fluency-signal", role: "status", "data-test": "fluency-signal" }),
    asking: h("div", { class: "fluency-asking" }, none, whole),
    modes: h("fieldset", { class: "fluency-modes" }),
  };
}

/** What to do now, or what came out. @param {{reading: Reading, say: Say, name: string, keyed: string}} of */
function linesOf({ reading, say, name, keyed }) {
  if (reading.phase === "ready") return [...(keyed ? [say.result(Number(keyed))] : []), say.before(name)];
  if (reading.phase === "reading") return [];
  const out = readings.outcome(reading);
  if (out) return [say.result(out.correct), say.detail(out), say.correct];
  return [reading.seconds === reading.limit_s ? say.timeUp : say.stopped, say.lastAsked];
}

/** @param {HTMLElement} signal @param {string[]} lines */
function drawSignal(signal, lines) {
  const said = lines.join("\n");
  if (signal.dataset.said === said) return; // a screen reader says it once
  signal.dataset.said = said;
  signal.replaceChildren(...lines.map((line) => h("p", {}, line)));
}

/**
 * @param {Say} say
 * @param {{mode: Mode, all: boolean, chosen: (mode: Mode) => void}} at
 */
function modesOf(say, { mode, all, chosen }) {
  /** @type {Mode[]} */
  const modes = all ? ["wrong", "hesitated", "last"] : ["wrong", "hesitated"];
  const inputs = modes.map((one) => {
    const input = h("input", { type: "radio", name: "fluency-mode", value: one, checked: one === mode, "data-test": `fluency-mode-${one}`, onchange: () => chosen(one) });
    return h("label", { class: "set" }, input, say.modes[one]);
  });
  return [h("legend", {}, say.touching), ...inputs];
}
