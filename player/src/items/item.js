// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One item on the page: its stimulus, its body, its interactions; answers read and put back.
 * Knows no key to the item: the bundle holds none.
 * @module
 */

import { associate, graphicAssociate } from "../interactions/associate.js";
import { choice } from "../interactions/choice.js";
import { gapMatch, graphicGapMatch } from "../interactions/gap-match.js";
import { graphicOrder, hotspot } from "../interactions/hotspot.js";
import { hottext } from "../interactions/hottext.js";
import { inlineChoice } from "../interactions/inline-choice.js";
import { match } from "../interactions/match.js";
import { order } from "../interactions/order.js";
import { selectPoint } from "../interactions/select-point.js";
import { slider } from "../interactions/slider.js";
import { extendedText, textEntry } from "../interactions/text.js";
import { ASK } from "../strings.js";
import { made } from "./content.js";
import { h } from "./dom.js";

/** @typedef {import("../interactions/given.js").Interaction} Interaction */
/** @typedef {import("../core/sheet.js").Responses} Responses */
/**
 * @typedef {object} Shown
 * @property {Node[]} stimuli
 * @property {HTMLElement} body
 * @property {() => Responses} read
 * @property {(responses: Responses) => void} write
 */

/** @type {Record<string, (given: import("../interactions/given.js").Given) => Interaction>} */
const DRAWN = {
  "qti-associate-interaction": associate,
  "qti-choice-interaction": choice,
  "qti-extended-text-interaction": extendedText,
  "qti-gap-match-interaction": gapMatch,
  "qti-graphic-associate-interaction": graphicAssociate,
  "qti-graphic-gap-match-interaction": graphicGapMatch,
  "qti-graphic-order-interaction": graphicOrder,
  "qti-hotspot-interaction": hotspot,
  "qti-hottext-interaction": hottext,
  "qti-inline-choice-interaction": inlineChoice,
  "qti-match-interaction": match,
  "qti-order-interaction": order,
  "qti-select-point-interaction": selectPoint,
  "qti-slider-interaction": slider,
  "qti-text-entry-interaction": textEntry,
};
const OWN_PARTS = new Set(["qti-prompt", "qti-gap-text", "qti-gap-img"]);

/**
 * @param {import("./bundle.js").Bundle} bundle @param {string} item @param {string} sid hex, seeds the order of choices
 * @param {{changed: (responses: Responses, typing: boolean) => void, say: (text: string) => void}} heard
 * @returns {Shown}
 */
export function show(bundle, item, sid, heard) {
  const entry = bundle.entry(item);
  /** @type {Map<string, Interaction>} */
  const interactions = new Map();
  const document_ = bundle.xml(entry.href);
  const body = document_.getElementsByTagNameNS("*", "qti-item-body")[0];
  const all = Array.from(document_.getElementsByTagNameNS("*", "*")).filter((e) => e.hasAttribute("response-identifier"));
  const read = () => {
    const filled = [...interactions].map(([id, one]) => /** @type {const} */ ([id, one.read()]));
    return Object.fromEntries(filled.filter(([, values]) => values.length > 0));
  };
  /** @type {import("./content.js").Making} */
  const making = { media: bundle.media, interaction: (element) => drawn(element) };

  /** @param {Element} element */
  function drawn(element) {
    const id = element.getAttribute("response-identifier") ?? "";
    const draw = DRAWN[element.localName];
    if (!draw) return h("p", { class: "unknown" }, ASK.unknown);
    const one = draw({
      element,
      id: `i-${item}-${id}`,
      declaration: entry.responses[id] ?? { cardinality: "single", base_type: "string" },
      seed: `${sid}/${item}/${id}`,
      rank: all.indexOf(element) + 1,
      count: all.length,
      content: (holder) => made(holder.childNodes, making),
      flow: (holder, special) => {
        const parts = Array.from(holder.childNodes).filter((n) => !(n instanceof Element && OWN_PARTS.has(n.localName)));
        return made(parts, { ...making, interaction: (e) => special(e) ?? drawn(e) });
      },
      media: bundle.media,
      changed: (typing = false) => heard.changed(read(), typing),
      say: heard.say,
    });
    interactions.set(id, one);
    return one.node;
  }

  return {
    stimuli: entry.stimuli.flatMap((name) => made([bundle.xml(name).documentElement], making)),
    body: h("div", { class: "item-body" }, body ? made(body.childNodes, making) : []),
    read,
    write: (responses) => interactions.forEach((one, id) => one.write(responses[id] ?? [])),
  };
}

