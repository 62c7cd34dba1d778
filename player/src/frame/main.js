// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Inside the frame of a portable custom interaction: loads the author's modules, gives them what
 * the specification promises, tells the page of each new response. It has no network, no storage
 * and no origin, and is told nothing but the program and the answer to this one interaction.
 * PCI 1.0 for QTI 3.0, 1EdTech.
 * @module
 */

/** @typedef {{id: string, code: string}} Module */
/** @typedef {{deps: string[], factory: unknown}} Defined */

const WATCH_MS = 300;
const page = parent;

/** @type {Map<string, Defined>} */
const defined = new Map();
/** @type {Map<string, unknown>} */
const made = new Map();
/** @type {Map<string, any>} */
const registered = new Map();
let loading = "";

/** @param {Record<string, unknown>} said */
const tell = (said) => page.postMessage(said, "*");

const context = {
  /** @param {any} one */
  register: (one) => registered.set(one.typeIdentifier ?? "", one),
  notifyReady: () => {},
};
made.set("qtiCustomInteractionContext", context);

/** As AMD has it: a name, what it needs and how it is made, the first two left out at will. @param {...any} given */
function define(...given) {
  const named = typeof given[0] === "string" ? given.shift() : loading;
  const deps = Array.isArray(given[0]) ? given.shift() : [];
  defined.set(named, { deps, factory: given[0] });
}
define.amd = {};

/** @param {string} name @returns {unknown} */
function need(name) {
  if (made.has(name)) return made.get(name);
  const known = defined.get(name) ?? defined.get(name.replace(/^.*\//, ""));
  if (!known) throw new Error(`no module ${name}`);
  /** @type {{exports: unknown}} */
  const module = { exports: {} };
  made.set(name, module.exports); // a circle sees what there is so far
  const special = /** @type {Record<string, unknown>} */ ({ require: need, exports: module.exports, module });
  const deps = known.deps.map((dep) => special[dep] ?? need(dep));
  const result = typeof known.factory === "function" ? known.factory(...deps) : known.factory;
  made.set(name, result ?? module.exports);
  return made.get(name);
}

/** @param {string[]} deps @param {(...given: unknown[]) => void} [then] */
const asked = (deps, then) => then?.(...deps.map(need));
Object.assign(globalThis, { define, require: asked, requirejs: asked });

/** @param {Module} module */
function load({ id, code }) {
  loading = id;
  const script = document.createElement("script");
  script.textContent = code;
  document.head.append(script);
}

/** A value of the sheet in the JSON of portable interactions. @param {any} declaration @param {string[]} values */
function bound({ cardinality, base_type }, values) {
  if (values.length === 0) return { base: null };
  if (cardinality === "record") return JSON.parse(/** @type {string} */ (values[0]));
  const typed = values.map((value) => {
    if (["integer", "float"].includes(base_type)) return Number(value);
    if (base_type === "boolean") return value === "true";
    if (base_type === "point") return value.split(" ").map(Number);
    if (["pair", "directedPair"].includes(base_type)) return value.split(" ");
    return value;
  });
  return cardinality === "single" ? { base: { [base_type]: typed[0] } } : { list: { [base_type]: typed } };
}

/** @param {any} program what the page says of it */
function start(program) {
  const root = document.createElement("div");
  root.className = "qti-interaction-markup";
  root.innerHTML = program.markup; // made by the page from a list of elements that do nothing
  document.body.replaceChildren(root);
  program.modules.forEach(load);
  need(program.module);
  const custom = registered.get(program.type) ?? [...registered.values()].at(-1);
  const configuration = {
    properties: program.properties,
    responseIdentifier: program.response,
    boundTo: { [program.response]: bound(program.declaration, program.values) },
    status: "interacting",
    onready: (/** @type {any} */ one) => watch(one),
    ondone: () => {},
  };
  const instance = custom.getInstance(root, configuration, undefined);
  if (instance) watch(instance);
  tell({ kind: "running" });
}

let watched = false;

/** Look at the response when something may have changed. @param {any} instance */
function watch(instance) {
  if (watched || typeof instance?.getResponse !== "function") return;
  watched = true;
  let before = JSON.stringify(instance.getResponse() ?? null);
  const look = () => {
    const response = instance.getResponse() ?? null;
    const now = JSON.stringify(response);
    if (now === before) return;
    before = now;
    tell({ kind: "response", response: JSON.parse(now) });
  };
  for (const kind of ["input", "change", "click", "keyup", "pointerup"]) addEventListener(kind, () => queueMicrotask(look));
  setInterval(look, WATCH_MS);
  new ResizeObserver(() => tell({ kind: "height", px: document.documentElement.scrollHeight })).observe(document.body);
}

let started = false;
addEventListener("message", (event) => {
  if (event.source !== page || event.data?.kind !== "start") return;
  if (started) return location.reload(); // an answer put back: from the beginning
  started = true;
  try {
    start(event.data);
  } catch (fault) {
    tell({ kind: "failed", why: String(fault) });
  }
});
tell({ kind: "ready" });
