// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What this computer remembers of how the page is liked, from one pupil to the next; nothing of a
 * pupil. Where the browser keeps nothing, a choice lasts as long as the page.
 * @module
 */

/** @param {string} name @returns {string | null} */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // see above
  }
}
