// SPDX-License-Identifier: AGPL-3.0-or-later
/** Associate: make pairs, of labels or of places on a picture. @module */

import { h, svg } from "../items/dom.js";
import { matchMax } from "../items/labels.js";
import { picture, pressable, zone, zoneName } from "../items/picture.js";
import { ASK } from "../strings.js";
import { arranged, count, identifier, parts, prompt, words } from "./given.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {import("./given.js").Interaction} Interaction */
/** One end of a pair. @typedef {{id: string, name: string, most: number, element: Element, content: () => Node[]}} End */

/** @param {Given} given @returns {Interaction} */
export function associate(given) {
  const game = pairing(given);
  const ends = arranged(given, parts(given.element, "qti-simple-associable-choice")).map((source) => {
    const element = h("button", { type: "button", class: "tag" }, given.content(source));
    element.addEventListener("click", () => game.press(identifier(source)));
    return game.end(source, words(source), element, () => given.content(source));
  });
  const labels = h("div", { class: "bank", role: "group", "aria-label": ASK.pairLabels });
  labels.append(...ends.map((end) => end.element));
  return game.whole(labels, () => {});
}

/** @param {Given} given @returns {Interaction} */
export function graphicAssociate(given) {
  const game = pairing(given);
  const shown = picture(given.element, given.media);
  const lines = svg("g", { class: "lines", "aria-hidden": "true" });
  shown.over.setAttribute("role", "group");
  shown.over.setAttribute("aria-label", ASK.zones);
  /** @type {Map<string, {x: number, y: number}>} */
  const middles = new Map();
  parts(given.element, "qti-associable-hotspot").forEach((source, i) => {
    const { shape, x, y } = zone(source, shown);
    middles.set(identifier(source), { x, y });
    shape.setAttribute("role", "button");
    pressable(shape, () => game.press(identifier(source)));
    shown.over.append(shape);
    game.end(source, zoneName(source, i + 1), shape, () => [document.createTextNode(zoneName(source, i + 1))]);
  });
  shown.over.append(lines);
  return game.whole(shown.node, (pairs) => {
    lines.replaceChildren(
      ...pairs.map(([a, b]) => {
        const [from, to] = [middles.get(a), middles.get(b)];
        return svg("line", { x1: from?.x, y1: from?.y, x2: to?.x, y2: to?.y });
      }),
    );
  });
}

/** What the two share: the ends, the one in hand, the pairs made. @param {Given} given */
function pairing(given) {
  const most = count(given.element, "max-associations", 1);
  const list = h("ul", { class: "pairs", "aria-label": ASK.pairs });
  const note = h("p", { class: "note", role: "status" });
  /** @type {End[]} */
  const ends = [];
  /** @type {[string, string][]} */
  let pairs = [];
  let held = "";
  /** @type {(pairs: [string, string][]) => void} */
  let drawMore = () => {};

  const named = (/** @type {string} */ id) => ends.find((end) => end.id === id)?.name ?? "";
  const used = (/** @type {string} */ id) => pairs.flat().filter((other) => other === id).length;
  const spent = (/** @type {End} */ end) => end.most > 0 && used(end.id) >= end.most;

  /** @param {string} id */
  function press(id) {
    const end = ends.find((e) => e.id === id);
    note.textContent = "";
    if (!end || spent(end)) return;
    if (!held || held === id) {
      held = held ? "" : id;
      return draw();
    }
    if (most > 0 && pairs.length >= most) {
      note.textContent = ASK.tooMany(most);
      return;
    }
    if (pairs.some((pair) => pair.includes(id) && pair.includes(held))) return;
    const made = /** @type {[string, string]} */ ([held, id]);
    held = "";
    put([...pairs, made], ASK.pair(named(made[0]), named(made[1])));
  }

  /** @param {[string, string][]} now @param {string} said */
  function put(now, said) {
    pairs = now;
    draw();
    given.say(said);
    given.changed();
  }

  function draw() {
    for (const end of ends) {
      end.element.setAttribute("aria-pressed", String(end.id === held));
      end.element.setAttribute("aria-disabled", String(spent(end)));
      if (end.element instanceof SVGElement) end.element.setAttribute("aria-label", end.name);
    }
    list.replaceChildren(...pairs.map(row));
    if (!pairs.length) list.append(h("li", { class: "hint" }, ASK.pairTwo));
    drawMore(pairs);
  }

  /** @param {[string, string]} pair */
  function row(pair) {
    const [a, b] = pair.map((id) => ends.find((end) => end.id === id)?.content() ?? []);
    const away = () => put(pairs.filter((other) => other !== pair), ASK.pairGone);
    const tool = h("button", { type: "button", class: "tool", onclick: away },
      h("span", { "aria-hidden": "true" }, "✕"),
      h("span", { class: "unseen" }, ASK.toolOf(ASK.away, ASK.pair(named(pair[0]), named(pair[1])))));
    return h("li", {}, h("span", { class: "tag placed" }, a), h("span", { "aria-hidden": "true" }, "↔"), h("span", { class: "tag placed" }, b), tool);
  }

  return {
    press,
    /** @param {Element} source @param {string} name @param {Element} element @param {() => Node[]} content @returns {End} */
    end(source, name, element, content) {
      const made = { id: identifier(source), name, most: matchMax(source), element, content };
      ends.push(made);
      return made;
    },
    /** @param {HTMLElement} field @param {(pairs: [string, string][]) => void} more @returns {Interaction} */
    whole(field, more) {
      drawMore = more;
      const { node, naming } = prompt(given);
      draw();
      return {
        node: h("div", { class: "interaction", role: "group", ...naming }, node, field, list, note),
        read: () => pairs.map((pair) => pair.join(" ")),
        write(values) {
          const split = values.map((value) => /** @type {[string, string]} */ (value.split(" ")));
          pairs = split.filter((pair) => pair.every((id) => named(id) !== ""));
          held = "";
          draw();
        },
      };
    },
  };
}
