// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The pictures of a question, as large as the screen and larger: what the zoom of a browser cannot
 * do without moving all the rest.
 * @module
 */

import { h } from "../items/dom.js";
import { button } from "../shell/screen.js";
import { SAY } from "../strings.js";

const LARGER = 1.5;
const LARGEST = 5;
const SMALL = 48; // pixels: a pictogram in a line needs no window of its own

/** The button that shows the pictures of these parts alone; null where there is none. @param {Element[]} parts */
export function zoomButton(parts) {
  const pictures = parts.flatMap((part) => Array.from(part.querySelectorAll("img")))
    .filter((picture) => picture.src && Number(picture.getAttribute("width") ?? SMALL) >= SMALL);
  if (pictures.length === 0) return null;
  return button(SAY.enlarge(pictures.length), "zoom-open", () => open(pictures), "text");
}

/** @param {HTMLImageElement[]} pictures */
function open(pictures) {
  let scale = 1;
  const large = pictures.map(({ src, alt }) => h("img", { src, alt }));
  const place = h("div", { class: "zoom-place", tabindex: "0", role: "group", "aria-label": SAY.enlarge(pictures.length) }, large);
  /** @param {number} by */
  const size = (by) => {
    scale = Math.min(LARGEST, Math.max(1, scale * by));
    large.forEach((one) => (one.style.width = `${scale * 100}%`));
  };
  size(1);
  const box = h("dialog", { class: "zoom", "aria-label": SAY.enlarge(pictures.length), "data-test": "zoom" },
    h("div", { class: "actions" },
      button(SAY.larger, "zoom-in", () => size(LARGER), "quiet"), button(SAY.smaller, "zoom-out", () => size(1 / LARGER), "quiet"),
      button(SAY.closeSettings, "zoom-close", () => box.close())),
    place);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
