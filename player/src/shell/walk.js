// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * From one screen of the test to the next, as the test says: parts that are free or only go
 * forward, routes, times, what may be seen again. The course decides, the saver keeps.
 * @module
 */

import { fits, isAnswered } from "../core/sheet.js";
import { made } from "../items/content.js";
import { show as showItem } from "../items/item.js";
import * as session from "../saving/session.js";
import { SAY } from "../strings.js";
import { TEST, around, maximum, tightest, tooEarly } from "../test/limits.js";
import { finishScreen, overviewScreen } from "./after.js";
import { introScreen, partEndScreen, pausedScreen, timeUpScreen, unansweredScreen } from "./between.js";
import { showLeft, ticking, warn } from "./clock.js";
import { questionScreen } from "./question.js";
import { canRedraw, say, show } from "./screen.js";

/** @typedef {import("../test/route.js").Stop} Stop */
/** @typedef {import("../test/limits.js").Around} Around */
/** @typedef {import("../test/outline.js").Text} Text */
/** Who keeps the answers. @typedef {Pick<import("../saving/saver.js").Saver, "sheet" | "answer" | "place" | "flag" | "spend"> & {event: (kind: import("../core/sheet.js").EventKind) => void, send: () => void}} Keeper */
/**
 * @typedef {object} Walking
 * @property {import("../items/bundle.js").Bundle} bundle
 * @property {import("../test/course.js").Course} way
 * @property {Keeper} saver
 * @property {string} sid hex
 * @property {() => number} extraTime percent, as it is granted now
 * @property {(name: string) => void} seen the item shown from now on, or ""
 * @property {(why: "asked" | "time") => void} finish
 * @property {(() => void) | null} pause leave this computer to another pupil
 * @property {() => HTMLElement | null} adult what the adult can do, where saving is in trouble
 */

