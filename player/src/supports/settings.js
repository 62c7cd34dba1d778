// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a pupil may set, and its values; the first is the usual one. Pure. Says nothing of why
 * somebody needs it. The names are those of docs/spec/supports.md.
 * @module
 */

/** @typedef {keyof typeof SETTINGS} Name */
/** @typedef {Record<Name, string>} Settings */

export const SETTINGS = /** @type {const} */ ({
  theme: ["ardoise", "nuit", "contraste", "jaune", "creme"],
  size: ["100", "125", "150", "175", "200"],
  font: ["usual", "legible"],
  spacing: ["usual", "wide"],
  window: ["none", "ruler", "mask"],
  columns: ["two", "one"],
  voice: ["off", "on"],
  masking: ["off", "on"],
});

/** Supports beside the words, by the name that grants them: only whoever is granted one is shown it. @type {Record<string, string>} */
export const CARDS = {
  sign: "sign-language",
  simple: "simplified-language-portions",
  spoken: "spoken",
  transcript: "transcript",
  glossary: "glossary-on-screen",
  translation: "keyword-translation",
  description: "long-description",
};

export const NAMES = /** @type {Name[]} */ (Object.keys(SETTINGS));

/** @param {Name} name @returns {readonly string[]} */
export const valuesOf = (name) => SETTINGS[name];

/** @returns {Settings} */
export const usual = () =>
  /** @type {Settings} */ (Object.fromEntries(NAMES.map((name) => [name, SETTINGS[name][0]])));

/** Settings from anywhere: what is not known is as usual. @param {Record<string, string> | undefined} raw @returns {Settings} */
export const read = (raw) =>
  /** @type {Settings} */ (Object.fromEntries(NAMES.map((name) => {
    const asked = raw?.[name] ?? "";
    return [name, valuesOf(name).includes(asked) ? asked : SETTINGS[name][0]];
  })));

/** What is set otherwise than usual, as "theme:nuit". @param {Settings} settings */
export const set = (settings) =>
  NAMES.filter((name) => settings[name] !== SETTINGS[name][0]).map((name) => `${name}:${settings[name]}`);

/** Every value that this player offers. */
export const offered = () => [
  ...NAMES.flatMap((name) => SETTINGS[name].slice(1).map((value) => `${name}:${value}`)),
  ...Object.keys(CARDS).map((card) => `card:${card}`),
];

/** "theme:nuit" by its name. @param {string[]} written @returns {Record<string, string>} */
export const byName = (written) => Object.fromEntries(written.map((one) => one.split(":", 2)));

/** @typedef {import("../core/terms.js").Terms} Terms */
/** @param {Terms} terms */
export const extraTimeOf = ({ extraTime }) => (extraTime ? [`extra-time:${extraTime}`] : []);

/** What was designated for the pupil. @param {Terms} terms */
export const designatedBy = (terms) => [...terms.settings, ...extraTimeOf(terms)];
