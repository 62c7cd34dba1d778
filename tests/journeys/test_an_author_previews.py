# SPDX-License-Identifier: AGPL-3.0-or-later
"""An author opens an assessment with one command, answers as a pupil, and sees the score."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from operators import ENCRIER
from stage import PACKAGE
from stagecraft import accessibility, hands
from stagecraft.previews import previewed

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """One preview for the tests that do not end it."""
    with previewed(ENCRIER, PACKAGE) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser of 1024 × 768, that must have nothing to complain of."""
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def faults(page: Page) -> list[str]:
    """What axe-core says of the page, and whether it must be scrolled sideways."""
    return [*accessibility.faults(page), *["too wide"] * accessibility.too_wide(page)]


def test_an_answer_gets_its_score_as_it_is_given(address: str, page: Page) -> None:
    page.goto(address)
    score = hands.hook(page, "score")
    expect(score).to_have_text("0 sur 1")
    hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
    expect(score).to_have_text("1 sur 1")
    expect(page.locator(".panel")).to_contain_text("RESPONSE")
    hands.hook(page, "clear").click()
    expect(score).to_have_text("0 sur 1")


def test_answers_stay_while_the_author_goes_from_item_to_item(address: str, page: Page) -> None:
    page.goto(address)
    hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
    hands.hook(page, "next").click()
    hands.answer(page, "fr-c-02", {"RESPONSE": ["D", "B", "E", "A", "C"]})
    expect(hands.hook(page, "score")).to_have_text("1 sur 1")
    hands.hook(page, "jump").select_option("4")
    hands.answer(page, "fr-c-05", {"RESPONSE": ["L’Hirondelle"]})
    expect(hands.hook(page, "score")).to_have_text("1 sur 1")
    hands.hook(page, "jump").select_option("0")
    expect(hands.hook(page, "score")).to_have_text("1 sur 1")
    expect(page.locator("input:checked[type=radio]")).to_have_value("B")


def test_the_score_waits_for_the_button_where_the_author_wants(address: str, page: Page) -> None:
    page.goto(address)
    score = hands.hook(page, "score")
    expect(score).to_have_text("0 sur 1")
    hands.hook(page, "live").uncheck()
    hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
    expect(page.locator(".panel.stale")).to_have_count(1)
    expect(score).to_have_text("0 sur 1")
    hands.hook(page, "compute").press("Enter")
    expect(score).to_have_text("1 sur 1")


def test_the_keyboard_alone_answers_and_goes_on(address: str, page: Page) -> None:
    page.goto(address)
    expect(hands.hook(page, "score")).to_have_text("0 sur 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".panel .values code")).to_have_count(1)
    for _ in range(30):
        if page.evaluate("document.activeElement.dataset.test") == "next":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Item 2 sur 37")
    expect(page.locator("h1")).to_be_focused()


def test_arrows_in_the_list_of_items_go_from_one_to_the_next(address: str, page: Page) -> None:
    page.goto(address)
    hands.hook(page, "jump").focus()
    for rank in (2, 3, 4):
        page.keyboard.press("ArrowDown")
        expect(page.locator("h1")).to_contain_text(f"Item {rank} sur 37")
        expect(hands.hook(page, "jump")).to_be_focused()


def test_no_key_reaches_the_page(address: str, page: Page) -> None:
    heard: list[bytes] = []
    page.on("response", lambda reply: heard.append(reply.body()))
    page.goto(address)
    hands.answer(page, "fr-c-01", {"RESPONSE": ["A"]})
    expect(hands.hook(page, "score")).to_have_text("0 sur 1")
    told = b"\n".join(heard)
    assert b"about" in told
    assert [key for key in (b"correct-response", b"map-entry", b"response-if") if key in told] == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_no_item_of_the_preview_has_a_fault(
    width: int, height: int, address: str, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    found: dict[str, list[str]] = {}
    for rank in range(0, 37, 6):
        hands.hook(page, "jump").select_option(str(rank))
        expect(page.locator("h1")).to_contain_text(f"Item {rank + 1} sur 37")
        expect(hands.hook(page, "score")).to_contain_text(" sur ")
        found[hands.hook(page, "item").get_attribute("data-item") or ""] = faults(page)
    assert len(found) == 7
    assert {item: said for item, said in found.items() if said} == {}


def test_the_page_says_that_the_command_has_ended(browser: Browser) -> None:
    page = browser.new_page()
    with previewed(ENCRIER, PACKAGE) as url:
        page.goto(url)
        expect(hands.hook(page, "score")).to_have_text("0 sur 1")
    hands.hook(page, "next").click()
    expect(page.locator("h1")).to_have_text("L’aperçu est arrêté")
    page.close()
