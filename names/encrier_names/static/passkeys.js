// SPDX-License-Identifier: AGPL-3.0-or-later
// The only script of the names zone: asks the device for a key (WebAuthn) and sends its answer
// with the form. It keeps nothing and calls nobody.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-options]"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
const answer = /** @type {HTMLInputElement} */ (form.querySelector("input[name=answer]"));
const failed = /** @type {HTMLElement} */ (form.querySelector(".notice.wrong"));

/** @param {string} text base64url @returns {ArrayBuffer} */
function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer | null} buffer @returns {string | null} base64url */
function text(buffer) {
  if (!buffer) return null;
  const letters = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** What the server asks, with its bytes as bytes. */
function asked() {
  const options = JSON.parse(form.dataset.options ?? "{}");
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const one of options.excludeCredentials ?? []) one.id = bytes(one.id);
  for (const one of options.allowCredentials ?? []) one.id = bytes(one.id);
  return options;
}

/** @param {any} key a PublicKeyCredential @returns {string} as the server reads it */
function written(key) {
  const { response } = key;
  const parts = {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject ?? null) ?? undefined,
    authenticatorData: response.signature ? text(response.authenticatorData) : undefined,
    signature: text(response.signature ?? null) ?? undefined,
    userHandle: text(response.userHandle ?? null) ?? undefined,
  };
  const id = text(key.rawId);
  return JSON.stringify({ id, rawId: id, type: key.type, response: parts, clientExtensionResults: {} });
}

/** @param {SubmitEvent} event */
async function ask(event) {
  event.preventDefault();
  failed.hidden = true;
  button.disabled = true;
  try {
    const publicKey = asked();
    const doing = form.dataset.doing === "create" ? "create" : "get";
    answer.value = written(await navigator.credentials[doing]({ publicKey }));
    form.submit();
  } catch {
    failed.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  /** @type {HTMLElement} */ (document.querySelector("[data-without]")).hidden = true;
  form.hidden = false;
  form.addEventListener("submit", ask);
}
