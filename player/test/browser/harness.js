// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One item on an empty page, for the tests: `mount(body, declarations, responses)` shows it and
 * `answers()` reads it back. Bundled by the tests, never by the build.
 * @module
 */

import { opened } from "../../src/items/bundle.js";
import { show } from "../../src/items/item.js";
import { questionScreen } from "../../src/shell/question.js";

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#dfe8d8"/></svg>';
const SPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";

/** @type {any} */
const page = window;

/** A second of silence: 8,000 samples of one byte. */
function silence() {
  const bytes = new Uint8Array(44 + 8_000).fill(128);
  const at = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("RIFF"), 0);
  at.setUint32(4, 36 + 8_000, true);
  bytes.set(new TextEncoder().encode("WAVEfmt "), 8);
  [16, 0x10001, 8_000, 8_000, 0x80001].forEach((value, i) => at.setUint32(16 + 4 * i, value, true));
  bytes.set(new TextEncoder().encode("data"), 36);
  at.setUint32(40, 8_000, true);
  return bytes;
}

/**
 * @param {string} body inside of qti-item-body
 * @param {Record<string, import("../../src/items/bundle.js").Declaration>} responses
 * @param {import("../../src/core/sheet.js").Responses} given put back before anything is done
 * @param {string} sid
 */
page.mount = (body, responses, given = {}, sid = "00") => {
  const text = `<qti-assessment-item xmlns="${SPACE}"><qti-item-body>${body}</qti-item-body></qti-assessment-item>`;
  const xml = () => new DOMParser().parseFromString(text, "application/xml");
  const media = (/** @type {string} */ name) => {
    if (!name.startsWith("media/")) return null;
    const made = name.endsWith(".wav") ? new Blob([silence()], { type: "audio/wav" }) : new Blob([PICTURE], { type: "image/svg+xml" });
    return URL.createObjectURL(made);
  };
  const entry = () => ({ title: "", href: "item.xml", stimuli: [], responses, interactions: [] });
  const index = { title: "", lang: "fr", sections: [], items: {}, files: {}, test: { id: "t", parts: [] } };
  page.changes = 0;
  const heard = { changed: () => (page.changes += 1), say: (/** @type {string} */ words) => (page.said = words) };
  const shown = show({ index, items: ["item"], entry, xml, media, arrival: () => {}, source: (name) => page.sources?.[name] ?? null }, "item", sid, heard);
  shown.write(given);
  document.querySelector("main")?.replaceChildren(shown.body);
  page.answers = shown.read;
  page.missing = shown.missing;
};

/**
 * Show the first item of a bundle as on the screen of a question.
 * @param {{index: import("../../src/items/bundle.js").Index, files: Record<string, {type: string, bytes: number[]}>}} made
 */
page.mountBundle = ({ index, files }) => {
  const bundle = opened(index, new Map(Object.entries(files).map(([name, { bytes }]) => [name, new Uint8Array(bytes)])));
  const heard = { changed: () => {}, say: () => {} };
  const item = bundle.items[0] ?? "";
  const shown = show(bundle, item, "00", heard);
  const act = { previous: () => {}, next: () => {}, overview: () => {}, cleared: () => {}, flag: () => {} };
  const question = { item, rank: 1, total: 1, section: "", shown, lang: index.lang, calculator: "", linear: false, closed: false, first: true, last: false, flagged: false };
  document.querySelector("main")?.replaceWith(questionScreen(question, act).main);
};
