# SPDX-License-Identifier: AGPL-3.0-or-later
"""Beside the question: a calculator, pictures made larger, answers covered, supports granted."""

import pytest
from playwright.sync_api import Browser, Page, expect

from stagecraft.accessibility import faults
from stagecraft.classroom import Classroom
from stagecraft.hands import answer_choice, enter, go_to, hook, wait_until_sent

pytestmark = pytest.mark.journey
WITH_CALCULATOR, WITH_PICTURE, WITH_SOUND = "ma-g-03", "ma-e-01", "fr-o-01"


def test_a_calculator_stands_beside_the_question_that_allows_one(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        enter(page, classroom.stage.answers_url, slip.code)
        assert hook(page, "calculator-open").count() == 0
        go_to(page, WITH_CALCULATOR)
        hook(page, "calculator-open").click()
        for key in ("1", "0", "-", "2", "×", "1", ",", "7", "5", "="):
            page.get_by_role("dialog").get_by_text(key, exact=True).click()
        expect(hook(page, "calculator-window")).to_have_text("14")
        assert faults(page) == []
        page.keyboard.press("Delete")
        page.keyboard.type("10-3,5")
        page.keyboard.press("=")
        expect(hook(page, "calculator-window")).to_have_text("6,5")
        page.locator('[data-test="item"] input').fill("6,5")  # the question stays usable
        page.get_by_role("dialog").get_by_text("Fermer").click()
        expect(hook(page, "calculator")).to_be_hidden()
        assert page.evaluate("document.activeElement.dataset.test") == "calculator-open"


def test_a_picture_is_made_larger_with_the_keyboard(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer(390, 800) as page:
        enter(page, classroom.stage.answers_url, slip.code)
        go_to(page, WITH_PICTURE)
        hook(page, "zoom-open").focus()
        page.keyboard.press("Enter")
        picture = hook(page, "zoom").locator("img")
        before = _width(page)
        hook(page, "zoom-in").focus()
        page.keyboard.press("Enter")
        expect(picture).to_be_visible()
        assert _width(page) == pytest.approx(before * 1.5, rel=0.02)
        assert faults(page) == []
        page.keyboard.press("Escape")
        expect(hook(page, "zoom")).to_have_count(0)


def _width(page: Page) -> float:
    box = hook(page, "zoom").locator("img").bounding_box()
    assert box is not None
    return box["width"]


def test_an_answer_is_covered_and_uncovered(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        enter(page, classroom.stage.answers_url, slip.code)
        expect(page.locator(".masking").first).to_be_hidden()
        hook(page, "settings").click()
        hook(page, "set-masking-on").check()
        hook(page, "settings-close").click()
        first = page.locator(".choice-row").first
        first.get_by_role("button", name="Cacher").click()
        expect(first.locator(".choice > span")).to_have_css("opacity", "0")
        assert faults(page) == []
        first.get_by_role("button", name="Montrer").click()
        expect(first.locator(".choice > span")).to_have_css("opacity", "1")


def test_a_support_is_shown_to_the_pupil_who_is_granted_it_and_to_no_other(
    classroom: Classroom,
) -> None:
    slip, other = next(classroom.own_slips), next(classroom.own_slips)
    visitor = classroom.campaign.visitor("direction")
    board = visitor.get(visitor.links(visitor.get("/"), r"/classes/[^/]+/")[0] + "passation/")
    order = f"{slip.order[:4]} {slip.order[4:]}".encode()
    row = next(part for part in board.content.split(b"<tr>") if order in part)
    (needs,) = {part for part in row.split(b'"') if part.endswith(b"/besoins/")}
    assert visitor.post(needs.decode(), extra_time="0", cards="transcript").status == 200
    with classroom.computer() as page:
        enter(page, classroom.stage.answers_url, slip.code)
        go_to(page, WITH_SOUND)
        card = hook(page, "card-transcript")
        expect(card).to_be_visible()
        expect(card.get_by_text("chauffage")).to_be_hidden()
        card.locator("summary").click()
        expect(card.get_by_text("chauffage")).to_be_visible()
        assert faults(page) == []
        answer_choice(page, "A")
        wait_until_sent(page)
    supports = classroom.sheet_of(slip).supports
    assert supports is not None
    assert supports.designated == ["card:transcript"]
    assert "card:transcript" in supports.used
    with classroom.computer() as page:
        enter(page, classroom.stage.answers_url, other.code)
        go_to(page, WITH_SOUND)
        assert page.locator(".support-card").count() == 0
