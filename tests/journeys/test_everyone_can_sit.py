# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen of the player, wide and narrow, without a fault that axe-core can find."""

import pytest
from playwright.sync_api import Page, expect

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


def all_of(page: Page) -> list[str]:
    """Faults of a page, its width among them."""
    return faults(page) + (["too wide"] if too_wide(page) else [])


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_no_screen_of_a_sitting_in_trouble_has_a_fault(
    width: int, height: int, classroom: Classroom
) -> None:
    slip, url = next(classroom.slips), classroom.stage.answers_url
    with classroom.computer(width, height) as first:
        hands.enter(first, url, slip.code)
        page = first.context.new_page()
        hands.enter(page, url, slip.code)
        hands.hook(first, "notice-taken").wait_for()
        assert all_of(first) == []
        page.route("**/v1/save", lambda route: route.abort())
        item = next(iter(patterns()[0]))
        hands.answer(page, item, patterns()[0][item])
        page.evaluate("() => void window.dispatchEvent(new Event('online'))")
        page.locator(".saved[data-kind=waiting]").wait_for()
        hands.hook(page, "overview").click()
        hands.hook(page, "adult").locator("summary").press("Enter")
        assert all_of(page) == []
        hands.hook(page, "finish").click()
        hands.hook(page, "finish-confirm").click()
        hands.hook(page, "adult").locator("summary").press("Enter")
        hands.hook(page, "rescue-qr").press("Enter")
        page.locator(".codes canvas").wait_for()
        assert all_of(page) == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_no_screen_of_a_rescue_has_a_fault(width: int, height: int, classroom: Classroom) -> None:
    slip, url = next(classroom.slips), classroom.stage.answers_url
    with classroom.computer(width, height) as page:
        hands.enter(page, url, slip.code)
        page.route("**/v1/save", lambda route: route.abort())
        item = next(iter(patterns()[0]))
        hands.answer(page, item, patterns()[0][item])
        hands.hook(page, "overview").click()
        hands.hook(page, "pause").click()
        hands.hook(page, "left").locator("summary").press("Enter")
        assert all_of(page) == []
        page.goto(f"{url}/secours")
        hands.hook(page, "rescue-choose").wait_for()
        assert all_of(page) == []
        hands.hook(page, "rescue-choose").set_input_files(
            {"name": "x", "mimeType": "text/plain", "buffer": b"x"}
        )
        hands.hook(page, "rescue-told").locator(".warn").wait_for()
        assert all_of(page) == []


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
        expect(hands.hook(page, "item").locator("input:checked")).to_have_count(1)
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
