# SPDX-License-Identifier: AGPL-3.0-or-later
"""A test with a route, parts, chance and times, sat in a browser and scored without a word from it.

The sample of demo/assessments/deux-etapes, with shorter times.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from operators import free_port
from stage import Slip, Stage
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom
from stagecraft.hands import answer_choice, enter, hook, item_shown, wait_until_sent

pytestmark = pytest.mark.journey
SAMPLE: Final = Path(__file__).parents[2] / "demo/assessments/deux-etapes"
RIGHT: Final = {"o-1": "B", "o-2": "A", "o-3": "A", "a-1": "B", "a-2": "C", "b-1": "A", "b-2": "A"}
QUICK: Final = "f-4"
QUICK_S: Final = 4
NOTHING: Final = (
    '<qti-outcome-declaration identifier="NOTHING" cardinality="single" base-type="identifier"/>'
)
THANKS: Final = (
    '<qti-test-feedback identifier="no" outcome-identifier="NOTHING" access="atEnd"'
    ' show-hide="hide"><qti-content-body><p>Merci de ton travail.</p></qti-content-body>'
    "</qti-test-feedback>"
)
CLOCK_BELOW: Final = """least =>
  Number(document.querySelector("[data-test=clock]")?.dataset.left ?? Infinity) <= least"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """A class that is given the two stages."""
    folder = tmp_path_factory.mktemp("two-stages")
    package = folder / SAMPLE.name
    shutil.copytree(SAMPLE, package)
    test = package / "assessment.xml"
    text = test.read_text(encoding="utf-8")
    text = text.replace('max-time="30"', f'max-time="{QUICK_S}"')
    text = text.replace("<qti-time-limits", f"{NOTHING}<qti-time-limits", 1)
    text = text.replace("</qti-assessment-test>", f"{THANKS}</qti-assessment-test>")
    test.write_text(text, encoding="utf-8")
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    stage.package = package
    campaign = Autumn(stage, folder / "no-record")
    try:
        campaign.prepare()
        yield Classroom(stage, campaign, campaign.slips_without_end(), browser)
    finally:
        stage.stop()


def begin(page: Page, room: Classroom, slip: Slip) -> None:
    """To the first question, past what is said before it."""
    enter(page, room.stage.answers_url, slip.code)
    expect(hook(page, "item")).to_be_visible()


def forward(page: Page, *answers: str) -> list[str]:
    """Answer what comes, one after the other, and give which items it was."""
    met = []
    for given in answers:
        item = item_shown(page)
        met.append(item)
        answer_choice(page, RIGHT[item] if given == "right" else other(RIGHT[item]))
        hook(page, "next").click()
        page.wait_for_function(
            "item => document.querySelector('[data-test=item]')?.dataset.item !== item", arg=item
        )
    return met


def other(choice: str) -> str:
    return "B" if choice == "A" else "A"


def scored(room: Classroom, slip: Slip) -> dict[str, tuple[float, str | None]]:
    """What results finds for a pupil, by domain."""
    room.stage.open_envelopes()
    (row,) = [r for r in room.stage.score_sheet().rows if r.order == slip.order]
    assert row.status == "complete"
    return {d.domain: (d.score, d.group) for d in row.domains}


def finish_free_part(page: Page) -> None:
    hook(page, "overview").click()
    hook(page, "finish").click()
    hook(page, "finish-confirm").click()
    expect(hook(page, "done")).to_be_visible(timeout=20_000)
    expect(hook(page, "done")).to_contain_text("Merci de ton travail.")


@pytest.mark.parametrize(
    ("first", "module", "suite_a", "suite_b"),
    [
        (("right", "wrong", "right"), ["b-1", "b-2"], (0.0, None), (2.0, "satisfaisant")),
        (("right", "wrong", "wrong"), ["a-1", "a-2"], (2.0, "satisfaisant"), (0.0, None)),
    ],
    ids=["to the harder module", "to the easier module"],
)
def test_the_first_answers_lead_to_a_module(
    first: tuple[str, ...],
    module: list[str],
    suite_a: tuple[float, str | None],
    suite_b: tuple[float, str | None],
    room: Classroom,
) -> None:
    slip = next(room.slips)
    with room.computer() as page:
        begin(page, room, slip)
        assert forward(page, *first) == ["o-1", "o-2", "o-3"]
        assert forward(page, "right", "right") == module
        expect(hook(page, "previous")).to_be_visible()  # the free part
        finish_free_part(page)
    found = scored(room, slip)
    assert found["calcul"][0] == first.count("right")
    assert (found["suite-a"], found["suite-b"]) == (suite_a, suite_b)


def test_a_question_left_without_an_answer_is_asked_about_and_does_not_come_back(
    any_browser: Browser, room: Classroom
) -> None:
    with room.computer(browser=any_browser) as page:
        begin(page, room, next(room.slips))
        assert hook(page, "previous").count() == 0
        hook(page, "next").click()
        hook(page, "stay").click()
        assert item_shown(page) == "o-1"
        hook(page, "next").click()
        hook(page, "leave-anyway").click()
        assert item_shown(page) == "o-2"
        assert hook(page, "previous").count() == 0
        assert hook(page, "overview").count() == 0


def test_who_comes_back_is_where_she_was_with_the_time_that_was_left(
    firefox: Browser, room: Classroom
) -> None:
    slip = next(room.slips)
    with room.computer() as page:
        begin(page, room, slip)
        forward(page, "right", "right")
        expect(hook(page, "clock")).to_have_text("Temps restant : 40 minutes")
        page.wait_for_function(CLOCK_BELOW, arg=2397)
        page.reload()
        assert item_shown(page) == "o-3"
        page.wait_for_function(CLOCK_BELOW, arg=2396)
        answer_choice(page, RIGHT["o-3"])
        wait_until_sent(page)
    with room.computer(browser=firefox) as page:
        enter(page, room.stage.answers_url, slip.code)
        assert item_shown(page) == "o-3"
        page.wait_for_function(CLOCK_BELOW, arg=2396)


def test_the_review_shows_what_is_answered_and_what_is_to_be_seen_again(room: Classroom) -> None:
    with room.computer() as page:
        begin(page, room, next(room.slips))
        forward(page, "right", "right", "right", "right", "right")
        first = item_shown(page)
        answer_choice(page, "A")
        hook(page, "next").click()
        second = item_shown(page)
        hook(page, "flag").click()
        hook(page, "overview").click()
        squares = hook(page, "overview-item")
        expect(squares).to_have_count(3)  # two drawn of three, and the quick one
        assert squares.nth(0).get_attribute("aria-label") == "Question 6, répondu"
        assert (
            squares.nth(1).get_attribute("aria-label") == "Question 7, vue, sans réponse, à revoir"
        )
        assert squares.nth(2).get_attribute("aria-label") == "Question 8, pas encore vue"
        squares.nth(0).click()
        assert item_shown(page) == first
        assert second != first


def test_a_question_whose_time_is_up_closes_and_its_answer_counts(room: Classroom) -> None:
    slip = next(room.slips)
    with room.computer() as page:
        begin(page, room, slip)
        forward(page, "right", "right", "right", "right", "right")
        for _ in range(2):
            answer_choice(page, "D")
            hook(page, "next").click()
        assert item_shown(page) == QUICK
        answer_choice(page, "B")
        expect(hook(page, "time-up")).to_be_visible(timeout=(QUICK_S + 5) * 1000)
        hook(page, "go-on").click()
        hook(page, "overview-item").nth(2).click()
        expect(hook(page, "item").locator(".item-body")).to_have_attribute("inert", "")
        expect(hook(page, "item").locator("input[value=B]")).to_be_checked()
        finish_free_part(page)
    assert scored(room, slip)["grandeurs"] == (1.0, None)


def test_the_clock_can_be_hidden_and_stays_so(room: Classroom) -> None:
    with room.computer() as page:
        begin(page, room, next(room.slips))
        expect(hook(page, "clock")).to_be_visible()
        hook(page, "clock-toggle").click()
        expect(hook(page, "clock")).to_be_hidden()
        page.reload()
        expect(hook(page, "clock-toggle")).to_have_text("Montrer le temps")
        expect(hook(page, "clock")).to_be_hidden()
