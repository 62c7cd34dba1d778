// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A picture with places on it: shapes drawn above it in its own coordinates, that mouse, finger
 * and keyboard reach alike.
 * @module
 */

import { h, svg } from "./dom.js";
import { ASK } from "../strings.js";

/** @typedef {{node: HTMLElement, over: SVGSVGElement, width: number, height: number}} Picture */
/** A shape, its middle, and the height of its upper edge. @typedef {{shape: SVGElement, x: number, y: number, top: number}} Zone */

/**
 * The picture of a graphic interaction, and an empty drawing above it.
 * @param {Element} interaction @param {(name: string) => string | null} media
 * @returns {Picture}
 */
export function picture(interaction, media) {
  const source = interaction.getElementsByTagNameNS("*", "img")[0];
  const width = Number(source?.getAttribute("width")) || 400;
  const height = Number(source?.getAttribute("height")) || 300;
  const src = media(source?.getAttribute("src") ?? "");
  const alt = source?.getAttribute("alt") ?? "";
  const over = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "over" });
  const node = h("div", { class: "picture" }, h("img", { src, alt, width, height }), over);
  node.style.setProperty("--picture-width", `${width}px`);
  return { node, over, width, height };
}

/**
 * The shape of a hotspot, and where to write on it.
 * @param {Element} hotspot @param {Picture} on
 * @returns {Zone}
 */
export function zone(hotspot, { width, height }) {
  const at = (hotspot.getAttribute("coords") ?? "").split(/[\s,]+/).map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = at;
  switch (hotspot.getAttribute("shape")) {
    case "circle":
      return { shape: svg("circle", { cx: a, cy: b, r: c }), x: a, y: b, top: b - c };
    case "ellipse":
      return { shape: svg("ellipse", { cx: a, cy: b, rx: c, ry: d }), x: a, y: b, top: b - d };
    case "poly": {
      const points = at.join(" ");
      const [xs, ys] = [at.filter((_, i) => i % 2 === 0), at.filter((_, i) => i % 2 === 1)];
      return { shape: svg("polygon", { points }), x: middle(xs), y: middle(ys), top: Math.min(...ys) };
    }
    case "rect":
      return { shape: box(a, b, c - a, d - b), x: (a + c) / 2, y: (b + d) / 2, top: b };
    default:
      return { shape: box(0, 0, width, height), x: width / 2, y: height / 2, top: 0 };
  }
}

/** @param {number} x @param {number} y @param {number} width @param {number} height */
const box = (x, y, width, height) => svg("rect", { x, y, width, height, rx: 4 });

/** @param {number[]} values */
const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;

/** What a hotspot is called. @param {Element} hotspot @param {number} rank from 1 */
export const zoneName = (hotspot, rank) =>
  hotspot.getAttribute("hotspot-label") ?? hotspot.getAttribute("aria-label") ?? ASK.zone(rank);

/**
 * Make a shape answer to click, Space and Enter.
 * @param {SVGElement} shape @param {() => void} act
 */
export function pressable(shape, act) {
  shape.classList.add("zone");
  shape.setAttribute("tabindex", "0");
  shape.addEventListener("click", act);
  shape.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    act();
  });
}
