// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Write tests/vectors/javascript.json: what the player makes and Python must read the same. Run it
 * only when a format changes: `node test/make-vectors.js`. The keys are those of python.json.
 */

import { readFileSync, writeFileSync } from "node:fs";

import { fromHex, hex, utf8 } from "../src/core/bytes.js";
import { parse } from "../src/core/codes.js";
import { FINAL, SNAPSHOT, headerBytes, seal } from "../src/core/envelope.js";
import { deriveRaw, macKey, resumeKey } from "../src/core/keys.js";
import { check } from "../src/core/manifest.js";
import * as resume from "../src/core/resume.js";
import * as sheets from "../src/core/sheet.js";
import { packSave } from "../src/saving/wire.js";

const folder = new URL("../../tests/vectors/", import.meta.url);
const python = JSON.parse(readFileSync(new URL("python.json", folder), "utf8"));
const manifest = await check(python.manifest, fromHex(python.root_key));
const BUNDLE = python.header_fields.bundle;
const ITEMS = ["fr-01", "fr-02", "ma-01", "ma-02"];
const hand = { epoch: 2, stream: "f0f1f2f3f4f5f6f7" };

/** So many different words, which deflate cannot make small. @param {number} count */
const words = (count) => Array.from({ length: count }, (_, i) => ((i * 7919) % 46649).toString(36)).join(" ");

/** A sheet that the player's own rules make, with accents, an emoji, a long text and a blank. @param {number} long */
function sheet(long) {
  let made = sheets.happened(sheets.blank(BUNDLE), "sign-in", hand);
  made = sheets.answered(made, "fr-01", { RESPONSE: ["A"] }, hand);
  made = sheets.answered(made, "fr-02", { RESPONSE: [`l’œuf à Noël 😀 ${words(long)}`] }, hand);
  made = sheets.answered(made, "ma-01", { LEFT: ["x y", "z y"], RIGHT: ["12 34"] }, hand);
  return sheets.seen(sheets.happened(made, "offline", hand), "ma-02", 1234.5, hand);
}

/** A sheet as a teacher keys it: an answer, one taken back, marks, a note, a second entry. */
function keyedSheet() {
  const given = { RESPONSE: ["A"] };
  let made = sheets.keyed(sheets.blank(BUNDLE), "fr-01", { r: given }, hand);
  made = sheets.keyed(made, "fr-02", { r: { "RESPONSE.struck": ["B"] }, mark: "blank" }, hand);
  made = sheets.keyed(sheets.keyed(made, "ma-01", { r: given }, hand), "ma-01", { r: {}, mark: "open" }, hand);
  made = sheets.keyed(made, "fr-01~2", { r: { RESPONSE: ["C"] } }, hand);
  return sheets.keyed(made, "ma-02", { r: {}, mark: "absent" }, { ...hand, epoch: 3 });
}

/**
 * @param {string} letters @param {{seq: number, kind: number, made: sheets.Sheet}} how
 */
async function vector(letters, { seq, kind, made }) {
  const raw = await deriveRaw(letters, manifest.campaign, manifest.iterations);
  const json = JSON.stringify(made);
  const progress = sheets.progress(made, ITEMS);
  const place = { campaign: manifest.campaign, sid: raw.sid, stream: fromHex(hand.stream), epoch: hand.epoch, seq };
  const header = { ...place, key: manifest.keyId, kind, bundle: fromHex(BUNDLE), progress };
  const to = { sealingKey: manifest.sealingKey, mac: await macKey(raw.mac) };
  const envelope = await seal(utf8(json), header, to);
  const box = await resume.close(json, place, await resumeKey(raw.resume));
  return {
    sid: hex(raw.sid),
    header: hex(headerBytes(header)),
    header_fields: { stream: hand.stream, epoch: hand.epoch, seq, kind, bundle: BUNDLE, progress },
    sheet: json,
    envelope: hex(envelope),
    resume_context: hex(resume.context(place)),
    resume_box: hex(box),
    save: hex(packSave({ auth: raw.auth, unsent: 3, envelope, box })),
  };
}

const codes = [];
for (const { printed } of python.codes) {
  const keys = await deriveRaw(parse(printed), manifest.campaign, manifest.iterations);
  codes.push({ printed, sid: hex(keys.sid), auth: hex(keys.auth), mac: hex(keys.mac), resume: hex(keys.resume), terms: hex(keys.terms) });
}
const saves = [
  await vector(parse(python.codes[0].printed), { seq: 0, kind: SNAPSHOT, made: sheet(0) }),
  await vector(parse(python.codes[1].printed), { seq: 70_000, kind: FINAL, made: sheet(4000) }),
  await vector(parse(python.codes[2].printed), { seq: 3, kind: SNAPSHOT, made: keyedSheet() }),
];
const about = { campaign: python.campaign, iterations: python.iterations, sealing_key: python.sealing_key };
const made = { ...about, items: ITEMS, codes, saves };
writeFileSync(new URL("javascript.json", folder), `${JSON.stringify(made, null, 1)}\n`);
