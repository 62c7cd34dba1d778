// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Position object: small pictures to place on a large one. Choose an object, then click where it
 * goes; with the keyboard, arrows lead the cross and Enter places. An object placed is taken away
 * by clicking on it again. Each object is a response of its own.
 * @module
 */

import { h, svg } from "../../items/dom.js";
import { picture } from "../../items/picture.js";
import { pointing } from "../../items/pointing.js";
import { ASK } from "../../strings.js";
import { count } from "../given.js";

/** @typedef {import("../given.js").Given} Given */
/** @typedef {import("../given.js").Interaction} Interaction */
/** @typedef {{given: Given, most: number, width: number, height: number, src: string, name: string, points: [number, number][]}} Movable */

const STEP = 8;

/**
 * A stage and what can be placed on it, each as an interaction; the first one's node is the whole.
 * @param {Element} stage @param {Given[]} givens one for each object
 * @returns {{node: HTMLElement, interactions: Interaction[]}}
 */
export function positionStage(stage, givens) {
  const first = /** @type {Given} */ (givens[0]);
  const shown = picture(stage, first.media);
  const { over } = shown;
  const note = h("p", { class: "note", role: "status" });
  const help = h("p", { class: "hint", id: `${first.id}-help` }, ASK.placeHelp);
  const placed = svg("g");
  const cross = svg("path", { class: "cross", d: "M-9 0H9M0 -9V9" });
  over.append(placed, cross);
  over.classList.add("field");
  for (const [name, value] of Object.entries({ tabindex: "0", role: "application", "aria-label": ASK.placeField, "aria-describedby": `${first.id}-help` })) {
    over.setAttribute(name, value);
  }
  const movables = givens.map((given, i) => movable(given, i + 1));
  let held = /** @type {Movable} */ (movables[0]);
  const pointer = pointing(over, shown, {
    step: STEP,
    moved: draw,
    pressed: (key) => (key === "Enter" || key === " ") && (place(pointer.at.x, pointer.at.y), true),
  });
  const buttons = movables.map((one) => {
    const press = h("button", { type: "button", class: "tag", "aria-pressed": String(one === held) },
      one.src && h("img", { src: one.src, alt: "", width: one.width, height: one.height }), one.name);
    press.addEventListener("click", () => {
      held = one;
      buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === press)));
    });
    return press;
  });

  /** @param {number} x @param {number} y */
  function place(x, y) {
    const near = movables.find((one) => one.points.some((point) => covers(one, point, x, y)));
    if (near) {
      near.points = near.points.filter((point) => !covers(near, point, x, y));
      given_(near, ASK.objectAway(near.name));
    } else if (held.most > 1 && held.points.length >= held.most) note.textContent = ASK.tooMany(held.most);
    else {
      const now = /** @type {[number, number][]} */ ([...held.points, [x, y]]);
      held.points = held.most === 1 ? now.slice(-1) : now;
      given_(held, ASK.objectPlaced(held.name));
    }
  }

  /** @param {Movable} one @param {string} said */
  function given_(one, said) {
    note.textContent = "";
    draw();
    one.given.say(said);
    one.given.changed();
  }

  function draw() {
    placed.replaceChildren(...movables.flatMap((one) => one.points.map(([x, y]) =>
      svg("image", { href: one.src, x: x - one.width / 2, y: y - one.height / 2, width: one.width, height: one.height }))));
    cross.setAttribute("transform", `translate(${pointer.at.x} ${pointer.at.y})`);
  }

  over.addEventListener("click", (event) => {
    const { x, y } = pointer.of(event);
    Object.assign(pointer.at, { x: Math.round(x), y: Math.round(y) });
    place(pointer.at.x, pointer.at.y);
  });
  draw();
  return {
    node: h("div", { class: "interaction" }, help,
      h("div", { class: "bank", role: "group", "aria-label": ASK.objects }, buttons), shown.node, note),
    interactions: movables.map((one) => ({
      node: shown.node,
      read: () => one.points.map((point) => point.join(" ")),
      write(values) {
        one.points = values.map((value) => /** @type {[number, number]} */ (value.split(" ").map(Number)));
        draw();
      },
    })),
  };
}

/** @param {Given} given @param {number} rank @returns {Movable} */
function movable(given, rank) {
  const source = given.element.getElementsByTagNameNS("*", "img")[0];
  return {
    given,
    most: count(given.element, "max-choices", 1),
    width: Number(source?.getAttribute("width")) || 40,
    height: Number(source?.getAttribute("height")) || 40,
    src: given.media(source?.getAttribute("src") ?? "") ?? "",
    name: source?.getAttribute("alt") || ASK.object(rank),
    points: [],
  };
}

/** @param {Movable} one @param {[number, number]} point @param {number} x @param {number} y */
const covers = (one, [px, py], x, y) => Math.abs(px - x) <= one.width / 2 && Math.abs(py - y) <= one.height / 2;
