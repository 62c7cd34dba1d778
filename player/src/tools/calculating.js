// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A pocket calculator, key by key: four operations, done as they come, as on a calculator of
 * school. Pure; numbers are shown with a comma and twelve digits at most.
 * @module
 */

/** @typedef {"+" | "-" | "×" | "÷"} Sign */
/**
 * shown: what stands in the window. held: the number before the sign. fresh: the next digit begins
 * a number. @typedef {{shown: string, held: number | null, sign: Sign | null, fresh: boolean}} Calculator
 */

const DIGITS = 12;
export const FAULT = "Erreur";
export const SIGNS = /** @type {const} */ (["+", "-", "×", "÷"]);

/** @returns {Calculator} */
export const cleared = () => ({ shown: "0", held: null, sign: null, fresh: true });

/** @param {string} shown */
const numberOf = (shown) => Number(shown.replace(",", "."));

/** A number as it stands in the window. @param {number} value */
export function written(value) {
  if (!Number.isFinite(value) || Math.abs(value) >= 10 ** DIGITS) return FAULT;
  const whole = String(Math.trunc(Math.abs(value))).length;
  const fixed = value.toFixed(Math.max(0, DIGITS - whole));
  return (fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed).replace(/^-0$/, "0").replace(".", ",");
}

/** @param {number} a @param {Sign} sign @param {number} b */
function computed(a, sign, b) {
  if (sign === "+") return a + b;
  if (sign === "-") return a - b;
  return sign === "×" ? a * b : a / b;
}

/** What the calculator is after a key: a digit, a comma, a sign, "=", "C", "⌫". @param {Calculator} now @param {string} key @returns {Calculator} */
export function pressed(now, key) {
  if (key === "C" || now.shown === FAULT) return /^[0-9]$/.test(key) ? typed(cleared(), key) : cleared();
  if (/^[0-9,]$/.test(key)) return typed(now, key);
  if (key === "⌫") return now.fresh ? now : { ...now, shown: now.shown.length > 1 ? now.shown.slice(0, -1) : "0" };
  const sign = SIGNS.find((one) => one === key) ?? null;
  if (!sign && key !== "=") return now;
  if (sign && now.sign && now.fresh) return { ...now, sign }; // another sign instead
  const value = numberOf(now.shown);
  const shown = now.sign && now.held !== null ? written(computed(now.held, now.sign, value)) : now.shown;
  if (shown === FAULT) return { ...cleared(), shown };
  return { shown, held: sign ? numberOf(shown) : null, sign, fresh: true };
}

/** @param {Calculator} now @param {string} key */
function typed(now, key) {
  const before = now.fresh ? "0" : now.shown;
  if (key === ",") return before.includes(",") ? now : { ...now, shown: `${before},`, fresh: false };
  if (before.replace(/\D/g, "").length >= DIGITS) return now;
  return { ...now, shown: before === "0" ? key : before + key, fresh: false };
}
