// SPDX-License-Identifier: AGPL-3.0-or-later
/** What Python makes, the player reads the same. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { openFile, openPack } from "../src/core/booklets.js";
import { openingKey } from "../src/core/boxes.js";
import { concat, fromHex, hex, text, utf8 } from "../src/core/bytes.js";
import { parse, printed } from "../src/core/codes.js";
import { deflate, inflate } from "../src/core/deflate.js";
import { HEADER_SIZE, INFO, headerBytes, seal, sealer, suite, tag } from "../src/core/envelope.js";
import { deriveRaw, macKey, resumeKey } from "../src/core/keys.js";
import { ManifestRefused, check } from "../src/core/manifest.js";
import { lettersOf } from "../src/core/pictograms.js";
import { pairOf } from "../src/core/places.js";
import { covered } from "../src/core/receipts.js";
import * as resume from "../src/core/resume.js";
import * as sheets from "../src/core/sheet.js";
import { unseal } from "../src/core/terms.js";
import { behind, packSave } from "../src/saving/wire.js";

const file = new URL("../../tests/vectors/python.json", import.meta.url);
const python = JSON.parse(readFileSync(file, "utf8"));
const first = python.codes[0];
const campaign = fromHex(python.campaign);
const fields = python.header_fields;
const place = {
  campaign,
  sid: fromHex(first.sid),
  stream: fromHex(fields.stream),
  epoch: fields.epoch,
  seq: fields.seq,
};

const header = async () => ({
  ...place,
  key: (await check(python.manifest, fromHex(python.root_key))).keyId,
  kind: fields.kind,
  bundle: fromHex(fields.bundle),
  progress: fields.progress,
});

/** Open an envelope with the test seed; nothing in the player can. @param {Uint8Array<ArrayBuffer>} envelope */
async function opened(envelope) {
  const opening = suite();
  const recipientKey = await opening.kem.deserializePrivateKey(fromHex(python.sealing_seed));
  const info = concat(INFO, envelope.slice(0, HEADER_SIZE));
  const enc = envelope.slice(HEADER_SIZE, HEADER_SIZE + 1120);
  const asked = { recipientKey, enc, info };
  const plain = new Uint8Array(await opening.open(asked, envelope.slice(HEADER_SIZE + 1120)));
  const size = new DataView(plain.buffer).getUint32(32);
  return { tag: plain.slice(0, 32), packed: plain.slice(36, 36 + size) };
}

test("a code gives the keys that Python gives", async () => {
  for (const code of python.codes) {
    const letters = parse(code.printed);
    assert.equal(printed(letters), code.printed);
    const keys = await deriveRaw(letters, campaign, python.iterations);
    for (const name of /** @type {const} */ (["sid", "auth", "mac", "resume", "terms"])) {
      assert.equal(hex(keys[name]), code[name]);
    }
    assert.equal(await lettersOf(keys.sid), code.letters);
  }
});

test("a header is the same 67 bytes", async () => {
  assert.equal(hex(headerBytes(await header())), python.header);
});

test("what two computers keyed is merged and counted as Python does", () => {
  const [one, other] = python.keyed.sheets.map((/** @type {string} */ json) => sheets.read(json, fields.bundle));
  for (const both of [sheets.merged(one, other), sheets.merged(other, one)]) {
    assert.deepEqual(both.items, python.keyed.merged);
    const said = python.keyed.items.filter((/** @type {string} */ item) => sheets.isAnswered(both, item));
    assert.deepEqual(said, python.keyed.said);
    assert.equal(sheets.progress(both, python.keyed.items), python.keyed.progress);
  }
});

test("the tag inside an envelope is the same", async () => {
  const mac = await macKey(fromHex(first.mac));
  assert.equal(hex(await tag(fromHex(python.header), fromHex(python.packed), mac)), python.tag);
});

