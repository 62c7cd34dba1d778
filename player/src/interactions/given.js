// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What every interaction is given and gives. Each is drawn with the browser's own controls, so
 * that keyboard, zoom, screen readers and old browsers have what they expect.
 * @module
 */

import { h } from "../items/dom.js";
import { shuffled } from "../items/shuffle.js";
import { ASK } from "../strings.js";

/**
 * @typedef {object} Given
 * @property {Element} element the QTI interaction
 * @property {string} id unique in the page
 * @property {import("../items/bundle.js").Declaration} declaration
 * @property {string} seed for the order of choices
 * @property {number} rank of this interaction in the item, from 1
 * @property {number} count of interactions in the item
 * @property {(element: Element) => Node[]} content what an element holds, as shown
 * @property {(holder: Element, special: (element: Element) => Node | null) => Node[]} flow the same, with some elements drawn by the interaction
 * @property {(name: string) => string | null} media
 * @property {(name: string) => string | null} source text of a program of the bundle
 * @property {(typing?: boolean) => void} changed the pupil changed the answer
 * @property {(text: string) => void} say
 */
/**
 * Values are in QTI lexical form (docs/spec/answer-sheet.md); none is no answer.
 * @typedef {{node: HTMLElement, read: () => string[], write: (values: string[]) => void}} Interaction
 */

/** Descendants of that name, whatever their namespace. @param {Element} element @param {...string} names */
export const parts = (element, ...names) =>
  Array.from(element.getElementsByTagNameNS("*", "*")).filter((e) => names.includes(e.localName));

/** @param {Element} element */
export const identifier = (element) => element.getAttribute("identifier") ?? "";

/** What an element says, in one line. @param {Element} element */
export const words = (element) => (element.textContent ?? "").replace(/\s+/g, " ").trim();

/** @param {Element} element @param {string} name @param {number} otherwise */
export function count(element, name, otherwise) {
  const written = Number.parseInt(element.getAttribute(name) ?? "", 10);
  return Number.isNaN(written) ? otherwise : written;
}

/** These choices in the order this pupil sees. @param {Given} given @param {Element[]} choices */
export const arranged = (given, choices, part = "") =>
  given.element.getAttribute("data-shuffle") === "true"
    ? shuffled(choices, given.seed + part, (c) => c.getAttribute("fixed") === "true")
    : choices;

/**
 * The prompt of an interaction as a block, and the attribute that names a group after it.
 * @param {Given} given
 */
export function prompt(given) {
  const source = parts(given.element, "qti-prompt")[0];
  const id = `${given.id}-prompt`;
  const node = source ? h("div", { class: "prompt", id }, given.content(source)) : null;
  const label = given.element.getAttribute("aria-label") ?? ASK.answerRank(given.rank);
  /** @type {Record<string, string>} */
  const naming = node ? { "aria-labelledby": id } : { "aria-label": label };
  return { node, naming };
}
