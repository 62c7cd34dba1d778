// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Saving on an empty page, for the tests: `sit` opens a sitting, `answer` answers, `state` is what
 * the pupil would be told, `outbox` what is on disk. Bundled by the tests, never by the build.
 * @module
 */

import { fromBase64, random, sha256 } from "../../src/core/bytes.js";
import { macKey, resumeKey } from "../../src/core/keys.js";
import * as sheets from "../../src/core/sheet.js";
import * as disk from "../../src/saving/disk.js";
import { saver as newSaver } from "../../src/saving/saver.js";
import { sender as newSender } from "../../src/saving/sender.js";

/** @type {any} */
const page = window;
const BUNDLE = new Uint8Array(8);

/** @param {string} receiptKey @param {string} sealing both base64 */
page.sit = async (receiptKey, sealing) => {
  const db = await disk.open();
  const node = { node: new Uint8Array([0, 0, 0, 1]), url: "", pair: 0, receiptKey: fromBase64(receiptKey) };
  const sealingKey = fromBase64(sealing);
  const keyId = (await sha256(sealingKey)).slice(0, 8);
  const campaign = new Uint8Array(16);
  const none = { label: "", iterations: 1, opensAt: new Date(), closesAt: new Date(), bundles: [], practice: null, places: "" };
  const manifest = { ...none, campaign, sealingKey, keyId, nodes: [node] };
  const raw = random(32);
  const keys = { sid: random(16), auth: random(32), mac: await macKey(raw), resume: await resumeKey(raw), pair: 0 };
  const sitting = { manifest, keys, bundle: BUNDLE, stream: random(8), epoch: 0, items: ["a"] };
  /** @type {import("../../src/saving/saver.js").Saver | undefined} */
  let saver;
  page.least = Infinity;
  const sender = newSender(db, [node], (settled) => {
    saver?.heard(settled);
    disk.entries(db).then((left) => (page.least = Math.min(page.least, left.length)));
  });
  const blank = sheets.blank("00".repeat(8));
  const from = { sheet: blank, theirs: blank };
  saver = newSaver(db, sitting, from, sender, (_, receipt) => (page.receipt = receipt || page.receipt));
  const { state, answer, send, finish, newerThan } = saver;
  sender.own([...sitting.stream].map((byte) => byte.toString(16).padStart(2, "0")).join(""), newerThan);
  page.outbox = async () => (await disk.entries(db)).map(({ seq }) => seq);
  page.answer = (/** @type {string} */ value) => {
    answer("a", { RESPONSE: [value] });
    send(); // the tests wait for no calm
  };
  page.state = state;
  page.finish = finish;
  page.send = () => sender.retry();
};

/** From now on this computer's disk takes nothing. */
page.fillDisk = () => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
};
