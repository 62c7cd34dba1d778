// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The panel beside the item: its score, its outcomes, the responses as they travel, what the check
 * found. Shows what it is given; asks for nothing.
 * @module
 */

import { h } from "../items/dom.js";
import { button } from "../shell/screen.js";
import { TELL, written } from "./strings.js";

/** @typedef {import("./door.js").Typed} Typed */
/** @typedef {import("./door.js").Finding} Finding */
/** @typedef {import("./door.js").Scored} Scored */
/** @typedef {import("../core/sheet.js").Responses} Responses */

/**
 * @param {import("./door.js").About} about
 * @param {Finding[]} ofPackage
 * @param {{live: boolean, compute: () => void, setLive: (live: boolean) => void}} act
 */
export function panel(about, ofPackage, act) {
  const score = h("p", { class: "tally", "data-test": "score" }, TELL.noScore);
  const outcomes = h("div");
  const responses = h("div");
  const live = h("input", { type: "checkbox", id: "live", checked: act.live, "data-test": "live" });
  live.addEventListener("change", () => act.setLive(live.checked));
  const works = [
    h("section", { "aria-labelledby": "panel-score" },
      h("h2", { id: "panel-score" }, TELL.score),
      score,
      h("p", { class: "live" }, live, h("label", { for: "live" }, TELL.live)),
      button(TELL.compute, "compute", act.compute, "quiet"),
      outcomes),
    h("section", { "aria-labelledby": "panel-responses" }, h("h2", { id: "panel-responses" }, TELL.responses), responses),
  ];
  const node = h("aside", { class: "panel", tabindex: "0", "aria-label": TELL.panel },
    about.refused ? [] : works,
    noted("panel-remarks", TELL.remarks, about.findings, { none: TELL.noRemarks }),
    ofPackage.length > 0 && noted("panel-package", TELL.packageRemarks, ofPackage, { where: true }));

  return {
    node,
    /** @param {Record<string, import("../items/bundle.js").Declaration>} declared @param {Responses} given */
    answered(declared, given) {
      const rows = Object.keys(declared).map((name) => /** @type {const} */ ([name, given[name] ?? []]));
      responses.replaceChildren(table(rows.map(([name, values]) => ({
        name,
        value: values.length ? h("ul", { class: "values" }, values.map((v) => h("li", {}, h("code", {}, v)))) : TELL.none,
      }))));
    },
    /** The responses have changed since the score was computed. */
    stale: () => node.classList.add("stale"),
    /** @param {Scored} found */
    scored(found) {
      node.classList.remove("stale");
      score.textContent = tally(found.score, about.most);
      const rows = Object.entries(found.outcomes).map(([name, value]) => ({ name, value: printed(value) }));
      const wrong = found.remarks.map(({ response, why }) =>
        h("p", { class: "warn" }, response && h("code", {}, response), response && "\u00a0: ", TELL.reasons[why] ?? why));
      outcomes.replaceChildren(table(rows), ...wrong);
    },
  };
}

/** What stands for an item or a score that cannot be. @param {string} title @param {string} why */
export const refusal = (title, why) => h("div", { class: "refusal", "data-test": "refusal" }, h("p", {}, h("strong", {}, title)), h("p", {}, why));

/** The score in words. @param {number | null} score @param {number | null} most */
export function tally(score, most) {
  if (score === null) return TELL.nullScore;
  return most === null ? written(score) : TELL.outOf(written(score), written(most));
}

/** @param {{name: string, value: Node | string}[]} rows */
const table = (rows) =>
  h("table", {},
    h("thead", { class: "unseen" }, h("tr", {}, h("th", { scope: "col" }, TELL.name), h("th", { scope: "col" }, TELL.value))),
    h("tbody", {}, rows.map(({ name, value }) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));

/**
 * @param {string} id @param {string} title @param {Finding[]} findings
 * @param {{none?: string, where?: boolean}} how said where there is none; whether the file is told
 */
const noted = (id, title, findings, { none = "", where = false }) =>
  h("section", { "aria-labelledby": id },
    h("h2", { id }, title),
    findings.length
      ? h("ul", { class: "findings", "data-test": "findings" }, findings.map((each) =>
          h("li", { class: each.severity },
            h("strong", {}, TELL.severity[each.severity]),
            at(each, where),
            `\u00a0: ${each.text}`)))
      : h("p", {}, none));

/** Where it is, in brackets. @param {Finding} finding @param {boolean} where */
function at({ file, line }, where) {
  const said = [where && file, line > 0 && TELL.line(line)].filter(Boolean).join(", ");
  return said && h("span", { class: "at" }, ` (${said})`);
}

/** A value as an author reads it. @param {Typed} value @returns {string} */
function printed(value) {
  if (value === null) return TELL.nothing;
  if (value.fields) return Object.entries(value.fields).map(([name, field]) => `${name} = ${printed(field)}`).join("\u00a0; ");
  return (value.values ?? [value.value]).map(one).join("\u00a0; ");
}

/** @param {unknown} member @returns {string} */
const one = (member) => {
  if (typeof member === "number") return written(member);
  return Array.isArray(member) ? member.join(" ") : String(member);
};
