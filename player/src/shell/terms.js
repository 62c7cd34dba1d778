// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What adults grant on the way: extra time, a pause, an end. Each receipt comes with a mark that
 * changes with it, so that the host is asked only when it does, or when nothing was saved for long.
 * @module
 */

import { unseal } from "../core/terms.js";
import * as hostClock from "../saving/host-clock.js";
import * as session from "../saving/session.js";
import { Refused, terms as askTerms } from "../saving/wire.js";

/** @typedef {import("../core/terms.js").Terms} Terms */
/** @typedef {import("../saving/wire.js").SentTerms} SentTerms */
/**
 * @typedef {object} Listening
 * @property {import("../saving/disk.js").Disk} db
 * @property {import("../core/keys.js").CodeKeys} keys
 * @property {import("../core/bytes.js").Bytes} campaign
 * @property {SentTerms} sentTerms as the host told them at the sign-in
 * @property {Terms} terms the same, opened
 */
/**
 * @typedef {object} Hearers
 * @property {(now: Terms, before: Terms) => void} changed
 * @property {(left_s: number) => void} ending the session ends in so many seconds: 300, 60, then 0
 * @property {() => void} reopened it goes on after all
 */

const CALM_MS = 75_000;
const WAITING_MS = 15_000; // in a pause, or at the end: somebody waits for it
const TICK_MS = 1_000;
const MARKS_S = [300, 60, 0];

/** @param {Listening} listening @param {Hearers} hear */
export function listen({ db, keys, campaign, sentTerms, terms }, { changed, ending, reopened }) {
  let sent = sentTerms;
  let now = terms;
  let left_s = Infinity;
  let asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const ticking = setInterval(tick, TICK_MS);
  later();

  /** Seconds before the session ends, by the host's clock; Infinity while it has not told the time. */
  const left = () => (hostClock.now() ? Math.max(0, (sent.closesAt - hostClock.now()) / 1000) : Infinity);

  function tick() {
    const before = left_s;
    left_s = left();
    const mark = MARKS_S.findLast((one) => left_s <= one);
    if (mark !== undefined && before > mark) ending(mark);
    if (before === 0 && left_s > 0) reopened();
  }

  function later() {
    clearTimeout(timer);
    const wait = now.paused || left_s === 0 ? WAITING_MS : CALM_MS;
    timer = setTimeout(ask, wait * (0.75 + Math.random() / 2)); // a class does not ask as one
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      await take(await askTerms(keys));
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault; // a host that is silent is asked again
    } finally {
      asking = false;
      later();
    }
  }

  /** @param {SentTerms} told */
  async function take(told) {
    if (told.mark === sent.mark) return;
    const opened = await unseal(told.box, keys.terms, { campaign, sid: keys.sid });
    const before = now;
    [sent, now] = [told, opened];
    await session.renew(db, sent);
    changed(now, before);
    tick();
  }

  return {
    /** The mark that came with a receipt; "" with what is none. @param {string} mark */
    heard(mark) {
      if (mark && mark !== sent.mark) ask();
      else if (mark) later();
    },
    end() {
      clearTimeout(timer);
      clearInterval(ticking);
    },
  };
}
