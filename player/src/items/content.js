// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * From QTI and XHTML as written to what the page shows: element by element, from a list of what is
 * allowed. No script, no link, no style, no address outside the bundle can come out of here.
 * @module
 */

import { SAY } from "../strings.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SVG = "http://www.w3.org/2000/svg";

const HTML = new Set(
  `abbr b bdi bdo blockquote br caption cite code col colgroup dd details dfn div dl dt em
  figcaption figure h2 h3 h4 h5 h6 hr i kbd li mark ol p pre q rp rt ruby s samp small span strong
  sub summary sup table tbody td tfoot th thead tr ul var`.split(/\s+/),
);
const DRAWN = new Set(
  `svg g path circle rect line ellipse polyline polygon text tspan title desc defs
  linearGradient radialGradient stop marker clipPath pattern`.split(/\s+/),
);
const KEPT = new Set(
  `alt class colspan dir headers height id lang rowspan scope span start title type value
  width`.split(/\s+/),
);
const PLACES = new Set(["qti-hottext", "qti-gap", "qti-position-object-stage"]);
const BLOCKS = /^qti-(prompt|html-content|rubric-block|content-body|stimulus-body|item-body)$/;
const DROPPED = /^(script|style|template|iframe|object|embed|link|meta|form|qti-(feedback|modal|template|stylesheet|catalog|companion).*)$/;

/**
 * @typedef {object} Making
 * @property {(name: string) => string | null} media address in memory of a file of the bundle
 * @property {(name: string, come: () => void) => void} arrival of a sound that is still on its way
 * @property {(element: Element) => Node | null} interaction what stands for an interaction
 * @property {import("../tools/cards.js").Shelf} [cards] supports beside an element that names some
 */

/**
 * @param {Iterable<Node>} nodes @param {Making} making
 * @returns {Node[]}
 */
export const made = (nodes, making) =>
  Array.from(nodes)
    .flatMap((node) => one(node, making))
    .reduce(glued, []);

/**
 * A field and the full stop after it stay on one line.
 * @param {Node[]} before @param {Node} node
 * @returns {Node[]}
 */
function glued(before, node) {
  const last = before.at(-1);
  const sign = node instanceof Text ? /^[\s\u00a0\u202f]?[.,;:!?)»€%]/.exec(node.data)?.[0] : undefined;
  if (!sign || !(last instanceof HTMLElement) || !last.matches("select, .entry, .gap")) return [...before, node];
  const pair = document.createElement("span");
  pair.className = "glued";
  pair.append(last, sign.replace(/^\s/, "\u00a0"));
  return [...before.slice(0, -1), pair, document.createTextNode(/** @type {Text} */ (node).data.slice(sign.length))];
}

/** @param {Node} node @param {Making} making @returns {Node[]} */
function one(node, making) {
  if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
    return [document.createTextNode(node.nodeValue ?? "")];
  }
  if (!(node instanceof Element)) return [];
  const name = node.localName;
  if (node.namespaceURI === MATHML || name === "math") return [formula(node)];
  if (node.namespaceURI === SVG) return [foreign(node, SVG, (part) => DRAWN.has(part))];
  if (/^qti-.*-interaction$/.test(name) || PLACES.has(name)) {
    const standing = making.interaction(node);
    return standing ? [standing] : [];
  }
  if (DROPPED.test(name)) return [];
  const beside = making.cards?.(node.getAttribute("data-catalog-idref") ?? "") ?? [];
  if (name === "img") return [image(node, making), ...beside];
  if (name === "audio" || name === "video") return [sound(node, name, making), ...beside];
  return [element(node, making), ...beside];
}

/** @param {Element} node @param {Making} making */
function element(node, making) {
  const shown = document.createElement(tag(node.localName));
  copy(node, shown);
  shown.append(...made(node.childNodes, making));
  if (node.localName !== "table") return shown;
  const wide = document.createElement("div"); // a table wider than the screen scrolls alone
  wide.className = "wide";
  wide.tabIndex = 0;
  wide.setAttribute("role", "group");
  wide.setAttribute("aria-label", SAY.table);
  wide.append(shown);
  return wide;
}

