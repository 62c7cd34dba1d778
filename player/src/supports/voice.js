// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Reading aloud, by a voice that is on this computer: one that is elsewhere would send the words of
 * the question to somebody else. Says so where there is none.
 * @module
 */

import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import { current } from "./desk.js";

const UNSPOKEN = "script, style, .note, .hint, [aria-hidden=true]";

/** A voice of this computer for that language, or null. @param {string} lang */
export const voiceFor = (lang) =>
  globalThis.speechSynthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(lang)) ?? null;

/**
 * What is said of a part of the page: words, names of pictures, formulas in words; each choice on
 * its own breath.
 * @param {Element} root
 */
export function wordsOf(root) {
  const copy = /** @type {Element} */ (root.cloneNode(true));
  copy.querySelectorAll(UNSPOKEN).forEach((one) => one.remove());
  copy.querySelectorAll("[role=math]").forEach((one) => one.replaceWith(one.getAttribute("aria-label") ?? ""));
  copy.querySelectorAll("img[alt]").forEach((one) => one.replaceWith(` ${one.getAttribute("alt") ?? ""}. `));
  copy.querySelectorAll("p, li, .choice, .tag, td, th, div, h2, h3").forEach((one) => one.append(". "));
  return (copy.textContent ?? "").replace(/\s+/g, " ").replace(/([.?!:;,])(\s*\.)+/g, "$1").trim();
}

/**
 * A button that reads these parts, or says why it cannot; null where the pupil has not asked for it.
 * @param {Element[]} parts @param {string} lang
 */
export function readAloud(parts, lang) {
  if (current().voice !== "on") return null;
  const press = h("button", { type: "button", class: "button text", "data-test": "read-aloud" }, SAY.readAloud);
  press.addEventListener("click", () => {
    const synthesis = globalThis.speechSynthesis;
    if (synthesis?.speaking) {
      synthesis.cancel();
      return;
    }
    const voice = voiceFor(lang);
    if (!voice) {
      press.textContent = SAY.noVoice;
      return;
    }
    const spoken = new SpeechSynthesisUtterance(parts.map(wordsOf).join(" "));
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.rate = 0.9;
    spoken.onstart = () => (press.textContent = SAY.stopReading);
    spoken.onend = spoken.onerror = () => (press.textContent = SAY.readAloud);
    synthesis.speak(spoken);
  });
  return press;
}

/** Nothing of the question before is read on. */
export const hush = () => globalThis.speechSynthesis?.cancel();

const VOICES_MS = 1_500;

/** The voice of that language, once the browser has told which it has. @param {string} lang */
export async function voiceInTime(lang) {
  if (!voiceFor(lang)) {
    await new Promise((done) => {
      globalThis.speechSynthesis?.addEventListener("voiceschanged", done, { once: true });
      setTimeout(done, VOICES_MS);
    });
  }
  return voiceFor(lang);
}