test("envelopes whose work was done ahead open, and no two share any of it", async () => {
  const { sealingKey } = await check(python.manifest, fromHex(python.root_key));
  const envelopes = sealer({ sealingKey, mac: await macKey(fromHex(first.mac)) });
  const packed = await deflate(utf8(python.sheet));
  const at = await header();
  await envelopes.prepare();
  const together = [envelopes.seal(packed, at), envelopes.seal(packed, at), envelopes.seal(packed, { ...at, seq: 9 })];
  void envelopes.prepare();
  const made = await Promise.all([...together, envelopes.seal(packed, at), envelopes.seal(packed, at)]);
  for (const envelope of made) {
    const { packed: found } = await opened(envelope);
    assert.equal(text(await inflate(found, 1e6)), python.sheet);
  }
  const shared = made.map((envelope) => hex(envelope.slice(HEADER_SIZE, HEADER_SIZE + 1120)));
  assert.equal(new Set(shared).size, made.length);
});

test("an envelope that Python closed opens to the same sheet", async () => {
  const { tag: found, packed } = await opened(fromHex(python.envelope));
  assert.equal(hex(found), python.tag);
  assert.equal(text(await inflate(packed, 1e6)), python.sheet);
});

test("an envelope closed here opens to its sheet", async () => {
  const keys = { sealingKey: fromHex(python.sealing_key), mac: await macKey(fromHex(first.mac)) };
  const envelope = await seal(utf8(python.sheet), await header(), keys);
  assert.equal(envelope.length, fromHex(python.envelope).length);
  const { packed } = await opened(envelope);
  assert.equal(text(await inflate(packed, 1e6)), python.sheet);
});

test("a receipt covers its envelope and no other", async () => {
  const receipt = fromHex(python.receipt);
  const envelope = fromHex(python.envelope);
  const { nodes } = await check(python.manifest, fromHex(python.root_key));
  assert.ok(await covered(receipt, envelope, nodes));
  assert.ok(await covered(fromHex(python.last_receipt), envelope, nodes));
  for (const place of [12, 40, 56, 66, 1300]) {
    const other = envelope.slice();
    other[place] = (other[place] ?? 0) ^ 1;
    assert.equal(await covered(receipt, other, nodes), null);
  }
  for (const place of [0, 5, 60, 82, 86, 100, 152, 154, 156, 157, receipt.length - 1]) {
    const forged = receipt.slice();
    forged[place] = (forged[place] ?? 0) ^ 1;
    assert.equal(await covered(forged, envelope, nodes), null);
  }
  for (const wrong of [receipt.slice(0, -32), concat(receipt, new Uint8Array(32))]) {
    assert.equal(await covered(wrong, envelope, nodes), null);
  }
});

test("a manifest is believed only under the root key, letter for letter", async () => {
  const root = fromHex(python.root_key);
  const manifest = await check(python.manifest, root);
  assert.equal(manifest.iterations, python.iterations);
  assert.equal(hex(manifest.campaign), python.campaign);
  assert.equal(hex(manifest.sealingKey), python.sealing_key);
  const changed = python.manifest.replace("essai", "essaj");
  assert.notEqual(changed, python.manifest);
  await assert.rejects(check(changed, root), ManifestRefused);
  await assert.rejects(check(python.manifest, fromHex(python.receipt_key)), ManifestRefused);
  await assert.rejects(check("{}", root), ManifestRefused);
});

test("a code is served by the pair that Python says, before and after one more pair", async () => {
  const root = fromHex(python.root_key);
  const [before, after] = [await check(python.pairs.manifest, root), await check(python.pairs.manifest_after, root)];
  const said = (/** @type {number | null} */ pair) => (pair === null ? "None" : String(pair));
  for (const [code, was, is] of python.pairs.served.map((/** @type {string} */ line) => line.split(" "))) {
    assert.equal(said(pairOf(before.places, code)), was);
    assert.equal(said(pairOf(after.places, code)), is);
  }
  assert.deepEqual(before.nodes.map(({ pair }) => pair), [1, 2, 2]);
  assert.deepEqual(after.nodes.map(({ pair }) => pair), [1, 2, 2, 3]);
  const { places, nodes } = await check(python.manifest, root);
  assert.equal(pairOf(places, parse(first.printed)), nodes[0]?.pair);
});

