// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Carry something with mouse or finger to an element marked `data-drop`. The same act by clicks
 * or keys is the caller's; nothing can be done by dragging only.
 * @module
 */

const NEAR_PX = 6;

/**
 * @param {HTMLElement} handle
 * @param {{may: () => boolean, dropped: (target: Element) => void}} how
 */
export function dragged(handle, { may, dropped }) {
  /** @type {{x: number, y: number, ghost: HTMLElement | null} | null} */
  let drag = null;
  handle.draggable = false;
  handle.classList.add("draggable");

  handle.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && may()) drag = { x: event.clientX, y: event.clientY, ghost: null };
  });
  handle.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.ghost && Math.hypot(dx, dy) > NEAR_PX) {
      drag.ghost = ghostOf(handle);
      handle.setPointerCapture(event.pointerId);
    }
    if (!drag.ghost) return;
    drag.ghost.style.transform = `translate(${dx}px, ${dy}px)`;
    lit(under(event));
  });
  const end = (/** @type {PointerEvent} */ event) => {
    const ghost = drag?.ghost;
    drag = null;
    lit(null);
    if (!ghost) return;
    ghost.remove();
    // the click that follows a drag is not a choice
    handle.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => handle.removeEventListener("click", swallow, { capture: true }), 0);
    const target = event.type === "pointerup" ? under(event) : null;
    if (target) dropped(target);
  };
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
}

/** @param {Event} event */
function swallow(event) {
  event.stopImmediatePropagation();
  event.preventDefault();
}

/** @param {HTMLElement} handle */
function ghostOf(handle) {
  const box = handle.getBoundingClientRect();
  const ghost = /** @type {HTMLElement} */ (handle.cloneNode(true));
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  ghost.removeAttribute("id");
  Object.assign(ghost.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px` });
  document.body.append(ghost);
  return ghost;
}

/** @param {PointerEvent} event */
const under = (event) =>
  document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]") ?? null;

/** @param {Element | null} target */
function lit(target) {
  for (const old of document.querySelectorAll(".drop-over")) {
    if (old !== target) old.classList.remove("drop-over");
  }
  target?.classList.add("drop-over");
}
