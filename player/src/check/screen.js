// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The page that an adult opens on each computer of a room, days before: what works, what does not,
 * what to do. It can be printed and copied; it names neither the computer nor the school.
 * @module
 */

import { h } from "../items/dom.js";
import { button, say } from "../shell/screen.js";
import { SAY } from "../strings.js";
import { all } from "./probes.js";

/** @typedef {import("./probes.js").Verdict} Verdict */

const TONE_HZ = 440;
const TONE_S = 1;

/**
 * @param {() => Promise<import("../core/manifest.js").Manifest>} manifest @param {() => void} back
 * @returns {import("../shell/screen.js").Screen}
 */
export function checkScreen(manifest, back) {
  const list = h("ul", { class: "probes" });
  const verdict = h("p", { class: "lead", role: "status", "data-test": "check-verdict" }, SAY.computer.running);
  /** @type {string[]} */
  const lines = [];
  /** @type {Verdict} */
  let worst = "good";
  all(manifest, (probe, { verdict: one, figure }) => {
    const words = SAY.computer.probes[probe];
    const text = `${words.name}\u00a0: ${words[one](figure)}`;
    lines.push(`[${SAY.computer.marks[one]}] ${text}`);
    list.append(h("li", { class: `probe ${one}`, "data-test": `probe-${probe}`, "data-verdict": one },
      h("strong", {}, SAY.computer.marks[one]), " ", text));
    if (one === "bad" || (one === "warn" && worst === "good")) worst = one;
  }).then(() => {
    verdict.textContent = SAY.computer.verdict[worst];
    verdict.className = `lead ${{ good: "good", warn: "warn", bad: "warn" }[worst]}`;
    verdict.dataset.verdict = worst;
  });
  const copy = () => navigator.clipboard?.writeText([verdict.textContent, ...lines].join("\n")).then(() => say(SAY.computer.copied), () => {});
  const main = h("main", { class: "card wide-card", "data-test": "check" },
    h("h1", {}, SAY.computer.title),
    h("p", {}, SAY.computer.lead),
    verdict, list,
    h("section", {}, h("h2", {}, SAY.computer.soundTitle), h("p", {}, SAY.computer.soundText), button(SAY.computer.playTone, "check-tone", tone, "quiet")),
    h("div", { class: "actions" },
      button(SAY.computer.print, "check-print", () => print(), "quiet"), button(SAY.computer.copy, "check-copy", copy, "quiet"), button(SAY.computer.back, "check-back", back)));
  return { title: SAY.computer.title, main };
}

/** A second of sound. */
function tone() {
  const audio = new AudioContext();
  const note = audio.createOscillator();
  const loud = audio.createGain();
  note.frequency.value = TONE_HZ;
  loud.gain.value = 0.2;
  note.connect(loud).connect(audio.destination);
  note.start();
  note.stop(audio.currentTime + TONE_S);
  note.onended = () => audio.close();
}
