// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Pointing at a place of a picture: by mouse or finger, and by a cross that the arrows lead.
 * @module
 */

/** @typedef {{x: number, y: number}} At in the picture's own coordinates */

/**
 * @param {SVGSVGElement} over the drawing above the picture @param {{width: number, height: number}} size
 * @param {{step: number, moved: () => void, pressed: (key: string) => boolean}} how pressed: gives whether the key was for it
 */
export function pointing(over, { width, height }, { step, moved, pressed }) {
  /** @type {At} */
  const at = { x: width / 2, y: height / 2 };
  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(value, 0), most);
  over.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move) {
      at.x = within(at.x + move[0], width);
      at.y = within(at.y + move[1], height);
      moved();
    } else if (!pressed(event.key)) return;
    event.preventDefault();
  });
  return {
    at,
    /** Where a mouse or a finger is. @param {MouseEvent} event @returns {At} */
    of(event) {
      const box = over.getBoundingClientRect();
      const [x, y] = [((event.clientX - box.left) * width) / box.width, ((event.clientY - box.top) * height) / box.height];
      return { x: within(x, width), y: within(y, height) };
    },
  };
}
