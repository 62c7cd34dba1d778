// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * How long an answer takes to the disk, for bench/player_saving.py: `measure(answers, everyMs)`
 * changes a field as a pupil does, in a sitting of 60 answered items, and gives milliseconds.
 * @module
 */

import { random, sha256, utf8 } from "../../src/core/bytes.js";
import { deflate } from "../../src/core/deflate.js";
import { SNAPSHOT, sealer, suite } from "../../src/core/envelope.js";
import { macKey, resumeKey } from "../../src/core/keys.js";
import * as resume from "../../src/core/resume.js";
import * as sheets from "../../src/core/sheet.js";
import * as disk from "../../src/saving/disk.js";
import { saver as newSaver } from "../../src/saving/saver.js";
import { sender as newSender } from "../../src/saving/sender.js";

const ITEMS = Array.from({ length: 60 }, (_, n) => `item-${n}`);
const WORDS = "Le hérisson mauve garde la clé du phare abandonné. ";

/** A sitting of 60 items, five of which are long texts. */
async function sitting() {
  const pair = await suite().kem.generateKeyPair();
  const sealingKey = new Uint8Array(await suite().kem.serializePublicKey(pair.publicKey));
  const keyId = (await sha256(sealingKey)).slice(0, 8);
  const none = { label: "", iterations: 1, opensAt: new Date(0), closesAt: new Date(0), bundles: [], practice: null, places: "", nodes: [] };
  const manifest = { ...none, campaign: random(16), sealingKey, keyId };
  const raw = random(32);
  const keys = { sid: random(16), auth: random(32), mac: await macKey(raw), resume: await resumeKey(raw), pair: 0 };
  return { manifest, keys, bundle: new Uint8Array(8), stream: random(8), epoch: 0, items: ITEMS };
}

/** @param {import("../../src/core/sheet.js").Sheet} blank */
function filled(blank) {
  const hand = { epoch: 0, stream: "00".repeat(8) };
  return ITEMS.reduce(
    (sheet, item, n) => sheets.answered(sheet, item, { RESPONSE: [n % 12 ? `choice-${n % 4}` : WORDS.repeat(12)] }, hand),
    blank,
  );
}

/** @type {any} */
const page = window;

/** @param {number} answers @param {number} everyMs */
page.measure = async (answers, everyMs) => {
  const at = await sitting();
  const db = await disk.open();
  const sheet = filled(sheets.blank("00".repeat(8)));
  const sender = newSender(db, [], () => {});
  let waiting = () => {};
  const told = (/** @type {import("../../src/saving/saver.js").State} */ { kind }) => kind !== "saving" && waiting();
  const saver = newSaver(db, at, { sheet, theirs: sheet }, sender, told);
  const field = document.createElement("input");
  document.body.append(field);
  /** @type {number[]} */
  const took = [];
  for (let n = 0; n < answers; n += 1) {
    const stored = new Promise((done) => {
      field.onchange = (event) => {
        waiting = () => done(performance.now() - event.timeStamp);
        saver.answer(ITEMS[n % 60] ?? "", { RESPONSE: [`change ${n}`] });
      };
    });
    field.dispatchEvent(new Event("change"));
    took.push(/** @type {number} */ (await stored));
    await new Promise((later) => setTimeout(later, everyMs));
  }
  if (!db.safe) throw new Error("this browser keeps nothing");
  return { disk_ms: took, seal_ms: await seals(at, JSON.stringify(saver.sheet()), answers) };
};

/** @param {Awaited<ReturnType<typeof sitting>>} at @param {string} json @param {number} times */
async function seals({ manifest, keys, bundle, stream }, json, times) {
  const envelopes = sealer({ sealingKey: manifest.sealingKey, mac: keys.mac });
  const took = [];
  for (let seq = 0; seq < times; seq += 1) {
    const place = { campaign: manifest.campaign, sid: keys.sid, stream, epoch: 0, seq };
    const header = { ...place, key: manifest.keyId, kind: SNAPSHOT, bundle, progress: 50 };
    await envelopes.prepare(); // as between two answers of a pupil
    const began = performance.now();
    const packed = await deflate(utf8(json));
    await Promise.all([envelopes.seal(packed, header), resume.closePacked(packed, place, keys.resume)]);
    took.push(performance.now() - began);
  }
  return took;
}
