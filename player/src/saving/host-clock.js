// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The time by the host's clock. That of the computer may be wrong by days: nothing here asks it.
 * @module
 */

/** @type {number} */
let aheadMs = Number.NaN; // of performance.now()

/** What the host said of the time. @param {string | null} date the Date header of a reply that no cache gives */
export function heard(date) {
  const at = Date.parse(date ?? "");
  if (!Number.isNaN(at)) aheadMs = at - performance.now();
}

/** Milliseconds since 1970, or 0 as long as the host has said nothing. */
export const now = () => (Number.isNaN(aheadMs) ? 0 : Math.round(aheadMs + performance.now()));
