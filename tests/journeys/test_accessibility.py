# SPDX-License-Identifier: AGPL-3.0-or-later
"""What RGAA asks and axe-core does not see, on every kind of screen of a sitting.

The page docs/accessibility.md names these tests beside the criteria that they prove.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from encrier import codes
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
NARROWEST: Final = (320, 640)  # WCAG 1.4.10: 1280 pixels at a zoom of 400 %
ZOOMED: Final = (640, 480)  # 1280 by 960 at a zoom of 200 %
# WCAG 1.4.12: what a reader may set without losing anything.
SPACED: Final = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""

OUTLINE: Final = """() => {
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")]
    .filter((h) => h.checkVisibility())
    .map((h) => Number(h.localName[1]));
  const one = (selector) => document.querySelectorAll(selector).length;
  return { levels, title: document.title, lang: document.documentElement.lang,
           main: one("main"), header: one("header") };
}"""
# Text that is cut: a box that hides what it holds and holds more than it shows.
CUT: Final = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.clientWidth > 1 && !e.closest("svg, .unseen"))
  .filter((e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX)
    && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
SIDEWAYS: Final = """() =>
  document.documentElement.scrollWidth > document.documentElement.clientWidth"""
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

Look = Callable[[str, Page], None]


def every_screen(classroom: Classroom, page: Page, look: Look) -> None:
    """Walk through a sitting and look at each kind of screen once."""
    slip = next(classroom.slips)
    hook = hands.hook
    page.goto(classroom.stage.answers_url)
    hook(page, "code-field").wait_for()
    look("code", page)
    hook(page, "settings").click()
    look("settings", page)
    page.keyboard.press("Escape")
    hook(page, "code-field").fill(codes.printed(codes.draw()))
    hook(page, "code-submit").click()
    hook(page, "code-error").wait_for()
    look("code refused", page)
    hook(page, "code-field").fill(codes.printed(slip.code))
    hook(page, "code-submit").click()
    hook(page, "pictograms-yes").wait_for()
    look("pictograms", page)
    hook(page, "pictograms-no").click()
    hook(page, "code-again").wait_for()
    look("not mine", page)
    hook(page, "code-again").click()
    hook(page, "code-field").fill(codes.printed(slip.code))
    hook(page, "code-submit").click()
    hook(page, "pictograms-yes").click()
    expect(hook(page, "start")).to_be_enabled()
    look("welcome", page)
    hook(page, "start").click()
    hook(page, "item").wait_for()
    look("question", page)
    hands.go_to(page, "fr-c-04")
    look("question with a document", page)
    hook(page, "overview").click()
    hook(page, "finish").wait_for()
    look("overview", page)
    hook(page, "finish").click()
    hook(page, "finish-confirm").wait_for()
    look("finish", page)
    hook(page, "finish-confirm").click()
    hook(page, "done").wait_for()
    look("done", page)


@contextmanager
def looking(said: Mapping[str, list[Any]]) -> Iterator[None]:
    """Fail once, at the end, with all that was found, by screen."""
    yield
    assert {screen: found for screen, found in said.items() if found} == {}


def test_every_screen_has_its_title_its_outline_and_its_landmarks(classroom: Classroom) -> None:
    titles: dict[str, str] = {}
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        seen = page.evaluate(OUTLINE)
        levels = seen["levels"]
        titles[screen] = seen["title"]
        found[screen] = [
            what
            for what, wrong in {
                "no single h1": levels.count(1) != 1 or levels[0] != 1,
                "a level is left out": any(low > high + 1 for high, low in pairwise(levels)),
                "no main": seen["main"] != 1,
                "no header": seen["header"] != 1,
                "no language": seen["lang"] != "fr",
            }.items()
            if wrong
        ]

    with classroom.computer() as page, looking(found):
        every_screen(classroom, page, look)
    assert all(title.endswith(" – encrier") for title in titles.values())
    del titles["settings"]  # a dialog of the first screen
    del titles["code refused"]  # the same screen with a sentence more
    del titles["done"]  # named after what happened, as the reader hears it
    assert len(set(titles.values())) == len(titles)


@pytest.mark.parametrize(("width", "height"), [NARROWEST, ZOOMED])
def test_nothing_is_lost_or_scrolled_sideways_when_zoomed(
    width: int, height: int, classroom: Classroom
) -> None:
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        found[screen] = page.evaluate(CUT) + ["sideways"] * bool(page.evaluate(SIDEWAYS))

    with classroom.computer(width, height) as page, looking(found):
        every_screen(classroom, page, look)


def test_a_reader_may_space_out_the_text(classroom: Classroom) -> None:
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        page.evaluate(
            """(css) => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(css);
              document.adoptedStyleSheets = [sheet];
            }""",
            SPACED,
        )
        found[screen] = page.evaluate(CUT) + ["sideways"] * bool(page.evaluate(SIDEWAYS))

    with classroom.computer() as page, looking(found):
        every_screen(classroom, page, look)


def test_the_focus_is_always_seen_and_goes_round(classroom: Classroom) -> None:
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        page.evaluate(FROM_THE_TOP)
        stops: list[dict[str, Any]] = []
        for _ in range(120):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUSED)
            if at is None or (stops and at["name"] == stops[0]["name"]):
                break
            stops.append(at)
        else:
            found[screen] = ["Tab never comes out of the page"]
            return
        hidden = [at["name"] for at in stops if not at["drawn"] or not at["seen"]]
        found[screen] = hidden if stops else ["nothing to reach"]

    with classroom.computer() as page, looking(found):
        every_screen(classroom, page, look)
