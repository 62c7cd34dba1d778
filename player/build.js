// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Build the player into dist/: one script, one style sheet, each named by its digest, and
 * index.html that gives their integrity. Two builds of the same sources are the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = process.argv[2] ?? join(here, "dist");

/** @param {string} entry @returns {Promise<Uint8Array>} */
async function bundled(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    format: "esm",
    target: ["chrome103", "firefox113", "safari16.4"],
    legalComments: "eof",
    logLevel: "warning",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`nothing built from ${entry}`);
  return file.contents;
}

/** @param {Uint8Array} content @param {string} kind */
function named(content, kind) {
  const name = `encrier.${createHash("sha256").update(content).digest("hex").slice(0, 16)}.${kind}`;
  const integrity = `sha384-${createHash("sha384").update(content).digest("base64")}`;
  return { name, integrity, content };
}

const js = named(await bundled("src/main.js"), "js");
const css = named(await bundled("src/theme/ardoise.css"), "css");
const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("{js}", js.name)
  .replace("{js-integrity}", js.integrity)
  .replace("{css}", css.name)
  .replace("{css-integrity}", css.integrity);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const { name, content } of [js, css]) writeFileSync(join(dist, name), content);
writeFileSync(join(dist, "index.html"), page);
console.error(`${js.name} ${js.content.length} bytes, ${css.name} ${css.content.length} bytes`);
