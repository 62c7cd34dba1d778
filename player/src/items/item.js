// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One item on the page: its stimulus, its body, its interactions; answers read and put back.
 * Knows no key to the item: the bundle holds none.
 * @module
 */

import { associate, graphicAssociate } from "../interactions/associate.js";
import { choice } from "../interactions/choice.js";
import { endAttempt } from "../interactions/end-attempt.js";
import { gapMatch, graphicGapMatch } from "../interactions/gap-match.js";
import { drawing } from "../interactions/graphic/drawing.js";
import { graphicOrder, hotspot } from "../interactions/graphic/hotspot.js";
import { positionStage } from "../interactions/graphic/position-object.js";
import { selectPoint } from "../interactions/graphic/select-point.js";
import { hottext } from "../interactions/hottext.js";
import { inlineChoice } from "../interactions/inline-choice.js";
import { media } from "../interactions/media.js";
import { match } from "../interactions/match.js";
import { order } from "../interactions/order.js";
import { portable } from "../interactions/portable/portable.js";
import { slider } from "../interactions/slider.js";
import { extendedText, textEntry } from "../interactions/text.js";
import { upload } from "../interactions/upload.js";
import { ASK } from "../strings.js";
import { cardsOf } from "../tools/cards.js";
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
 * @property {() => string} missing what the question still asks for, in words; "" where it asks for no more
 */

/** @type {Record<string, (given: import("../interactions/given.js").Given) => Interaction>} */
const DRAWN = {
  "qti-associate-interaction": associate,
  "qti-choice-interaction": choice,
  "qti-drawing-interaction": drawing,
  "qti-end-attempt-interaction": endAttempt,
  "qti-extended-text-interaction": extendedText,
  "qti-gap-match-interaction": gapMatch,
  "qti-graphic-associate-interaction": graphicAssociate,
  "qti-graphic-gap-match-interaction": graphicGapMatch,
  "qti-graphic-order-interaction": graphicOrder,
  "qti-hotspot-interaction": hotspot,
  "qti-hottext-interaction": hottext,
  "qti-inline-choice-interaction": inlineChoice,
  "qti-match-interaction": match,
  "qti-media-interaction": media,
  "qti-order-interaction": order,
  "qti-portable-custom-interaction": portable,
  "qti-select-point-interaction": selectPoint,
  "qti-slider-interaction": slider,
  "qti-text-entry-interaction": textEntry,
  "qti-upload-interaction": upload,
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
  const making = { media: bundle.media, arrival: bundle.arrival, interaction: (element) => drawn(element), cards: cardsIn(entry.href) };
  /** @param {string} file */
  function cardsIn(file) {
    return cardsOf(bundle, file, (nodes) => made(nodes, { media: bundle.media, arrival: bundle.arrival, interaction: () => null }));
  }

  /** @param {Element} element */
  function drawn(element) {
    if (element.localName === "qti-position-object-stage") return stage(element);
    const draw = DRAWN[element.localName];
    if (!draw) return h("p", { class: "unknown" }, ASK.unknown);
    const given = givenTo(element);
    const one = draw(given);
    interactions.set(element.getAttribute("response-identifier") ?? "", one);
    return one.node;
  }

  /** One picture on which several interactions place something. @param {Element} element */
  function stage(element) {
    const objects = Array.from(element.getElementsByTagNameNS("*", "qti-position-object-interaction"));
    const { node, interactions: placed } = positionStage(element, objects.map(givenTo));
    objects.forEach((object, i) =>
      interactions.set(object.getAttribute("response-identifier") ?? "", /** @type {Interaction} */ (placed[i])));
    return node;
  }

  /** @param {Element} element @returns {import("../interactions/given.js").Given} */
  function givenTo(element) {
    const id = element.getAttribute("response-identifier") ?? "";
    return {
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
      source: bundle.source,
      changed: (typing = false) => heard.changed(read(), typing),
      say: heard.say,
    };
  }

  return {
    stimuli: entry.stimuli.flatMap((name) => made([bundle.xml(name).documentElement], { ...making, cards: cardsIn(name) })),
    body: h("div", { class: "item-body", lang: document_.documentElement.getAttribute("xml:lang") ?? bundle.index.lang }, body ? made(body.childNodes, making) : []),
    read,
    missing() {
      const short = all.map((element) => leastOf(element) - (interactions.get(element.getAttribute("response-identifier") ?? "")?.read().length ?? 0));
      return Math.max(0, ...short) > 0 ? ASK.tooFew(Math.max(...short)) : "";
    },
    write: (responses) => interactions.forEach((one, id) => one.write(responses[id] ?? [])),
  };
}

/** How many choices, pairs or texts an interaction asks for at least. @param {Element} element */
const leastOf = (element) =>
  Math.max(0, ...["min-choices", "min-associations", "min-strings"].map((name) => Number(element.getAttribute(name) ?? 0) || 0));
