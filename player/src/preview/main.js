// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The preview: items as pupils see them, one after the other, and beside each what its author wants
 * to know. Keeps answers in memory only; nothing of a sitting is here.
 * @module
 */

import { h } from "../items/dom.js";
import { show as showItem } from "../items/item.js";
import { button, card, say, show, stand } from "../shell/screen.js";
import { SAY } from "../strings.js";
import { booklet, listing, scored } from "./door.js";
import { panel, refusal, tally } from "./panel.js";
import { TELL } from "./strings.js";

/** @typedef {import("../core/sheet.js").Responses} Responses */

const PAUSE_MS = 250; // after the last key: a score a word, not a letter

/** By the rank of the item: two of them may have one identifier. @type {Map<number, Responses>} */
const given = new Map();
const state = { live: true, draw: 0, opened: 0 };

/**
 * @param {import("./door.js").Listing} list @param {number} rank
 * @param {boolean} [byJump] the focus stays in the list of items: the next arrow goes one further
 */
async function open(list, rank, byJump = false) {
  const about = list.items[rank];
  if (!about) return;
  const turn = ++state.opened;
  history.replaceState(null, "", `#${rank + 1}`); // a reload comes back here
  const beside = panel(about, list.findings, {
    live: state.live,
    compute: () => guarded(() => compute()),
    setLive: (live) => {
      state.live = live;
      if (live) guarded(() => compute());
    },
  });
  let asked = 0;
  let soon = 0;

  async function compute() {
    if (!about || about.refused) return;
    const asking = ++asked;
    const found = await scored(rank, given.get(rank) ?? {});
    if (asking !== asked) return; // an older answer came back last
    beside.scored(found);
    say(`${TELL.score}\u00a0: ${tally(found.score, about.most)}`);
  }

  const question = about.refused ? refusal(TELL.refused, about.refused) : await drawn();
  if (turn !== state.opened) return; // another item was asked for meanwhile

  async function drawn() {
    const bundle = await booklet(rank);
    const { id } = /** @type {import("./door.js").About} */ (about);
    const { responses } = bundle.entry(id);
    /** @param {Responses} now */
    const changed = (now) => {
      given.set(rank, now);
      beside.answered(responses, now);
      beside.stale();
      clearTimeout(soon);
      if (state.live) soon = window.setTimeout(() => guarded(() => compute()), PAUSE_MS);
    };
    const shown = showItem(bundle, id, `preview-${state.draw}`, { changed, say });
    shown.write(given.get(rank) ?? {});
    beside.answered(responses, given.get(rank) ?? {});
    const tools = h("div", { class: "item-tools" },
      bundle.xml(bundle.entry(id).href).querySelector("[data-shuffle=true]") && button(TELL.otherOrder, "other-order", () => {
        state.draw += 1;
        guarded(() => open(list, rank));
      }, "text"),
      button(TELL.clear, "clear", () => {
        shown.write({});
        changed({});
        say(TELL.cleared);
      }, "text"));
    const body = h("section", { class: "item", "data-test": "item", "data-item": id, "aria-labelledby": "question" }, heading(list, rank), shown.body, tools);
    const stimulus = shown.stimuli.length > 0 && h("section", { class: "stimulus", "aria-label": SAY.document, tabindex: "0" }, shown.stimuli);
    return h("div", { class: stimulus ? "question with-stimulus" : "question" }, stimulus, body);
  }

  const { nav, jump } = foot(list, rank);
  show({
    title: about.title || about.id,
    bar: h("div", { class: "where" }, h("p", { class: "section" }, [list.title, about.section].filter(Boolean).join(" · ")), h("p", {}, TELL.preview)),
    main: h("main", { class: "preview" }, about.refused ? h("section", { class: "question" }, h("div", { class: "item", "data-test": "item", "data-item": about.id }, heading(list, rank), question)) : question, beside.node),
    foot: nav,
    focus: byJump ? jump : undefined,
  });
  if (state.live) await compute();
}

/** @param {import("./door.js").Listing} list @param {number} rank */
function heading(list, rank) {
  const about = list.items[rank];
  return h("h1", { id: "question" }, `${TELL.itemOf(rank + 1, list.items.length)} · ${about?.id}`);
}

/** @param {import("./door.js").Listing} list @param {number} rank */
function foot(list, rank) {
  const choices = list.items.map((each, at) => {
    const label = `${at + 1}. ${each.title || each.id}`;
    const marked = each.refused || each.findings.some((f) => f.severity === "error");
    return h("option", { value: at, selected: at === rank }, marked ? TELL.marked(label) : label);
  });
  const jump = h("select", { class: "jump", "aria-label": TELL.goTo, "data-test": "jump" }, choices);
  jump.addEventListener("change", () => guarded(() => open(list, Number(jump.value), true)));
  const previous = button(SAY.previous, "previous", () => guarded(() => open(list, rank - 1)), "quiet");
  const next = button(SAY.next, "next", () => guarded(() => open(list, rank + 1)));
  previous.disabled = rank === 0;
  next.disabled = rank === list.items.length - 1;
  return { nav: h("nav", { class: "foot", "aria-label": TELL.items }, previous, jump, next), jump };
}

/** Do this, or say that the command has ended. @param {() => Promise<void>} act */
async function guarded(act) {
  try {
    await act();
  } catch (error) {
    console.error(error);
    show({ title: TELL.stoppedTitle, main: card(TELL.stoppedTitle, h("p", {}, TELL.stopped)) });
  }
}

const root = document.getElementById("player");
if (root) {
  stand(root);
  guarded(async () => {
    const list = await listing();
    const rank = Number.parseInt(location.hash.slice(1), 10) - 1;
    await open(list, list.items[rank] ? rank : 0);
  });
}