test("a resume box opens with the pupil's key, at its place only", async () => {
  const key = await resumeKey(fromHex(first.resume));
  const box = fromHex(python.resume_box);
  assert.equal(hex(resume.context(place)), python.resume_context);
  assert.equal(await resume.open(box, place, key), python.sheet);
  await assert.rejects(resume.open(box, { ...place, seq: place.seq + 1 }, key));
  assert.equal(await resume.open(await resume.close("{}", place, key), place, key), "{}");
});

test("a file of a booklet opens with its key, in its place only", async () => {
  const key = await openingKey(fromHex(python.booklet_key));
  const bundle = fromHex(fields.bundle);
  for (const { content, sha256, closed } of python.booklet_files) {
    const digest = fromHex(sha256);
    assert.equal(hex(await openFile(fromHex(closed), { bundle, digest, key })), content);
    await assert.rejects(openFile(fromHex(closed), { bundle: new Uint8Array(8), digest, key }));
    await assert.rejects(openFile(fromHex(closed), { bundle, digest: new Uint8Array(32), key }));
    await assert.rejects(openFile(fromHex(closed), { bundle, digest, key: await openingKey(new Uint8Array(32)) }));
    await assert.rejects(openFile(fromHex(closed).slice(0, -1), { bundle, digest, key }));
  }
});

test("what every question needs opens in one", async () => {
  const key = await openingKey(fromHex(python.booklet_key));
  const { bundle, content, closed } = python.booklet_pack;
  assert.equal(hex(await openPack(fromHex(closed), { bundle: fromHex(bundle), key })), content);
  await assert.rejects(openPack(fromHex(closed), { bundle: new Uint8Array(8), key }));
  await assert.rejects(openFile(fromHex(closed), { bundle: fromHex(bundle), digest: new Uint8Array(32), key }));
});

test("what is granted opens for its sitting only", async () => {
  const key = await openingKey(fromHex(first.terms));
  const box = fromHex(python.terms);
  const sid = fromHex(first.sid);
  assert.deepEqual(await unseal(box, key, { campaign, sid }), { extraTime: 33, paused: true, settings: ["theme:nuit", "size:150"] });
  await assert.rejects(unseal(box, key, { campaign, sid: new Uint8Array(16) }));
  await assert.rejects(unseal(new Uint8Array(), key, { campaign, sid }));
});

test("a save is packed as Python packs it", () => {
  const [auth, envelope, box] = [first.auth, python.envelope, python.resume_box].map(fromHex);
  assert.ok(auth && envelope && box);
  assert.equal(hex(packSave({ auth, unsent: 2, envelope, box })), python.save);
  const none = packSave({ auth, unsent: 0, envelope, box });
  assert.equal(hex(behind(none, 2)), python.save);
  assert.deepEqual(behind(none, 2).slice(37), none.slice(37)); // what is sealed is not touched
});

test("what the player made when its vectors were written, it still makes and reads", async () => {
  const javascript = JSON.parse(readFileSync(new URL("javascript.json", file), "utf8"));
  const { keyId } = await check(python.manifest, fromHex(python.root_key));
  for (const save of javascript.saves) {
    const { stream, epoch, seq, kind, bundle, progress } = save.header_fields;
    const place = { campaign, sid: fromHex(save.sid), stream: fromHex(stream), epoch, seq };
    const made = headerBytes({ ...place, key: keyId, kind, bundle: fromHex(bundle), progress });
    assert.equal(hex(made), save.header);
    const keys = javascript.codes.find((/** @type {{sid: string}} */ code) => code.sid === save.sid);
    const key = await resumeKey(fromHex(keys.resume));
    assert.equal(await resume.open(fromHex(save.resume_box), place, key), save.sheet);
    const { packed } = await opened(fromHex(save.envelope));
    assert.equal(text(await inflate(packed, 1e6)), save.sheet);
  }
});
