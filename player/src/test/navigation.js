// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Which stop comes next: branch rules on leaving, preconditions on entering. QTI 3.0 ASI,
 * "PreCondition" and "BranchRule"; the twin of qti/encrier_qti/sessions/navigation.py. Pure.
 * @module
 */

/** @typedef {import("./outline.js").Condition} Condition */
/** @typedef {import("./outline.js").Elements} Elements */
/** @typedef {import("./route.js").Stop} Stop */
/** @typedef {(condition: Condition) => boolean} Holds */

const EXITS = new Set(["EXIT_SECTION", "EXIT_TESTPART", "EXIT_TEST"]);

/** Positions are counted from 0; the length of `stops` is the end. @param {Elements} elements @param {Stop[]} stops */
export function navigation(elements, stops) {
  /** @param {number} at */
  const stop = (at) => /** @type {Stop} */ (stops[at]);
  /** @param {Stop} here */
  const isLinear = (here) => elements.parts.get(here.part)?.navigation === "linear";
  /** @param {string} name */
  const element = (name) => elements.items.get(name) ?? elements.sections.get(name) ?? elements.parts.get(name);

  /** The first position after `at` that is outside a section, or outside the part. @param {number} at @param {string} [section] */
  function end(at, section) {
    const { part } = stop(at);
    for (let after = at + 1; after < stops.length; after += 1) {
      const there = stop(after);
      if (there.part !== part || (section && !there.sections.some((s) => s.name === section))) return after;
    }
    return stops.length;
  }

  /** The first stop ahead that is the target or in it; 0 if there is none. @param {string} target @param {number} at */
  function ahead(target, at) {
    const here = stop(at);
    const inside = new Set(here.sections.map((s) => s.name));
    for (let n = at + 1; n < stops.length; n += 1) {
      const there = stop(n);
      const is = there.ref === target || there.name === target || (there.part === target && target !== here.part);
      if (is || there.sections.some((s) => s.id === target && !inside.has(s.name))) return n;
    }
    return 0;
  }

  /** The item, its sections from the innermost, its part: each with the position after it. @param {number} at */
  function holders(at) {
    const here = stop(at);
    const sections = [...here.sections].reverse().map(({ id, name }) => ({ id, end: end(at, name) }));
    return [{ id: here.ref, end: at + 1 }, ...sections, { id: here.part, end: end(at) }];
  }

  /** The target of the first rule of an element that holds and can be followed. @param {number} at @param {string} id @param {boolean} ofPart @param {Holds} holds */
  function branch(at, id, ofPart, holds) {
    if (!ofPart && !isLinear(stop(at))) return null;
    const rules = element(id)?.branches ?? [];
    return rules.find(({ to, when }) => holds(when) && (EXITS.has(to) || ahead(to, at) > 0))?.to ?? null;
  }

  /** Where the rules lead from a stop; preconditions there are not looked at. @param {number} at @param {Holds} holds */
  function after(at, holds) {
    const around = holders(at);
    const ofPart = around.length - 1;
    let following = at + 1;
    let level = 0;
    while (level < around.length) {
      const holder = /** @type {{id: string, end: number}} */ (around[level]);
      if (level && following < holder.end) break; // this one is not left, so nothing around it is
      const target = branch(at, holder.id, level === ofPart, holds);
      if (target === "EXIT_TEST") return stops.length;
      level += 1;
      if (target === "EXIT_SECTION" && level < ofPart) {
        following = around[level]?.end ?? following;
        level += 1;
      } else if (target === "EXIT_TESTPART" && level <= ofPart) {
        following = around[ofPart]?.end ?? following;
        level = ofPart;
      } else if (target !== null && !EXITS.has(target)) return ahead(target, at);
    }
    return following;
  }

  /** What is entered with a stop: its part, its sections, itself. @param {Stop} here @param {Stop | null} before */
  function entered(here, before) {
    const names = before?.part === here.part ? [] : [here.part];
    if (!isLinear(here)) return names;
    const held = new Set(before?.sections.map((s) => s.name));
    return [...names, ...here.sections.filter((s) => !held.has(s.name)).map((s) => s.id), here.ref];
  }

  return {
    after,
    isLinear,
    endOfPart: (/** @type {number} */ at) => end(at),
    /**
     * The first stop from `at` on whose preconditions hold, or the end.
     * @param {number} at @param {number | null} since the stop one comes from @param {Holds} holds
     */
    enterable(at, since, holds) {
      const before = since === null ? null : stop(since);
      let found = at;
      for (; found < stops.length; found += 1) {
        if (entered(stop(found), before).every((id) => (element(id)?.only_if ?? []).every(holds))) break;
      }
      return found;
    },
  };
}
