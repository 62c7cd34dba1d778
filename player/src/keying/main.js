// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page on which booklets are keyed starts here. @module */

import { remember, remembered } from "../core/remembered.js";
import { stand } from "../shell/screen.js";
import * as desk from "../supports/desk.js";
import { speakAsBefore } from "../supports/panel.js";
import { byName, set } from "../supports/settings.js";
import { start } from "./app.js";
import { takeFragment } from "./ring.js";

const written = takeFragment(); // before anything else can read the address

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";

const LIKED = "encrier-saisie-settings"; // a teacher's own; a pupil's are in her sheet

const root = document.getElementById("player");
if (root) {
  speakAsBefore();
  desk.take(byName((remembered(LIKED) ?? "").split(" ").filter(Boolean)));
  desk.tellTo((settings) => remember(LIKED, set(settings).join(" ")));
  stand(root);
  start({ rootKey: meta("encrier-root-key"), division: meta("encrier-class"), back: meta("encrier-back"), written });
}