/** @param {string} name */
function tag(name) {
  if (name === "h1") return "h2"; // the page has its own
  if (HTML.has(name)) return name;
  return BLOCKS.test(name) || ["section", "article", "header", "footer"].includes(name) ? "div" : "span";
}

/** @param {Element} node @param {Making} making */
function image(node, making) {
  const shown = document.createElement("img");
  copy(node, shown);
  shown.alt = node.getAttribute("alt") ?? "";
  const address = making.media(node.getAttribute("src") ?? "");
  if (address) shown.src = address;
  return shown;
}

/** @param {Element} node @param {"audio" | "video"} kind @param {Making} making */
function sound(node, kind, making) {
  const named = [node, ...node.getElementsByTagName("*")].flatMap((e) => e.getAttribute("src") ?? []);
  const shown = mediaPlayer(kind, named, making);
  copy(node, shown);
  const label = node.getAttribute("aria-label") ?? node.getAttribute("title");
  if (label) shown.setAttribute("aria-label", label);
  return shown;
}

/**
 * A sound or a film that is played and not downloaded: the first of these files that is there, or
 * that comes.
 * @param {"audio" | "video"} kind @param {string[]} named @param {Pick<Making, "media" | "arrival">} from
 */
export function mediaPlayer(kind, named, { media, arrival }) {
  const shown = document.createElement(kind);
  shown.controls = true;
  shown.setAttribute("controlslist", "nodownload noremoteplayback");
  if (shown instanceof HTMLVideoElement) shown.disablePictureInPicture = true;
  shown.addEventListener("contextmenu", (event) => event.preventDefault()); // it offers a download
  shown.preload = "auto";
  const take = () => {
    const address = named.map((name) => media(name)).find(Boolean);
    if (address) shown.src = address;
  };
  take();
  named.forEach((name) => arrival(name, take));
  return shown;
}

/**
 * MathML and SVG: same names, no address, no handler, no style.
 * @param {Element} node @param {string} space @param {(name: string) => boolean} allowed
 * @returns {Node}
 */
function foreign(node, space, allowed) {
  if (!allowed(node.localName)) return document.createTextNode("");
  const shown = document.createElementNS(space, node.localName);
  for (const { localName, value } of node.attributes) {
    if (/^(on.*|href|src|style|xmlns)$/i.test(localName) || /url\(\s*['"]?[^#'"]/i.test(value)) continue;
    shown.setAttribute(localName, value);
  }
  for (const child of node.childNodes) {
    if (child instanceof Element) shown.append(foreign(child, space, allowed));
    else if (child.nodeType === Node.TEXT_NODE) shown.append(child.nodeValue ?? "");
  }
  return shown;
}

/** A formula, with words for those who hear it. @param {Element} node */
function formula(node) {
  const shown = /** @type {Element} */ (foreign(node, MATHML, () => true));
  shown.setAttribute("role", "math");
  shown.setAttribute("aria-label", node.getAttribute("alttext") ?? spoken(node));
  return shown;
}

/** What is read aloud of a formula of school. @param {Element} node @returns {string} */
export function spoken(node) {
  const inside = Array.from(node.children).map(spoken);
  const [first = "", second = ""] = inside;
  switch (node.localName) {
    case "mfrac":
      return `${first} sur ${second}`;
    case "msup":
      return second === "2" ? `${first} au carré` : `${first} puissance ${second}`;
    case "msub":
      return `${first} indice ${second}`;
    case "msqrt":
      return `racine carrée de ${inside.join(" ")}`;
    default:
      return node.children.length ? inside.join(" ").trim() : (node.textContent ?? "").trim();
  }
}

/** @param {Element} from @param {Element} to */
export function copy(from, to) {
  for (const { name, localName, value } of from.attributes) {
    if (name === "xml:lang") to.setAttribute("lang", value);
    else if (name === "id") to.setAttribute("id", `c-${value}`);
    else if (name === "headers") to.setAttribute(name, value.replace(/\S+/g, "c-$&"));
    else if (KEPT.has(name) || name === "role" || localName.startsWith("aria-")) {
      to.setAttribute(name, value);
    }
  }
}
