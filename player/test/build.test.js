// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is built: the same bytes twice, whole, and asking nobody. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../build.js", import.meta.url));
const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "encrier-player-")));
for (const folder of folders) execFileSync(process.execPath, [script, folder], { stdio: "ignore" });
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** @param {string} folder */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).filter((e) => e.isFile()).map((e) => e.name).sort();
}

const [first = "", second = ""] = folders;
const names = files(first);
const preview = files(join(first, "preview"));
const page = readFileSync(join(first, "index.html"), "utf8");

test("two builds are the same bytes", () => {
  assert.deepEqual(files(second), names);
  assert.deepEqual(files(join(second, "preview")), preview);
  for (const name of [...names, ...preview.map((each) => join("preview", each))]) {
    assert.deepEqual(readFileSync(join(first, name)), readFileSync(join(second, name)));
  }
});

test("the page gives the true integrity of its script and its style sheet", () => {
  const loaded = names.filter((name) => /^encrier\..*\.(js|css)$/.test(name));
  assert.equal(loaded.length, 2);
  for (const name of loaded) {
    const digest = createHash("sha384").update(readFileSync(join(first, name))).digest("base64");
    assert.ok(page.includes(`"/player/${name}" integrity="sha384-${digest}"`));
  }
});

test("the worker keeps what the page is made of, and nothing else", () => {
  const listed = readFileSync(join(first, "sw.js"), "utf8").match(/\/player\/[\w.-]+/g) ?? [];
  assert.deepEqual(listed.sort(), names.filter((name) => /^encrier\./.test(name)).map((name) => `/player/${name}`).sort());
});

test("the page has one empty place for the root key, and nothing inline", () => {
  assert.equal(page.split('<meta name="encrier-root-key" content="">').length, 2);
  assert.doesNotMatch(page, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
});

test("no address of anybody else is asked for", () => {
  assert.doesNotMatch(page, /https?:/);
  for (const name of names.filter((n) => /\.(js|css)$/.test(n))) {
    const content = readFileSync(join(first, name), "utf8");
    const addresses = content.match(/https?:\/\/[\w.-]+/g) ?? [];
    const spaces = addresses.filter((address) => address !== "http://www.w3.org");
    assert.deepEqual(spaces, []);
  }
});

test("the preview for authors stands apart and is not in the player", () => {
  const html = readFileSync(join(first, "preview", "index.html"), "utf8");
  assert.deepEqual(preview.map((name) => name.split(".").pop()).sort(), ["css", "html", "js", "ttf", "ttf", "txt"]);
  assert.doesNotMatch(html, /https?:|<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  for (const name of names) assert.doesNotMatch(readFileSync(join(first, name), "utf8"), /Aperçu pour/);
});

test("the keying page stands apart, whole, with a worker that keeps its files and no ring", () => {
  const folder = join(first, "saisie");
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const built = files(folder).filter((name) => /^encrier\..*\.(js|css)$/.test(name));
  assert.equal(built.length, 2);
  for (const name of built) {
    const digest = createHash("sha384").update(readFileSync(join(folder, name))).digest("base64");
    assert.ok(html.includes(`"/saisie/fichiers/${name}" integrity="sha384-${digest}"`));
    assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(second, "saisie", name)));
  }
  for (const name of ["root-key", "answers", "class", "back"]) assert.ok(html.includes(`<meta name="encrier-${name}" content="">`));
  assert.doesNotMatch(html, /https?:|<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  const worker = readFileSync(join(folder, "sw.js"), "utf8");
  const listed = worker.match(/\/saisie\/fichiers\/[\w.-]+/g) ?? [];
  assert.deepEqual(listed.sort(), files(folder).filter((name) => /^encrier\./.test(name)).map((name) => `/saisie/fichiers/${name}`).sort());
  assert.doesNotMatch(worker, /anneau/);
});

test("the licences of what is inside go with it", () => {
  const notices = readFileSync(join(first, "licences.txt"), "utf8");
  for (const name of ["Lucide", "@hpke/core", "@hpke/hybridkem-x-wing", "@noble/ed25519", "mlkem"]) {
    assert.ok(notices.includes(name), name);
  }
});
