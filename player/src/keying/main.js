// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page on which booklets are keyed starts here. @module */

import { stand } from "../shell/screen.js";
import { speakAsBefore } from "../supports/panel.js";
import { start } from "./app.js";
import { takeFragment } from "./ring.js";

const written = takeFragment(); // before anything else can read the address

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";

const root = document.getElementById("player");
if (root) {
  speakAsBefore();
  stand(root);
  start({ rootKey: meta("encrier-root-key"), division: meta("encrier-class"), back: meta("encrier-back"), written });
}
