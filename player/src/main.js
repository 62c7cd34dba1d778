// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page starts here. @module */

import { start } from "./shell/app.js";
import { stand } from "./shell/screen.js";
import { speakAsBefore } from "./supports/panel.js";

const root = document.getElementById("player");
const key = document.querySelector('meta[name="encrier-root-key"]')?.getAttribute("content") ?? "";
if (root) {
  speakAsBefore();
  stand(root);
  start(key);
}
