// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Drawing: strokes over a picture or a blank sheet, by mouse, finger or pen; with the keyboard,
 * arrows lead the pen and Space puts it down or lifts it. The answer is the strokes alone, as a
 * small SVG, so that they can be taken up again and fit in an envelope.
 * @module
 */

import { base64, fromBase64, text, utf8 } from "../../core/bytes.js";
import { h, svg } from "../../items/dom.js";
import { picture } from "../../items/picture.js";
import { pointing } from "../../items/pointing.js";
import { ASK } from "../../strings.js";
import { prompt } from "../given.js";

/** @typedef {{colour: string, points: [number, number][]}} Stroke */

const PREFIX = "data:image/svg+xml;base64,";
const COLOURS = /** @type {const} */ (["#1c2733", "#a3211b", "#1d4f7c", "#1c6446"]);
const STEP = 6;
const WIDTH = 4;
const MOST_STROKES = 500;
const NEAR = 1.5; // a point nearer than this to the last one adds nothing

/** @param {import("../given.js").Given} given @returns {import("../given.js").Interaction} */
export function drawing(given) {
  const { node, naming } = prompt(given);
  const shown = picture(given.element, given.media);
  const { over, width, height } = shown;
  const note = h("p", { class: "note", role: "status" });
  const help = h("p", { class: "hint", id: `${given.id}-help` }, ASK.drawHelp);
  const lines = svg("g", { class: "strokes" });
  const pen = svg("path", { class: "cross", d: "M-9 0H9M0 -9V9" });
  over.append(lines, pen);
  over.classList.add("field", "drawn");
  for (const [name, value] of Object.entries({ ...naming, tabindex: "0", role: "application", "aria-describedby": `${given.id}-help` })) {
    over.setAttribute(name, value);
  }
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Stroke | null} */
  let open = null;
  /** @type {string} */
  let colour = COLOURS[0];
  const pointer = pointing(over, shown, { step: STEP, moved: led, pressed });

  function draw() {
    lines.replaceChildren(...strokes.map((stroke) => svg("polyline", {
      points: stroke.points.map((point) => point.join(",")).join(" "), stroke: stroke.colour,
      "stroke-width": WIDTH, fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round",
    })));
    pen.setAttribute("transform", `translate(${pointer.at.x} ${pointer.at.y})`);
    undo.disabled = strokes.length === 0;
  }

  /** @param {number} x @param {number} y */
  function down(x, y) {
    if (strokes.length >= MOST_STROKES) {
      note.textContent = ASK.drawFull;
      return;
    }
    open = { colour, points: [[x, y], [x + 0.1, y]] }; // a point is seen too
    strokes = [...strokes, open];
    draw();
  }

  /** @param {number} x @param {number} y */
  function move(x, y) {
    const last = open?.points.at(-1);
    if (!open || !last || Math.hypot(last[0] - x, last[1] - y) < NEAR) return;
    open.points.push([x, y]);
    draw();
  }

  function up() {
    if (!open) return;
    open = null;
    given.changed();
  }

  /** The pen was led by the arrows. */
  function led() {
    if (open) move(pointer.at.x, pointer.at.y);
    draw();
  }

  /** @param {string} key */
  function pressed(key) {
    if (key !== " ") return false;
    given.say(open ? ASK.penUp : ASK.penDown);
    if (open) up();
    else down(pointer.at.x, pointer.at.y);
    return true;
  }

  /** @param {PointerEvent} event @returns {[number, number]} tenths of a pixel are enough */
  const place = (event) => {
    const { x, y } = pointer.of(event);
    return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  };

  over.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    over.setPointerCapture(event.pointerId);
    down(...place(event));
  });
  over.addEventListener("pointermove", (event) => open && move(...place(event)));
  for (const end of ["pointerup", "pointercancel"]) over.addEventListener(end, up);
  over.addEventListener("blur", up);

  const colours = COLOURS.map((one, i) => {
    const press = h("button", { type: "button", class: "tool colour", "aria-pressed": String(i === 0), "aria-label": ASK.colours[i] ?? "" });
    press.style.setProperty("--colour", one);
    press.addEventListener("click", () => {
      colour = one;
      colours.forEach((other) => other.setAttribute("aria-pressed", String(other === press)));
    });
    return press;
  });
  const undo = h("button", { type: "button", class: "button text", onclick: () => {
    strokes = strokes.slice(0, -1);
    draw();
    given.changed();
  } }, ASK.undo);
  draw();
  const tools = h("div", { class: "draw-tools", role: "group", "aria-label": ASK.drawTools }, colours, undo);
  return {
    node: h("div", { class: "interaction" }, node, help, shown.node, tools, note),
    read: () => (strokes.length ? [written(strokes, width, height)] : []),
    write([value]) {
      strokes = value ? readBack(value) : [];
      draw();
    },
  };
}

/** @param {Stroke[]} strokes @param {number} width @param {number} height */
function written(strokes, width, height) {
  const lines = strokes.map(({ colour, points }) =>
    `<polyline stroke="${colour}" points="${points.map((point) => point.join(",")).join(" ")}"/>`);
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" fill="none" stroke-width="${WIDTH}">${lines.join("")}</svg>`;
  return PREFIX + base64(utf8(whole));
}

/** What an earlier page wrote: numbers and our own colours, nothing else of it is taken. @param {string} value @returns {Stroke[]} */
function readBack(value) {
  if (!value.startsWith(PREFIX)) return [];
  const parsed = new DOMParser().parseFromString(text(fromBase64(value.slice(PREFIX.length))), "image/svg+xml");
  return Array.from(parsed.querySelectorAll("polyline")).slice(0, MOST_STROKES).map((line) => ({
    colour: COLOURS.find((one) => one === line.getAttribute("stroke")) ?? COLOURS[0],
    points: (line.getAttribute("points") ?? "").split(" ")
      .map((point) => /** @type {[number, number]} */ (point.split(",").map(Number)))
      .filter((point) => point.length === 2 && point.every(Number.isFinite)),
  }));
}
