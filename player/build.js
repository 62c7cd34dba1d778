// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Build the player into dist/: one script, one style sheet, each named by its digest, index.html
 * that gives their integrity, and the licences of what is inside; into dist/secours/ the page that
 * sends what was rescued; into dist/saisie/ the page on which a teacher keys booklets, with a worker
 * of its own, which the names zone serves; and into dist/preview/ the same items in the page for authors, which
 * pupils are never served. Two builds of the same sources are
 * the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = process.argv[2] ?? join(here, "dist");

/** What was bundled, and from which files. @param {string} entry @param {Record<string, string>} [define] */
async function bundled(entry, define = {}) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    charset: "utf8",
    format: "esm",
    target: ["chrome103", "firefox113", "safari16.4"],
    legalComments: "eof",
    define,
    loader: { ".ttf": "file" },
    assetNames: "encrier.[hash]",
    outdir: dist,
    logLevel: "warning",
  });
  const fonts = result.outputFiles.filter((one) => one.path.endsWith(".ttf"));
  const file = result.outputFiles.find((one) => !fonts.includes(one));
  if (!file) throw new Error(`nothing built from ${entry}`);
  const sources = Object.keys(result.metafile.inputs);
  return { content: file.contents, sources, fonts: fonts.map((font) => ({ name: basename(font.path), content: font.contents })) };
}

/** The licences of the packages that these files come from. @param {string[]} sources */
function licences(sources) {
  const packages = sources.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const notices = [...new Set(packages)].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const notice = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (!notice) throw new Error(`no licence in ${name}`);
    return `${name}\n\n${readFileSync(join(folder, notice), "utf8").trim()}\n`;
  });
  const pictograms = readFileSync(join(here, "../kernel/encrier/pictograms.py"), "utf8");
  const lucide = /come from (Lucide[\s\S]*?)\n"""/.exec(pictograms)?.[1];
  if (!lucide) throw new Error("no licence of the pictograms");
  const font = readFileSync(join(here, "../names/encrier_names/static/fonts/OFL.txt"), "utf8");
  return [`pictograms\n\n${lucide}\n`, `Atkinson Hyperlegible\n\n${font.trim()}\n`, ...notices].join(`\n${"-".repeat(72)}\n\n`);
}

/** @param {Uint8Array} content @param {string} kind */
function named(content, kind) {
  const name = `encrier.${createHash("sha256").update(content).digest("hex").slice(0, 16)}.${kind}`;
  const integrity = `sha384-${createHash("sha384").update(content).digest("base64")}`;
  return { name, integrity, content };
}

/** The page of portable interactions, its script inside: it has no origin to load one from. */
async function framed() {
  const script = new TextDecoder().decode((await bundled("src/frame/main.js")).content);
  if (script.includes("</script")) throw new Error("the frame's script would end its own element");
  return new TextEncoder().encode(readFileSync(join(here, "frame.html"), "utf8").replace("{script}", () => script));
}

/**
 * One page, its script and its style sheet, in a folder.
 * @param {string} folder @param {{page: string, script: string, style: string, at?: string}} from at: where its files are served
 */
async function built(folder, { at = "/player/", ...from }) {
  const script = await bundled(from.script);
  const js = named(script.content, "js");
  const style = await bundled(from.style);
  const css = named(style.content, "css");
  const page = readFileSync(join(here, from.page), "utf8")
    .replace("{frame}", frame.name)
    .replace("{js}", js.name)
    .replace("{js-integrity}", js.integrity)
    .replace("{css}", css.name)
    .replace("{css-integrity}", css.integrity);
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of [js, css, ...style.fonts]) writeFileSync(join(folder, name), content);
  const inside = page.includes(frame.name) ? [frame] : [];
  for (const { name, content } of inside) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "licences.txt"), licences(script.sources));
  console.error(`${js.name} ${js.content.length} bytes, ${css.name} ${css.content.length} bytes`);
  return [js, css, ...inside, ...style.fonts].map(({ name }) => `${at}${name}`);
}

rmSync(dist, { recursive: true, force: true });
const frame = named(await framed(), "html");
const shell = await built(dist, { page: "index.html", script: "src/main.js", style: "src/theme/ardoise.css" });
await built(join(dist, "preview"), {
  page: "preview.html",
  script: "src/preview/main.js",
  style: "src/preview/preview.css",
});
await built(join(dist, "secours"), {
  page: "secours.html",
  script: "src/rescue/main.js",
  style: "src/theme/ardoise.css",
});
const keying = await built(join(dist, "saisie"), {
  page: "saisie.html",
  script: "src/keying/main.js",
  style: "src/keying/theme/saisie.css",
  at: "/saisie/fichiers/",
});

/** @param {string} entry @param {string[]} files what it keeps @param {string} folder */
async function worker(entry, files, folder) {
  const { content } = await bundled(entry, { BUILT: JSON.stringify(JSON.stringify(files)) });
  writeFileSync(join(folder, "sw.js"), content);
}
await worker("src/worker/main.js", shell, dist);
await worker("src/worker/keying.js", keying, join(dist, "saisie"));
