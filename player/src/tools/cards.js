// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Supports that an author has written beside the words: sign language, simpler words, a recorded
 * reading, a transcript. A pupil is shown those that were designated for her, and no other.
 * QTI 3.0 ASI, "CatalogInfo"; docs/spec/supports.md.
 * @module
 */

import { mediaPlayer } from "../items/content.js";
import { h } from "../items/dom.js";
import { SAY } from "../strings.js";
import * as desk from "../supports/desk.js";
import { CARDS } from "../supports/settings.js";

/** @typedef {{support: string, href: string, lang?: string, preferred?: boolean}} Card */
/** @typedef {(names: string) => Node[]} Shelf what stands beside an element that names these catalogs */

/**
 * @param {import("../items/bundle.js").Bundle} bundle @param {string} file
 * @param {(nodes: Iterable<Node>) => Node[]} made the words of a card, as the page shows them
 * @returns {Shelf}
 */
export function cardsOf(bundle, file, made) {
  const catalogs = bundle.index.catalogs?.[file] ?? {};
  return (names) =>
    names.split(/\s+/).flatMap((name) => catalogs[name] ?? []).flatMap((card) => {
      const setting = Object.keys(CARDS).find((one) => CARDS[one] === card.support) ?? "";
      return desk.isGranted(`card:${setting}`) ? [drawn(card, setting)] : [];
    });

  /** @param {Card} card @param {string} setting */
  function drawn({ href, lang }, setting) {
    const type = bundle.index.files[href]?.type ?? "";
    const inside = type === "application/xml" ? made([bundle.xml(href).documentElement]) : [player(href, type)];
    const box = h("details", { class: "support-card", "data-test": `card-${setting}` },
      h("summary", {}, SAY.cards[setting] ?? ""), h("div", lang ? { lang } : {}, inside));
    box.addEventListener("toggle", () => box.open && desk.used(`card:${setting}`));
    return box;
  }

  /** @param {string} href @param {string} type */
  function player(href, type) {
    if (type.startsWith("image/")) return h("img", { src: bundle.media(href) ?? "", alt: "" });
    return mediaPlayer(type.startsWith("video/") ? "video" : "audio", [href], bundle);
  }
}
