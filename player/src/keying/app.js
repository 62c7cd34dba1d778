// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The keying page, from the link on the class's page to the class on the screen.
 *
 * The secret of the class and what its ring says are in memory alone; nothing of them is sent.
 * @module
 */

import { fromBase64 } from "../core/bytes.js";
import { ManifestRefused, check } from "../core/manifest.js";
import * as disk from "../saving/disk.js";
import { watch } from "../saving/drained.js";
import { answers } from "../saving/hosts.js";
import { sender as newSender } from "../saving/sender.js";
import * as windows from "../saving/windows.js";
import { confirmed } from "./confirmed.js";
import { NoKit, fetchKit, fetchPictures } from "./kits.js";
import { fieldsOf } from "./kit.js";
import { NoRing, keyIn, open as openRing, takeFragment } from "./ring.js";
import { room as newRoom } from "./room.js";
import { sittings as newSittings } from "./sittings.js";
import * as store from "./store.js";
import { noticeScreen } from "./view/notices.js";
import { show } from "../shell/screen.js";
import { walk } from "./view/walk.js";

/** @typedef {import("./kit.js").Kit} Kit */
/** @typedef {import("../core/manifest.js").Manifest} Manifest */
/** @typedef {{rootKey: string, division: string, back: string, written: string}} Served */

const KEPT_MS = 100 * 24 * 3600 * 1000; // the longest that the host keeps a resume box
const MANIFEST = "/saisie/manifeste";
const PATIENCE_MS = 10_000;

/** @param {Served} served */
export async function start(served) {
  if (!supported()) return notice("unsupported", served);
  navigator.serviceWorker?.register("/saisie/sw.js", { scope: "/saisie/" }).catch(() => {});
  try {
    await enter(served);
  } catch (fault) {
    if (fault instanceof NoRing) return notice(fault.why, served);
    if (fault instanceof NoKit) return notice("kit", served);
    if (fault instanceof Cut) return notice("cut", served);
    notice(fault instanceof ManifestRefused ? "untrusted" : "broken", served);
    throw fault;
  }
}

/** There is no network, and this computer has not kept what it takes. */
class Cut extends Error {}

/** @param {Served} served */
async function enter({ rootKey, division, back, written }) {
  const manifest = await believed(rootKey);
  const { ring, key } = await openRing(division, manifest.campaign, written).catch((fault) => {
    sendOn(manifest);
    throw fault;
  });
  const turn = await windows.take(`saisie-${division}`);
  const kits = await kitsOf(ring);
  const db = await disk.open(KEPT_MS);
  /** @type {import("./sittings.js").Sittings | undefined} */
  let sittings;
  const sender = newSender(db, manifest.nodes, (settled) => sittings?.heard(settled));
  const awaited = ring.pupils.filter(({ excused }) => !excused);
  /** @type {import("./room.js").Room | undefined} */
  let room;
  sittings = newSittings({ db, of: { division, key, manifest }, sender, items: (pupil) => counting(kits.get(pupil.bundle)) }, awaited, {
    changed: (order) => room?.heard(order),
    conflicts: (order, conflicts) => room?.conflicted(order, conflicts),
  });
  const forget = () => Promise.all([store.forget(division), sittings?.forget()]);
  room = newRoom({ ring, kits, sittings, sender, back, confirmed: await confirmed(division, key), forget });
  turn.asked(async () => {
    await sittings?.end();
    room?.leave();
    notice("taken", { rootKey, division, back, written: "" });
  });
  walk(room);
  sittings.openAll();
  leaving(sittings, room, sender);
  window.addEventListener("hashchange", () => again(division)); // the link was followed again
  watch(async () => manifest);
  sender.kick(); // what an earlier page on this computer could not send
  readyForLater([...kits.values()]);
}

/** Nothing can be keyed here; what was keyed on this computer lies sealed, and leaves all the same. @param {Manifest} manifest */
async function sendOn({ nodes }) {
  const sender = newSender(await disk.open(KEPT_MS), nodes, () => {});
  window.addEventListener("online", () => sender.retry());
  await sender.kick();
}

/** @param {Kit | undefined} kit */
const counting = (kit) => (kit ? fieldsOf(kit).map(({ id }) => id).filter((id) => !kit.unscored.includes(id)) : []);

/** The manifest, from names, signed by the ministry. @param {string} rootKey */
async function believed(rootKey) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(MANIFEST, { credentials: "same-origin", redirect: "manual", signal }).catch(() => null);
  if (!answer?.ok) throw new Cut();
  const manifest = await check(await answer.text(), fromBase64(rootKey));
  answers.follow(manifest);
  return manifest;
}

/** @param {import("./ring.js").Ring} ring @returns {Promise<Map<string, Kit>>} by bundle */
async function kitsOf({ pupils }) {
  const bundles = [...new Set(pupils.map(({ bundle }) => bundle))];
  const kits = await Promise.all(bundles.map(fetchKit));
  return new Map(kits.map((kit) => [kit.bundle, kit]));
}

/** A link with a secret, followed in the page that stands: the key is kept, and the page begins anew. @param {string} division */
async function again(division) {
  const written = takeFragment();
  if (!written) return;
  const key = await keyIn(written);
  if (key) await store.keepClass(division, { key, ring: (await store.classOf(division))?.ring ?? null });
  location.reload();
}

/**
 * What to do when the page is hidden, comes back or leaves, and when the network goes or returns.
 * @param {import("./sittings.js").Sittings} sittings @param {import("./room.js").Room} room
 * @param {import("../saving/sender.js").Sender} sender
 */
function leaving(sittings, room, sender) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) sittings.send();
    else sittings.refresh(room.inView());
  });
  window.addEventListener("focus", () => sittings.refresh(room.inView()));
  window.addEventListener("pagehide", () => sittings.leave());
  window.addEventListener("beforeunload", (event) => {
    if (room.left() || ["kept", "here"].includes(sittings.state().kind)) return;
    event.preventDefault(); // not on the disk yet, or it does not leave
    sittings.flush();
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", () => {
    sittings.online();
    sender.retry();
  });
  window.addEventListener("offline", () => sittings.send()); // fails, and so says how many answers wait
}

/** Let the worker see what was loaded before it stood, so that a reload without network has it. @param {Kit[]} kits */
function readyForLater(kits) {
  const workers = navigator.serviceWorker;
  const seen = async () => {
    const asked = [location.pathname, MANIFEST].map((path) => fetch(path, { credentials: "same-origin", redirect: "manual" }));
    await Promise.allSettled([...asked, ...kits.map(({ bundle }) => fetchKit(bundle))]);
    for (const kit of kits) await fetchPictures(kit);
  };
  if (workers?.controller) seen();
  workers?.addEventListener("controllerchange", seen);
}

/** @param {string} name @param {Served} served */
function notice(name, { back }) {
  show(noticeScreen(name, back));
}

/** Whether this browser has what the page cannot do without. */
const supported = () =>
  Boolean(globalThis.crypto?.subtle && "CompressionStream" in globalThis && "timeout" in AbortSignal);
