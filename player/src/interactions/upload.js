// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Upload: a file of the pupil, sealed with the answers. A picture is made smaller until it fits in
 * an envelope; another file that is too large is refused with its size.
 * @module
 */

import { base64 } from "../core/bytes.js";
import { h } from "../items/dom.js";
import { ASK } from "../strings.js";
import { prompt } from "./given.js";

const MOST_BYTES = 30_000; // of one file: 40,000 characters, of which an envelope holds three
const LARGEST_PICTURE = 60_000_000; // bytes that are tried at all
const SIDES = [1600, 1200, 900, 650, 450, 300];
const TYPE = /^[a-z]+\/[a-z0-9.+-]{1,80}$/;

/** @param {import("./given.js").Given} given @returns {import("./given.js").Interaction} */
export function upload(given) {
  const { node, naming } = prompt(given);
  const accept = given.element.getAttribute("type") ?? "";
  const id = `${given.id}-file`;
  const field = h("input", { type: "file", id, accept, class: "unseen", ...naming });
  const pick = h("label", { for: id, class: "button quiet pick" }, ASK.chooseFile);
  const preview = h("img", { class: "uploaded", alt: ASK.yourPicture, hidden: true });
  const note = h("p", { class: "note", role: "status" });
  let value = "";

  function draw() {
    const picture = value.startsWith("data:image/");
    preview.hidden = !picture;
    if (picture) preview.src = value;
    pick.textContent = value ? ASK.otherFile : ASK.chooseFile;
  }

  field.addEventListener("change", async () => {
    const file = field.files?.[0];
    field.value = ""; // the same file can be chosen again
    if (!file) return;
    note.textContent = ASK.readingFile;
    const read = await fitting(file, accept).catch(() => ASK.badFile);
    if (typeof read === "string") {
      note.textContent = read;
      return;
    }
    value = `data:${read.type};base64,${base64(read.bytes)}`;
    note.textContent = ASK.fileKept(file.name);
    draw();
    given.changed();
  });
  draw();
  return {
    node: h("div", { class: "interaction upload" }, node, field, pick, preview, note),
    read: () => (value ? [value] : []),
    write([before]) {
      value = before?.startsWith("data:") ? before : "";
      note.textContent = "";
      draw();
    },
  };
}

/**
 * What is kept of a file, or the sentence that says why it is not.
 * @param {File} file @param {string} accept
 * @returns {Promise<{type: string, bytes: Uint8Array<ArrayBuffer>} | string>}
 */
async function fitting(file, accept) {
  const type = TYPE.test(file.type) ? file.type : "application/octet-stream";
  const wanted = accept.split(/[\s,]+/).filter(Boolean);
  const fits = wanted.length === 0 || wanted.some((one) => one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1))));
  if (!fits) return ASK.wrongType;
  if (type === "image/svg+xml" || !type.startsWith("image/") || file.size <= MOST_BYTES) {
    if (file.size > MOST_BYTES) return ASK.tooLarge(Math.ceil(file.size / 1000), MOST_BYTES / 1000);
    return { type, bytes: new Uint8Array(await file.arrayBuffer()) };
  }
  if (file.size > LARGEST_PICTURE) return ASK.tooLarge(Math.ceil(file.size / 1000), MOST_BYTES / 1000);
  const whole = await createImageBitmap(file);
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(whole.width, whole.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale)));
    canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    const small = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
    if (small.size <= MOST_BYTES) return { type: "image/jpeg", bytes: new Uint8Array(await small.arrayBuffer()) };
  }
  return ASK.tooLarge(Math.ceil(file.size / 1000), MOST_BYTES / 1000);
}
