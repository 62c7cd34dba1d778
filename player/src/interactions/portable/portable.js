// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Portable custom interaction: the author's program, in a frame that has no origin, no network and
 * no way to the page but messages. docs/spec/portable.md. What it says is believed only as far as
 * the declaration of the response goes.
 * @module
 */

import { h } from "../../items/dom.js";
import { ASK } from "../../strings.js";
import { parts, prompt } from "../given.js";

/** @typedef {import("../given.js").Given} Given */

const TALLEST_PX = 2_000;
const LONGEST = 20_000; // characters of one answer
const MOST = 200;

/** Where the frame's page is: the player's page says so. */
const frameAddress = () => document.querySelector('meta[name="encrier-frame"]')?.getAttribute("content") ?? "";

/** @param {Given} given @returns {import("../given.js").Interaction} */
export function portable(given) {
  const { node } = prompt(given);
  const address = frameAddress();
  if (!address) return { node: h("p", { class: "unknown" }, ASK.unknown), read: () => [], write: () => {} };
  const note = h("p", { class: "note", role: "status" }, ASK.programComes);
  const frame = h("iframe", { src: address, sandbox: "allow-scripts", title: ASK.program, class: "portable", referrerpolicy: "no-referrer" });
  /** @type {string[]} */
  let values = [];
  let ready = false;

  /** @param {MessageEvent} event */
  function heard(event) {
    if (ready && !frame.isConnected) return window.removeEventListener("message", heard);
    if (event.source !== frame.contentWindow) return; // its origin is none: the window is what counts
    const said = event.data;
    if (said?.kind === "ready") {
      ready = true;
      start();
    } else if (said?.kind === "running") note.textContent = "";
    else if (said?.kind === "failed") note.textContent = ASK.programFails;
    else if (said?.kind === "height" && Number.isFinite(said.px)) {
      frame.style.setProperty("height", `${Math.min(Math.max(said.px, 40), TALLEST_PX)}px`);
    } else if (said?.kind === "response") {
      const read = lexical(said.response, given.declaration);
      if (read === null || JSON.stringify(read) === JSON.stringify(values)) return;
      values = read;
      given.changed();
    }
  }

  function start() {
    frame.contentWindow?.postMessage({ kind: "start", ...programOf(given), values }, "*");
  }

  window.addEventListener("message", heard);
  return {
    node: h("div", { class: "interaction" }, node, frame, note),
    read: () => values,
    write(before) {
      values = before;
      if (ready) start();
    },
  };
}

/** What the frame is given: modules as text, settings, markup; nothing of the sitting. @param {Given} given */
function programOf({ element, declaration, source, content }) {
  const modules = parts(element, "qti-interaction-module").map((one) => ({
    id: one.getAttribute("id") ?? "",
    code: source(one.getAttribute("primary-path") ?? "") ?? source(one.getAttribute("fallback-path") ?? "") ?? "",
  }));
  const markup = parts(element, "qti-interaction-markup")[0];
  const holder = h("div", {}, markup ? content(markup) : []);
  const properties = Object.fromEntries(
    Array.from(element.attributes).filter((a) => a.name.startsWith("data-")).map((a) => [a.name.slice(5), a.value]));
  return {
    type: element.getAttribute("custom-interaction-type-identifier") ?? "",
    module: element.getAttribute("module") ?? modules.at(-1)?.id ?? "",
    response: element.getAttribute("response-identifier") ?? "",
    declaration, modules, properties, markup: holder.innerHTML,
  };
}

/**
 * A response in the JSON of portable interactions, as the values of a sheet; null when it is not
 * one of the declared kind.
 * @param {any} response @param {import("../../items/bundle.js").Declaration} declaration
 * @returns {string[] | null}
 */
export function lexical(response, { cardinality, base_type }) {
  if (response === null || response === undefined || response.base === null) return [];
  if (cardinality === "record") {
    const written = JSON.stringify(response);
    return Array.isArray(response.record) && written.length <= LONGEST ? [written] : null;
  }
  const held = cardinality === "single" ? response.base : response.list;
  const value = held?.[base_type];
  if (value === undefined || value === null) return [];
  const members = cardinality === "single" ? [value] : value;
  if (!Array.isArray(members) || members.length > MOST) return null;
  const written = members.map((member) => (Array.isArray(member) ? member.join(" ") : String(member)));
  return written.every((one) => one.length <= LONGEST) ? written : null;
}