/** @param {Walking} walking */
export function walk({ bundle, way, saver, sid, extraTime, seen, finish, pause, adult }) {
  const { stops } = way;
  let at = -1;
  let over = false;
  let isHeld = false; // an adult has stopped the clock
  let section = "";
  let missing = () => ""; // what the question shown still asks for
  const stopTicking = ticking(gone);

  /** @param {number} place */
  const stop = (place) => /** @type {Stop} */ (stops[place]);
  /** @param {Stop} here */
  const held = (here) => around(way.test, way.elements, here);
  /** @param {Around} one seconds */
  const spent = (one) => (saver.sheet().test?.spent[one.key] ?? 0) / 1000;
  /** @param {Stop} here whether a time around it is up */
  const isClosed = (here) => held(here).some((one) => spent(one) >= maximum(one.limits, extraTime()));
  /** @param {Stop} here */
  const isOpen = (here) => !isClosed(here) || (way.elements.items.get(here.ref)?.control?.allow_review ?? true);
  /** @param {Stop} here */
  const answered = (here) => isAnswered(saver.sheet(), here.name);

  /** Take up the test where the sheet says, or at its beginning. */
  async function start() {
    const place = way.place(saver.sheet().test?.at ?? "");
    if (place < 0) return arrive(await way.begin(saver.sheet()));
    at = place;
    question(place);
  }

  /** Draw a screen, so that it can be drawn again in another language. @param {() => void} screen */
  function look(screen) {
    screen();
    canRedraw(() => look(screen));
  }

  /** Come to a stop from the one before: first what the test says there. @param {number} place */
  function arrive(place) {
    if (place >= stops.length) return look(() => confirm(null));
    const before = at < 0 ? null : stop(at);
    at = place;
    const intro = introOf(stop(place), before);
    if (intro) look(() => show(introScreen(intro, () => question(place))));
    else question(place);
  }

  /** What is said on entering a part or a section; null where nothing is. @param {Stop} here @param {Stop | null} before */
  function introOf(here, before) {
    const part = way.elements.parts.get(here.part);
    const newPart = before?.part !== here.part;
    const was = new Set(before?.sections.map((one) => one.name));
    const entered = here.sections.filter((one) => !was.has(one.name)).map((one) => way.elements.sections.get(one.id));
    const texts = [...(before ? [] : (way.test.rubrics ?? [])), ...(newPart ? (part?.rubrics ?? []) : []),
      ...entered.flatMap((one) => one?.rubrics ?? [])];
    const linear = newPart && way.isLinear(here);
    if (texts.length === 0 && !linear) return null;
    const title = (newPart && part?.title) || (entered.find((one) => one?.title)?.title ?? bundle.index.title);
    return { title, texts: written(texts), linear };
  }

  /** @param {Text[]} texts */
  const written = (texts) => texts.flatMap(({ href }) =>
    made([bundle.xml(href).documentElement], { media: bundle.media, arrival: bundle.arrival, interaction: () => null }));

  /** @param {number} place */
  function question(place) {
    at = place;
    const here = stop(place);
    saver.place(here.name, way.isLinear(here));
    session.place.set(here.name);
    seen(here.name);
    look(() => drawQuestion(here));
    gone(0); // the clock of this question, at once
    if (section && sectionOf(here) !== section) saver.send();
    section = sectionOf(here);
  }

  /** @param {Stop} here */
  const sectionOf = (here) =>
    [...here.sections].reverse().map((one) => way.elements.sections.get(one.id)?.title).find(Boolean) ?? "";

  /** @param {Stop} here */
  function drawQuestion(here) {
    /** @param {import("../core/sheet.js").Responses} given */
    const changed = (given) => {
      if (fits(saver.sheet(), here.name, given)) return saver.answer(here.name, given);
      item.write(saver.sheet().items[here.name]?.r ?? {});
      note(SAY.noRoom);
    };
    const item = showItem(bundle, here.ref, sid, { changed, say });
    missing = item.missing;
    item.write(saver.sheet().items[here.name]?.r ?? {});
    const linear = way.isLinear(here);
    const inPart = linear ? stops : way.partOf(here);
    const read = reading(bundle.entry(here.ref).stimuli.join());
    show(questionScreen({
      item: here.name, rank: rankOf(here), total: way.routed ? null : stops.length, section: sectionOf(here),
      shown: item, lang: bundle.index.lang, calculator: bundle.entry(here.ref).calculator ?? "", linear, closed: isClosed(here), first: here === inPart[0], last: !linear && here === inPart.at(-1),
      flagged: saver.sheet().test?.flags.includes(here.name) ?? false,
    }, {
      previous: () => question(at - 1),
      next: () => onward(here),
      overview,
      cleared: () => changed({}),
      flag: (on) => saver.flag(here.name, on),
    }));
    read();
  }

  /**
   * Which question this is for the pupil: its place, or where items may be left out, how many were
   * seen before it; in a free part, before the part.
   * @param {Stop} here
   */
  function rankOf(here) {
    if (!way.routed) return stops.indexOf(here) + 1;
    const seenBefore = (/** @type {Stop} */ one) =>
      stops.slice(0, stops.indexOf(one)).filter((other) => other.name in saver.sheet().items).length;
    const inPart = way.partOf(here);
    return way.isLinear(here) ? seenBefore(here) + 1 : seenBefore(/** @type {Stop} */ (inPart[0])) + inPart.indexOf(here) + 1;
  }

  /** @param {Stop} here */
  async function onward(here) {
    const next = stops[at + 1];
    if (!way.isLinear(here)) return next?.part === here.part ? question(at + 1) : overview();
    const control = way.elements.items.get(here.ref)?.control;
    const done = answered(here) || isClosed(here) || bundle.entry(here.ref).interactions.length === 0;
    if (!done && control?.allow_skipping === false) return note(SAY.answerFirst);
    if (control?.validate_responses && !isClosed(here) && missing()) return note(missing());
    if (early(here, next)) return;
    if (!done) return look(() => show(unansweredScreen({ leave: forward, stay: () => question(at) })));
    await forward();
  }

  async function forward() {
    arrive(await way.next(at, saver.sheet()));
  }

  /** Say so when a minimum time is not over yet. @param {Stop} here @param {Stop | undefined} next */
  function early(here, next) {
    const stays = new Set(next ? held(next).map((one) => one.key) : []);
    const wait_s = tooEarly(held(here).filter((one) => !stays.has(one.key)), spent);
    if (wait_s > 0) note(SAY.tooEarly(Math.ceil(wait_s)));
    return wait_s > 0;
  }

  function overview() {
    seen("");
    const here = stop(at);
    look(() => show(overviewScreen({ way, sheet: saver.sheet(), here, isOpen, rankOf, lastPart: here.part === way.test.parts.at(-1)?.id }, {
      go: (name) => question(way.place(name)), back: () => question(at), finish: endPart, pause,
    }, adult())));
  }

  /** The end of a free part is asked for. */
  async function endPart() {
    const here = stop(at);
    if (early(here, undefined)) return;
    const following = await way.afterPart(at, saver.sheet());
    if (following >= stops.length) return look(() => confirm(overview));
    const blank = way.partOf(here).filter((one) => !answered(one)).length;
    look(() => show(partEndScreen(blank, { confirm: () => leavePart(following), back: overview })));
  }

  /** @param {number} following */
  function leavePart(following) {
    const texts = (way.elements.parts.get(stop(at).part)?.feedbacks ?? []);
    if (texts.length === 0) return arrive(following);
    look(() => show(introScreen({ title: SAY.partOver, texts: written(texts), linear: false }, () => arrive(following))));
  }

  /** @param {(() => void) | null} back null where one can only go forward */
  function confirm(back) {
    seen("");
    const met = way.routed ? stops.filter((one) => one.name in saver.sheet().items) : stops;
    const blank = met.filter((one) => !answered(one)).length;
    show(finishScreen(blank, { confirm: () => finish("asked"), back }));
  }

  /** @param {number} ms */
  function gone(ms) {
    if (over || isHeld || at < 0) return;
    const limited = held(stop(at)).filter((one) => one.limits.max_s !== undefined || one.limits.min_s !== undefined);
    const before = tightest(limited, spent, extraTime());
    saver.spend(limited.map((one) => one.key), ms);
    const { one, left_s } = tightest(limited, spent, extraTime());
    showLeft(one?.level ?? "test", left_s);
    if (!one) return;
    warn(one.level, before.left_s, left_s);
    if (left_s === 0 && before.left_s > 0) timeUp(one);
  }

  /** @param {Around} one */
  async function timeUp(one) {
    saver.event("time-up");
    saver.send();
    if (one.key === TEST) return finish("time");
    const here = stop(at);
    const following = await afterTime(one, here);
    look(() => show(timeUpScreen(one.level, following === null ? overview : () => arrive(following))));
  }

  /** Where to go when time is up; null: the overview of a free part. @param {Around} one @param {Stop} here @returns {Promise<number | null>} */
  async function afterTime(one, here) {
    if (one.level === "part") return way.afterPart(at, saver.sheet());
    if (!way.isLinear(here)) {
      const open = way.partOf(here).find((other) => !isClosed(other) && !answered(other));
      return open ? stops.indexOf(open) : null;
    }
    const inside = stops.filter((other) => other === here || other.sections.some((s) => s.name === one.key));
    const last = one.level === "section" ? stops.indexOf(/** @type {Stop} */ (inside.at(-1))) : at;
    return way.next(last, saver.sheet());
  }

  return {
    start,
    /** What the test says once it is over. */
    closing: () => written(way.test.feedbacks ?? []),
    /** Nothing goes on, and no time goes by, until `goOn`. */
    hold() {
      isHeld = true;
      seen("");
      look(() => show(pausedScreen()));
    },
    goOn() {
      isHeld = false;
      if (at < 0) start();
      else question(at);
    },
    /** Nothing is shown by the walk from now on. */
    end() {
      over = true;
      stopTicking();
    },
  };
}

/** Why one cannot go on, beside the buttons and aloud. @param {string} words */
export function note(words) {
  const place = document.querySelector('[data-test="way-note"]');
  if (place) place.textContent = words; // a status: it is read out by itself
  else say(words);
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
