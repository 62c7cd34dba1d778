# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen of the player, wide and narrow, without a fault that axe-core can find."""

import pytest
from playwright.sync_api import Page

from encrier import codes
from stage import patterns
from stagecraft import hands
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_no_screen_has_a_fault(width: int, height: int, classroom: Classroom) -> None:
    slip = next(classroom.slips)
    found: dict[str, list[str]] = {}
    wide: list[str] = []

    def look(name: str, page: Page) -> None:
        found[name] = faults(page)
        if too_wide(page):
            wide.append(name)

    with classroom.computer(width, height) as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "code-field").wait_for()
        look("code", page)
        hands.hook(page, "code-field").fill(codes.printed(slip.code))
        hands.hook(page, "code-submit").click()
        hands.hook(page, "pictograms-yes").wait_for()
        look("pictograms", page)
        hands.hook(page, "pictograms-yes").click()
        hands.hook(page, "start").wait_for()
        look("welcome", page)
        hands.hook(page, "start").click()
        for item in patterns()[0]:
            hands.go_to(page, item)
            look(item, page)
        hands.hook(page, "overview").click()
        look("overview", page)
        hands.hook(page, "finish").click()
        hands.hook(page, "finish-confirm").wait_for()
        look("finish", page)
        hands.hook(page, "finish-confirm").click()
        hands.hook(page, "done").wait_for()
        look("done", page)
    assert {name: said for name, said in found.items() if said} == {}
    assert wide == []


def test_a_pupil_can_sit_with_the_keyboard_alone(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "code-field").wait_for()
        page.keyboard.type(codes.printed(slip.code))
        page.keyboard.press("Enter")
        press(page, "pictograms-yes")
        press(page, "start")
        hands.hook(page, "item").wait_for()
        page.keyboard.press("Tab")
        tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        assert hands.hook(page, "item").locator("input:checked").count() == 1
        press(page, "next")
        hands.wait_until_sent(page)
        press(page, "overview")
        press(page, "finish")
        press(page, "finish-confirm")
        hands.hook(page, "done").wait_for()


def press(page: Page, name: str) -> None:
    """Reach a button with Tab and press Enter."""
    hands.hook(page, name).wait_for()
    tab_to(page, f'[data-test="{name}"]')
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something is in focus; a page in which it never comes fails."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {selector}")
