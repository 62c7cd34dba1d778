# SPDX-License-Identifier: AGPL-3.0-or-later
"""What axe-core finds on a page, and what RGAA asks beside: outline, focus, room to grow."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "player/node_modules/axe-core/axe.min.js"
RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# WCAG 1.4.12: what a reader may set without losing anything.
SPACED: Final = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""

OUTLINE: Final = """() => {
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")]
    .filter((h) => h.checkVisibility())
    .map((h) => Number(h.localName[1]));
  const one = (selector) => document.querySelectorAll(selector).length;
  return { levels, title: document.title, lang: document.documentElement.lang,
           main: one("main"), header: one("header"),
           untitled: one("table:not(:has(> caption)):not([aria-label]):not([role])") };
}"""
# Text that is cut: a box that hides what it holds and holds more than it shows.
CUT: Final = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.clientWidth > 1 && !e.closest("svg, .unseen"))
  .filter((e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX)
    && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
SPACE_OUT: Final = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
# What stands beyond the right edge, but for what scrolls in a region of its own.
BEYOND: Final = """() => [...document.querySelectorAll("body *")]
  .filter((e) => !e.closest(".wide, .unseen")
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
FOCUSED: Final = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const drawn = [at, ...at.closest("label") ? [at.closest("label")] : []].some((e) => {
    const s = getComputedStyle(e);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  });
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { name: at.outerHTML.slice(0, 100), drawn, seen, stroke: style.stroke };
}"""

# So that the first Tab comes to the first thing that can be reached.
FROM_THE_TOP: Final = """() => {
  const top = document.querySelector("dialog[open]") ?? document.querySelector("header");
  top.tabIndex = -1;
  top.focus();
  top.removeAttribute("tabindex");
}"""


def faults(page: Page) -> list[str]:
    """What axe-core says of the page, once it has come: a click returns before."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return violations(page)


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe-core, which the page has already, says of the page or of a part of it."""
    run = "([within, rules]) => axe.run(within ?? document, rules)"
    found = page.evaluate(run, [within, RULES])
    return [f"{v['id']}: {n['html'][:120]}" for v in found["violations"] for n in v["nodes"]]


def too_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return pixels_too_wide(page) > 0


def pixels_too_wide(page: Page) -> int:
    """By how much the page is wider than its window."""
    wider: int = page.evaluate(WIDER)
    return max(0, wider)


def outline_faults(page: Page, *, language: str) -> list[str]:
    """What is wrong with headings, landmarks, language and tables (RGAA 5.4, 8.3, 9.1, 9.2)."""
    seen = page.evaluate(OUTLINE)
    levels = seen["levels"]
    faults = {
        "no single h1": levels.count(1) != 1 or levels[0] != 1,
        "a level is left out": any(low > high + 1 for high, low in pairwise(levels)),
        "no main": seen["main"] != 1,
        "no header": seen["header"] != 1,
        "a table has no title": seen["untitled"] > 0,
        "another language": seen["lang"] != language,
    }
    return [what for what, wrong in faults.items() if wrong]


def cut(page: Page) -> list[str]:
    """Boxes that hide a part of their text, and whether the page goes on sideways (10.4, 10.11)."""
    found: list[str] = page.evaluate(CUT)
    if too_wide(page):
        found += [f"sideways: {one}" for one in page.evaluate(BEYOND)] or ["sideways"]
    return found


def space_out(page: Page) -> None:
    """Space the text out as a reader may (10.12)."""
    page.evaluate(SPACE_OUT, SPACED)


def faults_of_the_focus(page: Page, *, most: int = 120) -> list[str]:
    """Where the keyboard stops without anything that shows it, or never comes out (10.7, 12.9)."""
    page.evaluate(FROM_THE_TOP)
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or (stops and at["name"] == stops[0]["name"]):
            break
        stops.append(at)
    else:
        return ["Tab never comes out of the page"]
    drawn = {at["name"] for at in stops if at["drawn"]}  # a field of a date has several stops
    hidden = [at["name"] for at in stops if at["name"] not in drawn or not at["seen"]]
    return hidden if stops else ["nothing to reach"]
