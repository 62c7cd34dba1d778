// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The page /secours: takes a rescue file, or reads its codes with a camera, and sends each save to
 * the host this page came from. Holds no key and opens nothing; what it was given it forgets.
 * @module
 */

import { fromBase64, hex } from "../core/bytes.js";
import { digest } from "../core/envelope.js";
import { ManifestRefused, check } from "../core/manifest.js";
import { covered, short } from "../core/receipts.js";
import { h } from "../items/dom.js";
import { answers } from "../saving/hosts.js";
import { Refused, envelopeIn, manifest as askManifest, save } from "../saving/wire.js";
import { button, canRedraw, card, say, show, stand } from "../shell/screen.js";
import { SAY } from "../strings.js";
import { speakAsBefore } from "../supports/panel.js";
import { watch } from "./camera.js";
import { NotRescue, read } from "./file.js";
import { gathering } from "./frames.js";
import { seeker } from "./seeking.js";

/** @typedef {import("../core/bytes.js").Bytes} Bytes */
/** @typedef {{outcome: "sent" | "newer" | "refused" | "blocked" | "cut", words: string}} Told */

const rootKey = document.querySelector('meta[name="encrier-root-key"]')?.getAttribute("content") ?? "";
const told = h("div", { role: "status", "data-test": "rescue-told" });
const video = h("video", { playsinline: true, muted: true, hidden: true, "aria-label": SAY.cameraLabel });

/** @param {Bytes} body @param {Promise<import("../core/manifest.js").Manifest>} manifest @returns {Promise<Told>} */
async function sent(body, manifest) {
  const envelope = envelopeIn(body);
  try {
    const { nodes } = await manifest;
    const { receipt } = await sentToItsPair(body, answers.pairs());
    if (!receipt) return { outcome: "newer", words: SAY.rescueNewer };
    if (!(await covered(receipt, envelope, nodes))) return { outcome: "blocked", words: SAY.rescueBlocked };
    return { outcome: "sent", words: SAY.rescueSent(short(hex(await digest(envelope)))) };
  } catch (fault) {
    if (fault instanceof ManifestRefused) return { outcome: "blocked", words: SAY.rescueBlocked };
    if (!(fault instanceof Refused)) throw fault;
    if (fault.altered) return { outcome: "blocked", words: SAY.rescueBlocked };
    if (fault.what) return { outcome: "refused", words: `${fault.what} ${fault.nextStep}` };
    return { outcome: "cut", words: SAY.rescueCut };
  }
}

const sentToItsPair = seeker((body, pair) => save(body, pair));

/** Send what a file holds, and say what became of each save. @param {Bytes} file */
async function take(file) {
  told.replaceChildren(h("p", {}, SAY.wait));
  const saves = await read(file).catch((fault) => {
    if (!(fault instanceof NotRescue)) throw fault;
    return null;
  });
  if (!saves) return told.replaceChildren(h("p", { class: "lead warn" }, SAY.rescueNot));
  const said = [];
  const manifest = askManifest().then((content) => check(content, fromBase64(rootKey)));
  manifest.then(answers.follow, () => {});
  for (const body of saves) said.push(await sent(body, manifest));
  const done = said.filter(({ outcome }) => outcome === "sent" || outcome === "newer").length;
  const all = done === said.length;
  told.replaceChildren(
    h("p", { class: all ? "lead good" : "lead warn", "data-test": "rescue-done", "data-done": done, "data-all": said.length },
      SAY.rescueDone(done, said.length)),
    h("ul", { class: "plain" }, said.map(({ outcome, words }) => h("li", { "data-outcome": outcome }, words))),
    ...(all ? [] : [h("div", { class: "actions" }, button(SAY.retry, "retry", () => take(file), "quiet"))]),
  );
}

/** @param {FileList | null | undefined} files */
async function takeAll(files) {
  const [file] = files ?? [];
  if (file) await take(new Uint8Array(await file.arrayBuffer()));
}

async function camera() {
  const gathered = gathering();
  const seen = async (/** @type {string} */ text) => {
    const file = await gathered.seen(text);
    const { seen: n, total } = gathered.state();
    if (!file && total) told.replaceChildren(h("p", {}, SAY.codesSeen(n, total)));
    if (file) await take(file);
    return file !== null;
  };
  video.hidden = false;
  const works = await watch(video, seen).catch(() => false);
  video.hidden = true;
  if (!works) say(SAY.cameraNo);
  if (!works) told.replaceChildren(h("p", { class: "lead warn" }, SAY.cameraNo));
}

function start() {
  const field = h("input", { type: "file", id: "file", "data-test": "rescue-choose", onchange: () => takeAll(field.files) });
  const main = card(
    SAY.rescueTitle,
    h("p", { class: "lead" }, SAY.rescueLead),
    h("p", {}, h("label", { for: "file" }, SAY.rescueChoose)), h("p", {}, field),
    navigator.mediaDevices && h("div", { class: "actions" }, button(SAY.rescueCamera, "rescue-camera", camera, "quiet")),
    video, told,
  );
  main.addEventListener("dragover", (event) => event.preventDefault());
  main.addEventListener("drop", (event) => {
    event.preventDefault();
    takeAll(event.dataTransfer?.files);
  });
  show({ title: SAY.rescueTitle, main, focus: field });
  canRedraw(start);
}

const root = document.getElementById("player");
if (root) {
  speakAsBefore();
  stand(root);
  start();
}
