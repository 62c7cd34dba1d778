// SPDX-License-Identifier: AGPL-3.0-or-later
/** Gap match: carry labels to gaps in a text, or to places on a picture. @module */

import { h } from "../items/dom.js";
import { bank, matchMax } from "../items/labels.js";
import { picture, pressable, zone, zoneName } from "../items/picture.js";
import { ASK } from "../strings.js";
import { arranged, identifier, parts, prompt, words } from "./given.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {import("./given.js").Interaction} Interaction */
/** A gap, and how it shows what is in it. @typedef {{id: string, name: string, element: Element, fill: (labels: string[]) => void}} Gap */

/** @param {Given} given @returns {Interaction} */
export function gapMatch(given) {
  /** @type {Gap[]} */
  const gaps = [];
  const game = carrying(given, gaps);
  const text = given.flow(given.element, (source) => {
    if (source.localName !== "qti-gap") return null;
    const name = source.getAttribute("aria-label") ?? ASK.gap(gaps.length + 1);
    const button = h("button", { type: "button", class: "gap", "data-drop": identifier(source) });
    button.addEventListener("click", () => game.press(identifier(source)));
    gaps.push({ id: identifier(source), name, element: button, fill: (labels) => fill(button, labels, game) });
    return button;
  });
  const { node, naming } = prompt(given);
  const block = h("div", { class: "gap-text" }, text);
  game.draw();
  return game.whole(h("div", { class: "interaction", role: "group", ...naming }, node, game.bank.node, block));
}

/** @param {HTMLElement} button @param {string[]} labels @param {ReturnType<typeof carrying>} game */
function fill(button, labels, game) {
  button.classList.toggle("filled", labels.length > 0);
  button.replaceChildren(...labels.flatMap((id) => game.copyOf(id)));
}

/** @param {Given} given @returns {Interaction} */
export function graphicGapMatch(given) {
  /** @type {Gap[]} */
  const gaps = [];
  const game = carrying(given, gaps);
  const { node, naming } = prompt(given);
  const shown = picture(given.element, given.media);
  shown.over.setAttribute("role", "group");
  shown.over.setAttribute("aria-label", ASK.zones);
  parts(given.element, "qti-associable-hotspot").forEach((source, i) => {
    const { shape, x, y } = zone(source, shown);
    const id = identifier(source);
    const chip = h("span", { class: "chip", "aria-hidden": "true" });
    chip.style.left = `${(100 * x) / shown.width}%`;
    chip.style.top = `${(100 * y) / shown.height}%`;
    shape.setAttribute("role", "button");
    shape.setAttribute("data-drop", id);
    pressable(shape, () => game.press(id));
    shown.over.append(shape);
    shown.node.append(chip);
    const fillZone = (/** @type {string[]} */ labels) => {
      chip.replaceChildren(...labels.flatMap((label) => game.copyOf(label)));
      chip.hidden = labels.length === 0;
      shape.classList.toggle("filled", labels.length > 0);
    };
    gaps.push({ id, name: zoneName(source, i + 1), element: shape, fill: fillZone });
  });
  game.draw();
  return game.whole(h("div", { class: "interaction", role: "group", ...naming }, node, game.bank.node, shown.node));
}

/**
 * What the two share: which label is in which gap.
 * @param {Given} given @param {Gap[]} gaps
 */
function carrying(given, gaps) {
  const sources = arranged(given, parts(given.element, "qti-gap-text", "qti-gap-img"));
  /** @type {[label: string, gap: string][]} */
  let pairs = [];
  const labels = bank(
    sources.map((source, i) => ({
      id: identifier(source),
      text: words(source) || parts(source, "img")[0]?.getAttribute("alt") || source.getAttribute("object-label") || ASK.label(i + 1),
      most: matchMax(source),
      content: given.content(source),
    })),
    {
      title: ASK.labels,
      used: (id) => pairs.filter(([label]) => label === id).length,
      dropped: (id, target) => {
        const gap = gaps.find((g) => g.element === target);
        if (gap) place(id, gap.id);
      },
    },
  );

  /** @param {string} id @param {string} gap */
  function place(id, gap) {
    pairs = [...pairs.filter(([, other]) => other !== gap), [id, gap]];
    after(ASK.inGap(labels.find(id)?.text ?? "", gaps.find((g) => g.id === gap)?.name ?? ""));
  }

  /** Put there the label in hand; with none in hand, take away what is there. @param {string} gap */
  function press(gap) {
    if (labels.held()) return place(labels.held(), gap);
    if (!pairs.some(([, other]) => other === gap)) return given.say(ASK.labelFirst);
    pairs = pairs.filter(([, other]) => other !== gap);
    after(ASK.inGap(gaps.find((g) => g.id === gap)?.name ?? "", ASK.empty));
  }

  /** @param {string} said */
  function after(said) {
    labels.release();
    draw();
    given.say(said);
    given.changed();
  }

  function draw() {
    for (const gap of gaps) {
      const inside = pairs.filter(([, other]) => other === gap.id).map(([label]) => label);
      gap.fill(inside);
      const said = inside.map((id) => labels.find(id)?.text).join(", ") || ASK.empty;
      gap.element.setAttribute("aria-label", ASK.inGap(gap.name, said));
    }
    labels.refresh();
  }

  return {
    bank: labels,
    press,
    draw,
    /** @param {string} id */
    copyOf: (id) => labels.find(id)?.content.map((node) => node.cloneNode(true)) ?? [],
    /** @param {HTMLElement} node @returns {Interaction} */
    whole: (node) => ({
      node,
      read: () => pairs.map(([label, gap]) => `${label} ${gap}`),
      write(values) {
        const known = (/** @type {string | undefined} */ id) => gaps.some((gap) => gap.id === id);
        pairs = values
          .map((value) => /** @type {[string, string]} */ (value.split(" ")))
          .filter(([label, gap]) => labels.find(label) && known(gap));
        draw();
      },
    }),
  };
}
