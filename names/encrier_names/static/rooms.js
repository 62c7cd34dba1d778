// SPDX-License-Identifier: AGPL-3.0-or-later
// Says so when the page of a room no longer hears anything: an old page must not look like a live one.

const notice = document.getElementById("deaf");

/** @param {boolean} isDeaf */
function tell(isDeaf) {
  if (notice) notice.hidden = !isDeaf;
}

document.addEventListener("htmx:responseError", () => tell(true));
document.addEventListener("htmx:sendError", () => tell(true));
document.addEventListener("htmx:timeout", () => tell(true));
// Signed out meanwhile, the answer is the sign-in page, which holds no state of this room.
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr } = /** @type {CustomEvent} */ (event).detail;
  if (successful) tell(!xhr.responseText.includes('id="told"'));
});
