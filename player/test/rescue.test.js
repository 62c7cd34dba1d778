// SPDX-License-Identifier: AGPL-3.0-or-later
/** The rescue file and its codes: whole or refused, whatever is lost on the way. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import encode from "qr";
import decode from "qr/decode.js";

import { concat, random, sha256, utf8 } from "../src/core/bytes.js";
import { NotRescue, read, write } from "../src/rescue/file.js";
import { base45, frames, fromBase45, gathering } from "../src/rescue/frames.js";
import { seeker } from "../src/rescue/seeking.js";
import { Refused, packSave, proved } from "../src/saving/wire.js";

/** @param {number} size */
const saved = (size) => packSave({ auth: random(32), unsent: 0, envelope: random(size), box: random(900) });

/** The pixels of a code, as a screen shows it. @param {string} text */
function pixels(text) {
  const rows = encode(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: 4 });
  const [scale, side] = [3, rows.length * 3];
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (rows[Math.floor(y / scale)]?.[Math.floor(x / scale)]) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { width: side, height: side, data };
}

test("a proof is good for one save, and tells nobody what shows who the pupil is", async () => {
  const body = saved(2_227);
  const auth = body.slice(3, 35);
  const rescued = await proved(body);
  const proof = createHmac("sha256", await sha256(auth)).update(utf8("rescue/v1\0")).update(body.slice(35)).digest();
  assert.deepEqual(rescued, concat(utf8("SV2"), new Uint8Array(proof), body.slice(35)));
  assert.ok(!Buffer.from(rescued).includes(Buffer.from(auth)));
});

test("a rescue file gives back its saves, sealed as they were", async () => {
  const bodies = [saved(2_227), saved(5_000), saved(100)];
  const saves = await read(await write(bodies));
  assert.deepEqual(saves.map((save) => save.slice(35)), bodies.map((body) => body.slice(35)));
});

test("a rescue file that is cut, spoilt or none is refused", async () => {
  const file = await write([saved(300)]);
  for (const size of [0, 3, 34, 35, 36, file.length - 1]) {
    await assert.rejects(read(file.slice(0, size)), NotRescue);
  }
  for (let at = 0; at < file.length; at += 37) {
    const spoilt = file.slice();
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    await assert.rejects(read(spoilt), NotRescue);
  }
});

test("base 45 is that of RFC 9285", () => {
  assert.equal(base45(utf8("Hello!!")), "%69 VD92EX0");
  assert.equal(new TextDecoder().decode(fromBase45("QED8WEX0") ?? undefined), "ietf!");
  for (const wrong of ["A", "GGW", "::", "a0"]) assert.equal(fromBase45(wrong), null);
  for (let size = 0; size < 60; size += 1) {
    const bytes = random(size);
    assert.deepEqual(fromBase45(base45(bytes)), bytes);
  }
});

test("codes read from their pixels, in any order, some twice, some spoilt, give the file back", async () => {
  const file = await write([saved(2_227), saved(1_200)]);
  const texts = await frames(file);
  const gathered = gathering();
  const order = [...texts.keys()].reverse();
  let whole = null;
  for (const rank of [order[0] ?? 0, ...order]) {
    const text = decode(pixels(texts[rank] ?? ""));
    assert.equal(text, texts[rank]);
    assert.equal(await gathered.seen(text.slice(0, 20) + (text[20] === "0" ? "1" : "0") + text.slice(21)), null);
    whole = (await gathered.seen(text)) ?? whole;
  }
  assert.deepEqual(whole, file);
});

test("codes of another file begin anew, and other codes are left alone", async () => {
  const [one, two] = [await write([saved(900)]), await write([saved(800)])];
  const gathered = gathering();
  for (const text of (await frames(one)).slice(1)) await gathered.seen(text);
  for (const text of ["https://example.org", "ER1:", "ER1:ABC"]) assert.equal(await gathered.seen(text), null);
  let whole = null;
  for (const text of await frames(two)) whole = await gathered.seen(text);
  assert.deepEqual(whole, two);
});

test("a rescued save is sent to one pair after the other until one knows it, and the next to that one first", async () => {
  /** @type {number[]} */
  const asked = [];
  const sent = seeker(async (_body, pair) => {
    asked.push(pair);
    if (pair !== 3) throw new Refused(403);
    return "receipt";
  });
  assert.equal(await sent(new Uint8Array(9), [1, 2, 3]), "receipt");
  assert.equal(await sent(new Uint8Array(9), [1, 2, 3]), "receipt");
  assert.deepEqual(asked, [1, 2, 3, 3]);
  assert.deepEqual(await sent(new Uint8Array(9), [1, 2]).catch((fault) => fault.status), 403);
});

test("a pair that is silent holds up no save of another, and is told where none knows the sitting", async () => {
  const sent = seeker(async (body, pair) => {
    if (pair === 1) throw new Refused(0);
    if (body[0] !== pair) throw new Refused(403);
    return pair;
  });
  assert.equal(await sent(new Uint8Array([2]), [1, 2, 3]), 2);
  assert.equal(await sent(new Uint8Array([3]), [1, 2, 3]), 3);
  await assert.rejects(sent(new Uint8Array([9]), [1, 2, 3]), { status: 0 });
  await assert.rejects(sent(new Uint8Array([9]), [2, 3]), { status: 403 });
});

test("a pair that decides is not passed over: its word is told", async () => {
  for (const status of [400, 413, 423, 429]) {
    /** @type {number[]} */
    const asked = [];
    const sent = seeker(async (_body, pair) => {
      asked.push(pair);
      throw new Refused(status);
    });
    await assert.rejects(sent(new Uint8Array(9), [1, 2]), { status });
    assert.deepEqual(asked, [1]);
  }
});
