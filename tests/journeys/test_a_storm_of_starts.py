# SPDX-License-Identifier: AGPL-3.0-or-later
"""More start at once than the host lets in: they wait at a place, and come in by themselves.

One start in twenty seconds here; docs/spec/waiting-room.md.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from encrier import codes
from operators import free_port
from stage import Slip, Stage
from stagecraft import accessibility
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom
from stagecraft.hands import enter, hook

pytestmark = pytest.mark.journey
A_START_S = 20
PATIENCE_MS = 3 * A_START_S * 1000


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """A campaign whose host lets one pupil start in twenty seconds."""
    folder = tmp_path_factory.mktemp("crowded")
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    stage.answers.set(starts_per_s=1 / A_START_S)
    campaign = Autumn(stage, folder / "no-record")
    try:
        campaign.prepare()
        yield Classroom(stage, campaign, campaign.slips_without_end(), browser)
    finally:
        stage.stop()


def type_code(page: Page, classroom: Classroom, slip: Slip) -> None:
    page.goto(classroom.stage.answers_url)
    hook(page, "code-field").fill(codes.printed(slip.code))
    hook(page, "code-submit").click()


def wait_in_line(page: Page, classroom: Classroom) -> None:
    """Type a code of which the sign-in must wait, whether others wait already or not."""
    type_code(page, classroom, next(classroom.slips))
    expect(hook(page, "waiting").or_(hook(page, "pictograms-yes"))).to_be_visible()
    if hook(page, "waiting").count() == 0:  # she was let in: whoever comes now is not
        type_code(page, classroom, next(classroom.slips))
    expect(hook(page, "waiting")).to_have_attribute("data-kind", "place")


def place(page: Page) -> int:
    return int(hook(page, "place").get_attribute("data-place") or 0)


def test_three_start_and_two_come_in_by_themselves_in_their_order(crowded: Classroom) -> None:
    slips = [next(crowded.slips) for _ in range(3)]
    with (
        crowded.computer() as first,
        crowded.computer(390, 800) as second,
        crowded.computer() as third,
    ):
        for page, slip in zip((first, second, third), slips, strict=True):
            type_code(page, crowded, slip)
            expect(hook(page, "waiting").or_(hook(page, "pictograms-yes"))).to_be_visible()
        hook(first, "pictograms-yes").click()
        hook(first, "start").click()
        expect(hook(second, "place")).to_have_attribute("data-place", "1")
        expect(hook(third, "place")).to_have_attribute("data-place", "2")
        expect(hook(second, "waiting-state")).to_contain_text("Ta place est gardée")
        for page in (second, third):
            assert accessibility.faults(page) == []
            assert accessibility.cut(page) == []
            assert page.url == f"{crowded.stage.answers_url}/", "nothing of her in the address"

        second.reload()  # without her code
        expect(hook(second, "place")).to_have_attribute("data-place", "1")
        first.reload()  # she has begun: she waits for nobody
        expect(hook(first, "item").or_(hook(first, "intro"))).to_be_visible()

        expect(hook(second, "pictograms-yes")).to_be_visible(timeout=PATIENCE_MS)
        expect(hook(third, "waiting")).to_be_visible()
        expect(hook(third, "place")).to_have_attribute("data-place", "1", timeout=PATIENCE_MS)
        hook(second, "pictograms-yes").click()
        expect(hook(second, "start")).to_be_enabled()
        with crowded.computer() as other:  # she goes on elsewhere, past the one who waits
            enter(other, crowded.stage.answers_url, slips[0].code)
        expect(hook(third, "waiting").or_(hook(third, "pictograms-yes"))).to_be_visible()
        expect(hook(third, "pictograms-yes")).to_be_visible(timeout=PATIENCE_MS)


def test_a_network_that_drops_does_not_cost_the_place_and_leaving_leaves_nothing(
    crowded: Classroom,
) -> None:
    with crowded.computer() as ahead, crowded.computer(390, 800) as page:
        wait_in_line(ahead, crowded)  # so that it is not this one's turn meanwhile
        wait_in_line(page, crowded)
        before = place(page)
        page.context.set_offline(True)
        expect(hook(page, "waiting")).to_have_attribute("data-kind", "cut", timeout=PATIENCE_MS)
        expect(hook(page, "waiting-state")).to_contain_text("Le réseau est coupé")
        expect(hook(page, "waiting-state")).to_contain_text("Ta place est gardée")
        assert place(page) == before
        page.context.set_offline(False)
        expect(hook(page, "waiting")).to_have_attribute("data-kind", "place")
        assert place(page) <= before

        hook(page, "settings").click()
        hook(page, "set-language-en").click()
        page.keyboard.press("Escape")
        expect(hook(page, "waiting")).to_contain_text("Many pupils are starting at once")
        expect(hook(page, "waiting-state")).to_contain_text("Your place is kept")
        assert accessibility.faults_of_the_focus(page) == []
        hook(page, "code-again").click()
        expect(hook(page, "code-field")).to_be_focused()
        left = "() => Object.keys(sessionStorage).filter((one) => one !== 'encrier-settings')"
        assert page.evaluate(left) == []
        page.reload()
        expect(hook(page, "code-field")).to_be_visible()


def test_a_room_that_is_full_says_so_and_the_page_tries_again(crowded: Classroom) -> None:
    with crowded.computer() as page:
        words = {"what": "Trop de monde.", "next_step": "Attends."}
        page.route(
            "**/v1/sign-in",
            lambda route: route.fulfill(status=503, headers={"retry-after": "1"}, json=words),
        )
        type_code(page, crowded, next(crowded.slips))
        expect(hook(page, "waiting")).to_have_attribute("data-kind", "busy")
        expect(hook(page, "place")).to_be_hidden()
        expect(hook(page, "waiting-state")).to_contain_text("réessaie toute seule")
        page.unroute("**/v1/sign-in")
        there = page.locator('[data-test="waiting"][data-kind="place"]')
        expect(there.or_(hook(page, "pictograms-yes"))).to_be_visible(timeout=PATIENCE_MS)
