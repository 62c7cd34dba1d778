# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two windows, two computers, two browsers, one pupil: the last one goes on, and all is kept."""

import time
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from pupils import Network, Pupil
from stage import Slip, patterns
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
RIGHT: Final = patterns()[0]
FIRST, SECOND, THIRD = list(RIGHT)[:3]
RESUME_S: Final = 5.0


def opened(classroom: Classroom, slip: Slip) -> dict[str, dict[str, list[str]]]:
    """What the ministry reads of this pupil's answers, by item."""
    pupil = Pupil(
        slip.code,
        Network(classroom.stage.answers_url, iter([])),
        root_key=classroom.stage.root_key,
    )
    classroom.stage.open_envelopes()
    return {i: a.r for i, a in classroom.stage.opened()[pupil.keys.sid].items.items()}


def answer(page: Page, item: str) -> None:
    if hands.hook(page, "item").get_attribute("data-item") != item:
        hands.go_to(page, item)
    hands.answer(page, item, RIGHT[item])


def test_a_second_window_goes_on_and_the_first_says_so(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    url = classroom.stage.answers_url
    with classroom.computer(browser=any_browser) as first:
        hands.enter(first, url, slip.code)
        answer(first, FIRST)
        second = first.context.new_page()
        hands.enter(second, url, slip.code)
        expect(hands.hook(first, "notice-taken")).to_be_visible()
        expect(first.get_by_role("heading", level=1)).to_contain_text("autre fenêtre")
        hands.go_to(second, FIRST)
        assert second.locator("[data-test=item] input:checked").count() > 0
        answer(second, SECOND)
        hands.hook(first, "retry").click()  # go on here
        expect(hands.hook(first, "item")).to_be_visible()
        expect(hands.hook(second, "notice-taken")).to_be_visible()
        answer(first, THIRD)
        hands.wait_until_sent(first)
    kept = opened(classroom, slip)
    assert {item: kept[item] for item in (FIRST, SECOND, THIRD)} == {
        item: RIGHT[item] for item in (FIRST, SECOND, THIRD)
    }


def test_the_older_of_two_computers_is_told_and_loses_nothing(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    url = classroom.stage.answers_url
    with (
        classroom.computer(browser=any_browser) as older,
        classroom.computer(browser=any_browser) as newer,
    ):
        hands.enter(older, url, slip.code)
        answer(older, FIRST)
        hands.wait_until_sent(older)
        hands.enter(newer, url, slip.code)
        answer(newer, SECOND)
        hands.wait_until_sent(newer)
        answer(older, THIRD)
        older.evaluate("() => void window.dispatchEvent(new Event('online'))")
        expect(hands.hook(older, "notice-elsewhere")).to_be_visible()
    kept = opened(classroom, slip)
    assert {FIRST, SECOND, THIRD} <= set(kept)
    assert kept[THIRD] == RIGHT[THIRD]


def test_a_pupil_goes_on_in_another_browser_within_five_seconds(
    classroom: Classroom, browser: Browser, firefox: Browser
) -> None:
    slip = next(classroom.slips)
    url = classroom.stage.answers_url
    for kind, item in ((browser, FIRST), (firefox, SECOND), (browser, THIRD)):
        context = kind.new_context(locale="fr-FR")
        page = context.new_page()
        page.goto(url)
        began = time.monotonic()
        hands.enter(page, url, slip.code)
        assert time.monotonic() - began < RESUME_S
        hands.hook(page, "overview").click()
        n_answered = [FIRST, SECOND, THIRD].index(item)
        expect(page.locator(".squares .answered")).to_have_count(n_answered)
        hands.hook(page, "back").click()
        answer(page, item)
        hands.wait_until_sent(page)
        context.close()
    kept = opened(classroom, slip)
    assert all(kept[item] == RIGHT[item] for item in (FIRST, SECOND, THIRD))
