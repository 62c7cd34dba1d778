# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three pairs of answers and no router: each school saves on its own, one is added in between."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from encrier import codes
from encrier.ids import SittingId
from stage import Slip
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom
from stagecraft.hands import SLOW_MS, answer_choice, enter, hook, item_shown, wait_until_sent
from stagecraft.several import SeveralPairs

pytestmark = pytest.mark.journey
A_CLASS = 28
MINUTES_5 = 300


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """Two schools, a pair each; the third school comes when it is asked for."""
    folder = tmp_path_factory.mktemp("several")
    stage = SeveralPairs(folder / "zones")
    campaign = Autumn(stage, folder / "no-record")
    try:
        campaign.prepare()
        stage.serve_page()
        yield Classroom(stage, campaign, campaign.slips_without_end(), browser)
    finally:
        stage.stop()


def test_schools_save_on_their_own_pair_while_another_pair_is_added(several: Classroom) -> None:
    stage = several.stage
    assert isinstance(stage, SeveralPairs)
    first, second = (a_class(several) for _ in range(2))
    with (
        several.computer() as of_one,
        several.computer() as of_two,
        several.computer() as of_three,
    ):
        of_three.goto(str(stage.page_url))  # and stays open on the first screen
        asked = {page: hosts_asked(page, stage) for page in (of_one, of_two, of_three)}
        sits = {of_one: first[0], of_two: second[0]}
        items = {page: sit_one(several, page, slip) for page, slip in sits.items()}
        began = time.monotonic()
        stage.add_pair(3)
        third = a_class(several)
        hook(of_three, "code-field").fill(codes.printed(third[0].code))
        hook(of_three, "code-submit").click()
        expect(of_three.get_by_text("Recharge-la")).to_be_visible()
        items[of_three] = sit_one(several, of_three, third[0])
        assert time.monotonic() - began < MINUTES_5  # signing, serving, a new school's first save
        for page in sits:  # their pages were open all the time, and know two pairs
            answer_choice(page, "B")
            wait_until_sent(page)
        of_one.reload()
        expect(hook(of_one, "item")).to_be_visible(timeout=SLOW_MS)
        expect(of_one.locator('[data-test="item"] input[value="B"]')).to_be_checked()
    assert list(asked.values()) == [{1}, {2}, {3}]
    for number, slips in enumerate((first, second, third), 1):
        known = stage.progress(number)
        assert set(known) == {sid_of(several, slip) for slip in slips}
        begun = {sid for sid, state in known.items() if state != "expected"}
        assert begun == {sid_of(several, slips[0])}
    stage.exchange()  # names is told by all of them
    stage.open_envelopes()
    sheets = stage.sheets()
    answered = [
        sheets[sid_of(several, slips[0])].items[item].r["RESPONSE"]
        for slips, item in zip((first, second, third), items.values(), strict=True)
    ]
    assert answered == [["B"], ["B"], ["A"]]


def a_class(several: Classroom) -> list[Slip]:
    """The slips of the next class, of another school than those before."""
    return [next(several.slips) for _ in range(A_CLASS)]


def sit_one(several: Classroom, page: Page, slip: Slip) -> str:
    """Sign in and answer; give which question it was."""
    enter(page, str(several.stage.page_url), slip.code)
    item = item_shown(page)
    answer_choice(page, "A")
    wait_until_sent(page)
    return item


def hosts_asked(page: Page, stage: SeveralPairs) -> set[int]:
    """The pairs that a page has asked for anything so far; it grows."""
    asked: set[int] = set()

    def note(url: str) -> None:
        asked.update(n for n, pair in stage.pairs.items() if url.startswith(f"{pair.url}/"))

    page.on("request", lambda request: note(request.url))
    return asked


def sid_of(several: Classroom, slip: Slip) -> SittingId:
    manifest = several.stage.campaign()
    keys = codes.derive(slip.code, manifest.campaign_id, iterations=manifest.kdf_iterations)
    return keys.sid
