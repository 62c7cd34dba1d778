// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * For the adult in the room: what waits on this computer, what to check, and two ways to carry it
 * to another one, a file and a sequence of QR codes. Shows nothing of what was answered.
 * @module
 */

import encode from "qr";

import { h } from "../items/dom.js";
import * as disk from "../saving/disk.js";
import { SAY } from "../strings.js";
import * as rescue from "./file.js";
import { frames } from "./frames.js";

/** @typedef {"network" | "blocked" | "disk" | "refused"} Trouble */

const FRAME_MS = 900;
const MODULE = 6; // pixels
const BORDER = 4; // modules

/**
 * A part of a screen that opens on demand.
 * @param {disk.Disk} db @param {Trouble} trouble
 */
export function forTheAdult(db, trouble) {
  const place = h("div", { class: "codes", "data-test": "rescue-codes" });
  const nothing = h("p", { role: "status", hidden: true }, SAY.rescueNothing);
  const file = async () => {
    const waiting = (await disk.entries(db)).map((entry) => entry.body);
    nothing.hidden = waiting.length > 0;
    return waiting.length > 0 ? rescue.write(waiting) : null;
  };
  const act = (/** @type {(file: import("../core/bytes.js").Bytes) => void} */ done) => async () => {
    const made = await file();
    if (made) done(made);
  };
  return h("details", { class: "adult", "data-test": "adult" },
    h("summary", {}, SAY.forAdult),
    h("p", {}, SAY.check[trouble]),
    h("p", {}, SAY.rescueHelp(`${location.host}/secours`)),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button quiet", "data-test": "rescue-file", onclick: act(download) }, SAY.rescueFile),
      h("button", { type: "button", class: "button quiet", "data-test": "rescue-qr", onclick: act((made) => cycle(place, made)) }, SAY.rescueCodes)),
    nothing, place);
}

/** @param {import("../core/bytes.js").Bytes} file */
function download(file) {
  const url = URL.createObjectURL(new Blob([file], { type: "application/octet-stream" }));
  h("a", { href: url, download: rescue.nameOf(file) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Show the codes one after the other, for as long as they are on the page.
 * @param {HTMLElement} place @param {import("../core/bytes.js").Bytes} file
 */
async function cycle(place, file) {
  const texts = await frames(file);
  const canvas = h("canvas", { role: "img", "aria-label": SAY.codesLabel(texts.length) });
  const rank = h("p", { class: "which" });
  place.replaceChildren(h("p", {}, SAY.codesHelp(texts.length)), canvas, rank);
  canvas.scrollIntoView({ block: "nearest" });
  const side = matrix(texts[0] ?? "").length; // the last one, shorter, is drawn as large
  const version = (side - 2 * BORDER - 17) / 4;
  let shown = 0;
  const next = () => {
    if (!canvas.isConnected) return;
    draw(canvas, matrix(texts[shown] ?? "", version));
    rank.textContent = SAY.codeOf(shown + 1, texts.length);
    shown = (shown + 1) % texts.length;
    if (texts.length > 1) setTimeout(next, FRAME_MS);
  };
  next();
}

/** @param {string} text @param {number} [version] */
const matrix = (text, version) =>
  encode(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: BORDER, version });

/** @param {HTMLCanvasElement} canvas @param {boolean[][]} rows */
function draw(canvas, rows) {
  canvas.width = canvas.height = rows.length * MODULE;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  rows.forEach((row, y) =>
    row.forEach((dark, x) => dark && pen.fillRect(x * MODULE, y * MODULE, MODULE, MODULE)),
  );
}
