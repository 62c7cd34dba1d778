// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Reads QR codes from a camera: with the browser's own reader where it has one, else with a small
 * one. Keeps no picture and sends none.
 * @module
 */

import decode from "qr/decode.js";

const EVERY_MS = 150;
const WIDTH = 1_280;

/** What reads the codes of a picture. @typedef {(picture: HTMLVideoElement | HTMLCanvasElement) => Promise<string[]>} Reader */

/** @returns {Promise<Reader>} */
export async function reader() {
  const Own = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = await Own?.getSupportedFormats?.().catch(() => []);
  if (!formats?.includes("qr_code")) return async (picture) => decoded(picture);
  const own = new Own({ formats: ["qr_code"] });
  return async (picture) => (await own.detect(picture)).map((/** @type {{rawValue: string}} */ found) => found.rawValue);
}

/** @param {HTMLVideoElement | HTMLCanvasElement} picture @returns {string[]} */
export function decoded(picture) {
  const [width, height] = picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen || !width) return [];
  pen.drawImage(picture, 0, 0);
  try {
    return [decode({ width, height, data: pen.getImageData(0, 0, width, height).data })];
  } catch {
    return []; // no code in this picture, or a blurred one
  }
}

/**
 * Look until `seen` says that it is enough.
 * @param {HTMLVideoElement} video @param {(text: string) => Promise<boolean>} seen
 * @returns {Promise<boolean>} true once it was; rejects where there is no camera
 */
export async function watch(video, seen) {
  const constraints = { video: { facingMode: "environment", width: { ideal: WIDTH } } };
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  const read = await reader();
  video.srcObject = stream;
  await video.play();
  try {
    for (;;) {
      for (const text of await read(video)) if (await seen(text)) return true;
      await new Promise((later) => setTimeout(later, EVERY_MS));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
