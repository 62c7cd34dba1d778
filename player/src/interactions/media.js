// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Media: something to hear or to watch, as often as the item allows; the answer is how often it
 * was begun. Our own controls, for the browser's offer a download and hide the count.
 * @module
 */

import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { count, prompt } from "./given.js";

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function media(given) {
  const { node } = prompt(given);
  const most = count(given.element, "max-plays", 0);
  const least = count(given.element, "min-plays", 0);
  const holder = h("div", { class: "media" }, given.flow(given.element, () => null));
  const player = /** @type {HTMLMediaElement | null} */ (holder.querySelector("audio, video"));
  const press = h("button", { type: "button", class: "button main", "data-test": "play" }, ASK.play);
  const bar = h("progress", { max: 1, value: 0, "aria-label": ASK.played });
  const left = h("p", { class: "note", role: "status" });
  let plays = 0;
  let begun = false; // from its beginning, and not at its end yet

  if (player) {
    player.controls = false;
    player.loop = given.element.getAttribute("loop") === "true";
    player.addEventListener("timeupdate", () => (bar.value = player.duration ? player.currentTime / player.duration : 0));
    player.addEventListener("ended", () => {
      begun = false;
      draw();
    });
    for (const kind of ["play", "pause"]) player.addEventListener(kind, draw);
    player.addEventListener("error", () => (left.textContent = ASK.mediaBroken));
  }

  const spent = () => most > 0 && plays >= most && !begun;

  function draw() {
    const playing = player !== null && !player.paused && !player.ended;
    press.textContent = playing ? ASK.pauseMedia : begun ? ASK.goOnMedia : plays > 0 ? ASK.playAgain : ASK.play;
    press.disabled = !player || spent();
    const remaining = most > 0 ? ASK.playsLeft(Math.max(0, most - plays)) : "";
    left.textContent = plays < least ? `${ASK.playsAsked(least)} ${remaining}`.trim() : remaining;
  }

  async function toggle() {
    if (!player || spent()) return;
    if (!player.paused) return player.pause();
    try {
      await player.play();
    } catch {
      left.textContent = ASK.mediaBroken; // nothing is counted
      return;
    }
    if (begun) return;
    begun = true;
    plays += 1;
    draw();
    given.changed();
  }

  press.addEventListener("click", toggle);
  if (given.element.getAttribute("autostart") === "true") queueMicrotask(() => plays === 0 && toggle());
  draw();
  return {
    node: h("div", { class: "interaction" }, node, holder, h("div", { class: "actions" }, press, bar), left),
    read: () => (plays > 0 ? [String(plays)] : []),
    write([value]) {
      plays = Number.parseInt(value ?? "", 10) || 0;
      draw();
    },
  };
}
