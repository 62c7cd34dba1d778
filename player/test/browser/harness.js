// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One item on an empty page, for the tests: `mount(body, declarations, responses)` shows it and
 * `answers()` reads it back. Bundled by the tests, never by the build.
 * @module
 */

import { show } from "../../src/items/item.js";

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#dfe8d8"/></svg>';
const SPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";

/** @type {any} */
const page = window;

/**
 * @param {string} body inside of qti-item-body
 * @param {Record<string, import("../../src/items/bundle.js").Declaration>} responses
 * @param {import("../../src/core/sheet.js").Responses} given put back before anything is done
 * @param {string} sid
 */
page.mount = (body, responses, given = {}, sid = "00") => {
  const text = `<qti-assessment-item xmlns="${SPACE}"><qti-item-body>${body}</qti-item-body></qti-assessment-item>`;
  const xml = () => new DOMParser().parseFromString(text, "application/xml");
  const media = (/** @type {string} */ name) =>
    name.startsWith("media/") ? URL.createObjectURL(new Blob([PICTURE], { type: "image/svg+xml" })) : null;
  const entry = () => ({ title: "", href: "item.xml", stimuli: [], responses, interactions: [] });
  const index = { title: "", lang: "fr", sections: [], items: {}, files: {}, test: { id: "t", parts: [] } };
  page.changes = 0;
  const heard = { changed: () => (page.changes += 1), say: (/** @type {string} */ words) => (page.said = words) };
  const shown = show({ index, items: ["item"], entry, xml, media }, "item", sid, heard);
  shown.write(given);
  document.querySelector("main")?.replaceChildren(shown.body);
  page.answers = shown.read;
};
