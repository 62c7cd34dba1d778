// SPDX-License-Identifier: AGPL-3.0-or-later
/** What a pupil may set: only what is known, and readable in every theme. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CARDS, NAMES, offered, read, set, usual, valuesOf } from "../src/supports/settings.js";
import * as en from "../src/strings/en.js";
import * as fr from "../src/strings/fr.js";

test("settings that are not known are as usual", () => {
  assert.deepEqual(read({ theme: "url(//evil)", size: "9000", other: "x" }), usual());
  assert.deepEqual(set(read({ theme: "nuit", size: "150" })), ["theme:nuit", "size:150"]);
  assert.deepEqual(read(undefined), usual());
});

test("every value has its words in both languages", () => {
  for (const { SAY } of [fr, en]) {
    for (const name of NAMES) {
      assert.ok(SAY.setting[name].title);
      for (const value of valuesOf(name)) {
        assert.ok(name === "size" || SAY.setting[name].values[value], `${name}:${value}`);
      }
    }
  }
  const values = NAMES.reduce((sum, name) => sum + valuesOf(name).length - 1, 0);
  assert.equal(offered().length, values + Object.keys(CARDS).length);
  for (const { SAY } of [fr, en]) assert.deepEqual(Object.keys(SAY.cards).sort(), Object.keys(CARDS).sort());
});

const css = ["base", "supports"].map((name) => readFileSync(new URL(`../src/theme/${name}.css`, import.meta.url), "utf8")).join("\n");

/** @param {string} block @returns {Record<string, string>} */
const variables = (block) => Object.fromEntries(Array.from(block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g), (m) => [m[1] ?? "", m[2] ?? ""]));
const base = variables(/:root \{([^}]*)\}/.exec(css)?.[1] ?? "");

/** WCAG 2.2, relative luminance. @param {string} colour */
function luminance(colour) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Text on what it stands on (4.5), then edges and marks on theirs (3). */
const TEXT = [["ink", "paper"], ["ink", "sheet"], ["ink", "field"], ["ink", "reading"], ["soft", "paper"], ["soft", "sheet"], ["slate", "sheet"], ["on-slate", "slate"], ["on-slate", "slate-dark"], ["on-bar", "bar"], ["good-ink", "good-wash"], ["warn-ink", "warn-wash"], ["bad-ink", "bad-wash"], ["ink", "slate-wash"], ["ghost", "field"]];
const EDGES = [["edge", "sheet"], ["edge", "paper"], ["focus", "sheet"], ["focus", "paper"], ["slate", "paper"], ["kept", "bar"], ["wait", "bar"]];

for (const theme of valuesOf("theme")) {
  test(`the theme ${theme} is readable`, () => {
    const own = theme === "ardoise" ? {} : variables(new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "");
    const colours = { ...base, ...own };
    /** @param {string[]} pair @param {number} least */
    const fails = ([a = "", b = ""], least) => contrast(colours[a] ?? "", colours[b] ?? "") < least;
    assert.deepEqual(TEXT.filter((pair) => fails(pair, 4.5)), []);
    assert.deepEqual(EDGES.filter((pair) => fails(pair, 3)), []);
  });
}
