# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room whose line is cut: what was begun goes on, through a reload, and arrives later."""

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from stage import Slip
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
SECONDS_TO_RESUME = 5.0

READY = """async () => {
  await navigator.serviceWorker?.ready;
  const names = await caches.keys();
  return names.some((name) => name.startsWith("encrier-shell-"));
}"""
N_KEPT = 8  # two booklets: sealed.json, the list, what every question needs, a sound
KEPT = """async () => (await (await caches.open("encrier-kept")).keys())
  .filter((request) => request.url.includes("/bundles/")).length"""


ASKED = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/bundles/")).length"""


def ready_for_cuts(page: Page, classroom: Classroom) -> None:
    """Open the first screen and wait until this computer has all that it needs."""
    page.goto(classroom.stage.answers_url)
    hands.wait_until(page, READY)


def test_a_sitting_goes_on_through_a_reload_without_network(
    any_browser: Browser, classroom: Classroom
) -> None:
    slip: Slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        ready_for_cuts(page, classroom)
        hands.enter_code(page, slip.code)
        page.context.set_offline(True)
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.hook(page, "next").click()
        hands.wait_until_on_disk(page)
        page.reload()
        expect(hands.hook(page, "item")).to_have_attribute("data-item", "fr-c-02", timeout=20_000)
        hands.go_to(page, "fr-c-01")
        expect(hands.hook(page, "item").locator('input[value="B"]')).to_be_checked()
        hands.go_to(page, "ma-g-02")
        hands.answer(page, "ma-g-02", {"RESPONSE": ["C"]})
        assert hands.unsent(page) == 2
        page.context.set_offline(False)
        hands.wait_until_sent(page)
    sheet = classroom.sheet_of(slip)
    assert sheet.items["fr-c-01"].r == {"RESPONSE": ["B"]}
    assert sheet.items["ma-g-02"].r == {"RESPONSE": ["C"]}


def test_a_booklet_fetched_ahead_is_not_asked_for_again(classroom: Classroom) -> None:
    with classroom.computer() as page:
        ready_for_cuts(page, classroom)
        hands.wait_until(page, f"async () => (await ({KEPT})()) >= {N_KEPT}")
        before = page.evaluate(ASKED)
        assert before >= N_KEPT
        hands.enter_code(page, next(classroom.slips).code)
        assert page.evaluate(ASKED) == before


def test_a_booklet_spoilt_on_the_disk_is_asked_for_again(classroom: Classroom) -> None:
    with classroom.computer() as page:
        ready_for_cuts(page, classroom)
        hands.wait_until(page, f"async () => (await ({KEPT})()) >= {N_KEPT}")
        page.evaluate(
            """async () => {
              const cache = await caches.open("encrier-kept");
              for (const request of await cache.keys()) {
                if (request.url.includes("/files/")) await cache.put(request, new Response("evil"));
              }
            }"""
        )
        hands.enter_code(page, next(classroom.slips).code)
        expect(hands.hook(page, "item")).to_be_visible()


@pytest.mark.parametrize("kept", [False, True], ids=["nothing kept", "booklet kept"])
def test_another_computer_takes_over_within_five_seconds(
    kept: bool,  # noqa: FBT001 a case, not an option
    classroom: Classroom,
) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.wait_until_sent(page)
    with classroom.computer() as page:
        ready_for_cuts(page, classroom)
        if kept:
            hands.wait_until(page, f"async () => (await ({KEPT})()) >= {N_KEPT}")
        began = time.monotonic()
        hands.enter_code(page, slip.code)
        took_s = time.monotonic() - began
        expect(hands.hook(page, "item").locator('input[value="B"]')).to_be_checked()
    assert took_s < SECONDS_TO_RESUME


def test_a_browser_that_keeps_nothing_works_as_long_as_the_network_does(
    classroom: Classroom,
) -> None:
    with classroom.computer() as page:
        page.add_init_script(
            "delete globalThis.caches; Object.defineProperty(navigator, 'serviceWorker', {});"
        )
        hands.enter(page, classroom.stage.answers_url, next(classroom.slips).code)
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.wait_until_sent(page)
