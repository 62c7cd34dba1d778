// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * When somebody who waits to come in asks again, and whether her place is still kept. Pure: no
 * clock, no network. docs/spec/waiting-room.md.
 * @module
 */

import { waitMs } from "./outbox.js";

const OWN_SPREAD_MS = 1_000; // the host spreads whole seconds, the page what is between them
const PATIENCE_MS = 60_000; // how long the host keeps a place after the moment to ask again

/**
 * @param {number} failures in a row @param {number} chance in [0, 1), spreads a whole class
 * @param {number} askedMs what the host asked for, or 0
 */
export const askAgainMs = (failures, chance, askedMs) =>
  failures > 0 ? waitMs(failures, chance, askedMs) : askedMs + chance * OWN_SPREAD_MS;

/**
 * Whether the host still keeps the place that it told.
 * @param {number} heardMs when it told it @param {number} askedMs when it wished to be asked again @param {number} nowMs
 */
export const isKept = (heardMs, askedMs, nowMs) => nowMs < heardMs + askedMs + PATIENCE_MS;

/**
 * How long she waits, as one says it: null is soon, else minutes.
 * @param {number} waitS
 */
export const minutesOf = (waitS) => (waitS <= 20 ? null : Math.max(1, Math.round(waitS / 60)));
