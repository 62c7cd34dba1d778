// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What bundle.json says of the test (docs/spec/bundle.md, "The test"), as it is written: a field
 * at its default is not there. Pure; knows no answer and no pupil.
 * @module
 */

/** @typedef {{item: string, weight?: number, right?: boolean}} Term */
/** @typedef {{terms: Term[], than: "lt" | "lte" | "gt" | "gte" | "equal", value: number, needs: string[][]}} Cut */
/** @typedef {Cut[]} Condition */
/** @typedef {{to: string, when: Condition}} Branch */
/** @typedef {{min_s?: number, max_s?: number, late?: boolean}} Limits */
/** @typedef {{href: string, use?: string, access?: string}} Text */
/**
 * @typedef {object} Control
 * @property {number} [max_attempts]
 * @property {boolean} [allow_review]
 * @property {boolean} [allow_skipping]
 * @property {boolean} [validate_responses]
 */
/** What every element may hold. @typedef {{id: string, limits?: Limits, only_if?: Condition[], branches?: Branch[]}} Element */
/** @typedef {Element & {kind: "item", required?: boolean, fixed?: boolean, control?: Control}} Item */
/**
 * @typedef {Element & {kind: "section", children: (Section | Item)[], title?: string,
 *   required?: boolean, fixed?: boolean, visible?: boolean, keep_together?: boolean,
 *   shuffle?: boolean, select?: number, with_replacement?: boolean, rubrics?: Text[]}} Section
 */
/**
 * @typedef {Element & {navigation: "linear" | "nonlinear", submission: "individual" | "simultaneous",
 *   sections: Section[], title?: string, rubrics?: Text[], feedbacks?: Text[]}} Part
 */
/** @typedef {{id: string, parts: Part[], limits?: Limits, rubrics?: Text[], feedbacks?: Text[]}} Test */
/**
 * Every element by its identifier.
 * @typedef {{parts: Map<string, Part>, sections: Map<string, Section>, items: Map<string, Item>}} Elements
 */

/** @param {Test} test @returns {Elements} */
export function elementsOf(test) {
  /** @type {Elements} */
  const found = { parts: new Map(), sections: new Map(), items: new Map() };
  /** @param {Section} section */
  const into = (section) => {
    found.sections.set(section.id, section);
    for (const child of section.children) {
      if (child.kind === "section") into(child);
      else found.items.set(child.id, child);
    }
  };
  for (const part of test.parts) {
    found.parts.set(part.id, part);
    part.sections.forEach(into);
  }
  return found;
}

