# SPDX-License-Identifier: AGPL-3.0-or-later
"""What RGAA asks and axe-core does not see, on every kind of screen of a sitting.

The page docs/accessibility.md names these tests beside the criteria that they prove.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from encrier import codes
from stagecraft import hands
from stagecraft.accessibility import cut, faults_of_the_focus, outline_faults, space_out
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
NARROWEST: Final = (320, 640)  # WCAG 1.4.10: 1280 pixels at a zoom of 400 %
ZOOMED: Final = (640, 480)  # 1280 by 960 at a zoom of 200 %

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
        titles[screen] = page.title()
        found[screen] = outline_faults(page, language="fr")

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
        found[screen] = cut(page)

    with classroom.computer(width, height) as page, looking(found):
        every_screen(classroom, page, look)


def test_a_reader_may_space_out_the_text(classroom: Classroom) -> None:
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        space_out(page)
        found[screen] = cut(page)

    with classroom.computer() as page, looking(found):
        every_screen(classroom, page, look)


def test_the_focus_is_always_seen_and_goes_round(classroom: Classroom) -> None:
    found: dict[str, list[Any]] = {}

    def look(screen: str, page: Page) -> None:
        found[screen] = faults_of_the_focus(page)

    with classroom.computer() as page, looking(found):
        every_screen(classroom, page, look)
