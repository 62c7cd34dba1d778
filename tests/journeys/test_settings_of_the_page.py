# SPDX-License-Identifier: AGPL-3.0-or-later
"""A pupil sets the page as she needs it: it changes at once, stays, and goes with her."""

import pytest
from playwright.sync_api import Browser, Page, expect

from encrier import codes
from stagecraft import hands
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
THEMES = ("ardoise", "nuit", "contraste", "jaune", "creme")


def choose(page: Page, *names: str) -> None:
    """Open the panel, choose, close it with Escape."""
    hands.hook(page, "settings").click()
    for name in names:
        hands.hook(page, f"set-{name}").check()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def style(page: Page, selector: str, name: str) -> str:
    value: str = page.eval_on_selector(selector, f"e => getComputedStyle(e).{name}")
    return value


def test_settings_change_the_page_and_go_with_the_pupil(
    any_browser: Browser, classroom: Classroom
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        usual = float(style(page, ".item-body p", "fontSize").removesuffix("px"))
        choose(page, "theme-nuit", "size-150", "spacing-wide")
        assert style(page, "body", "backgroundColor") == "rgb(18, 24, 30)"
        assert float(style(page, ".item-body p", "fontSize").removesuffix("px")) == pytest.approx(
            1.5 * usual, rel=0.01
        )
        assert style(page, ".item-body p", "wordSpacing") != "0px"
        page.reload()
        hands.hook(page, "item").wait_for()
        assert style(page, "body", "backgroundColor") == "rgb(18, 24, 30)"
        hands.wait_until_sent(page)
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.wait_until_sent(page)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        assert style(page, "body", "backgroundColor") == "rgb(18, 24, 30)"


def test_the_next_pupil_of_a_computer_begins_with_the_usual_page(classroom: Classroom) -> None:
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, next(classroom.slips).code)
        choose(page, "theme-jaune", "size-200")
        hands.hook(page, "overview").click()
        hands.hook(page, "pause").click()
        hands.hook(page, "code-field").wait_for()
        assert style(page, "body", "backgroundColor") == "rgb(243, 245, 247)"


def test_what_was_used_is_in_the_sealed_sheet_and_nowhere_in_clear(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        choose(page, "theme-creme")
        choose(page, "theme-ardoise", "voice-on")
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.wait_until_sent(page)
        stored = page.evaluate(hands.EVERYTHING_STORED)
        assert "creme" not in stored
    sheet = classroom.sheet_of(slip)
    assert sheet.supports is not None
    assert sheet.supports.used == ["theme:creme", "voice:on"]
    assert sheet.supports.now["theme"] == "ardoise"
    assert "size:200" in sheet.supports.available


@pytest.mark.parametrize("theme", THEMES)
def test_no_theme_has_a_fault_that_axe_finds(theme: str, classroom: Classroom) -> None:
    slip = next(classroom.slips)
    found: dict[str, list[str]] = {}
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "settings").click()
        hands.hook(page, f"set-theme-{theme}").check()
        found["panel"] = faults(page)
        page.keyboard.press("Escape")
        found["code"] = faults(page)
        hands.hook(page, "code-field").fill(codes.printed(slip.code))
        hands.hook(page, "code-submit").click()
        hands.hook(page, "pictograms-yes").click()
        hands.hook(page, "start").click()
        hands.hook(page, "item").wait_for()
        for item in ("fr-c-01", "fr-c-03", "fr-l-05", "ma-g-02", "ma-n-07", "fr-o-01"):
            hands.go_to(page, item)
            found[item] = faults(page)
        hands.hook(page, "overview").click()
        found["overview"] = faults(page)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_the_largest_text_fits(width: int, height: int, classroom: Classroom) -> None:
    wide = []
    with classroom.computer(width, height) as page:
        page.goto(classroom.stage.answers_url)
        choose(page, "size-200", "font-legible")
        page.wait_for_function("() => document.fonts.check('16px \"Encrier Legible\"')")
        if too_wide(page):
            wide.append("code")
        hands.enter_code(page, next(classroom.slips).code)
        for item in ("fr-c-01", "fr-c-04", "fr-l-05", "ma-n-03", "ma-g-02"):
            hands.go_to(page, item)
            if too_wide(page):
                wide.append(item)
    assert wide == []


def test_a_ruler_follows_the_keyboard(classroom: Classroom) -> None:
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, next(classroom.slips).code)
        choose(page, "window-ruler")
        expect(page.locator(".dim")).to_have_count(2)
        before = page.locator(".dim").first.evaluate("e => e.offsetHeight")
        page.keyboard.press("Alt+ArrowDown")
        assert page.locator(".dim").first.evaluate("e => e.offsetHeight") > before
        choose(page, "window-none")
        expect(page.locator(".dim")).to_have_count(0)


def test_the_page_speaks_english_when_asked_and_remembers(
    any_browser: Browser, classroom: Classroom
) -> None:
    with classroom.computer(browser=any_browser) as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "settings").click()
        hands.hook(page, "set-language-en").click()
        expect(page.locator("h1")).to_have_text("Hello! Type your code")
        assert page.evaluate("document.documentElement.lang") == "en"
        page.reload()
        expect(page.locator("h1")).to_have_text("Hello! Type your code")
        hands.enter_code(page, next(classroom.slips).code)
        expect(hands.hook(page, "next")).to_have_text("Next")
        assert hands.hook(page, "item").locator(".item-body").get_attribute("lang") == "fr"
        hands.hook(page, "overview").click()
        expect(page.locator("h1")).to_have_text("Overview")
