# SPDX-License-Identifier: AGPL-3.0-or-later
"""An adult checks the computers of a room, days before."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom
from stagecraft.hands import hook, wait_until

pytestmark = pytest.mark.journey
PROBES = {
    "browser", "storage", "manifest", "crypto", "delay", "rate", "post", "clock", "voice", "screen",
}  # fmt: skip

KEPT = """async () => (await (await caches.open("encrier-kept")).keys())
  .filter((request) => request.url.includes("/bundles/")).length >= 8"""


def checked(page: Page) -> dict[str, str]:
    """What each probe found, once all have."""
    page.wait_for_function(
        "() => document.querySelector('[data-test=check-verdict]')?.dataset.verdict"
    )
    found: dict[str, str] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.probe')]"
        ".map((e) => [e.dataset.test.slice(6), e.dataset.verdict]))"
    )
    return found


def test_a_good_computer_is_said_to_be_ready(any_browser: Browser, classroom: Classroom) -> None:
    with classroom.computer(browser=any_browser) as page:
        page.goto(classroom.stage.answers_url)
        hook(page, "check-open").click()
        found = checked(page)
        assert set(found) == PROBES
        wrong = {name for name, verdict in found.items() if verdict != "good"}
        assert wrong <= {
            "voice",
            "delay",
            "storage",
        }  # a machine of tests has no voice, and is busy
        assert "bad" not in found.values()
        hook(page, "check-back").click()
        expect(hook(page, "code-field")).to_be_visible()


def test_a_computer_that_was_checked_has_the_questions_already(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        checked(page)
        wait_until(page, KEPT)


def test_a_filter_that_blocks_what_is_sent_is_found(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.route(
            "**/v1/save",
            lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Portail"),
        )
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        assert checked(page)["post"] == "bad"
        expect(hook(page, "check-verdict")).to_contain_text("ne peut pas servir")
        expect(hook(page, "probe-post")).to_contain_text("ni filtrée ni déchiffrée")


def test_a_relay_that_takes_digests_away_is_found(
    classroom: Classroom, any_browser: Browser
) -> None:
    """Saves would pass, and one that it changes would be told by its proof alone."""

    def strip(route: Route) -> None:
        kept = {n: v for n, v in route.request.headers.items() if n != "content-digest"}
        route.continue_(headers=kept)

    with classroom.computer(browser=any_browser) as page:
        page.route("**/v1/save", strip)
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        assert checked(page)["post"] == "bad"


def test_a_browser_that_keeps_nothing_may_serve_and_says_to_stay(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.add_init_script(
            "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"
        )
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        assert checked(page)["storage"] == "warn"
        expect(hook(page, "probe-storage")).to_contain_text("doit rester ouverte")


def test_a_clock_that_is_wrong_is_found_and_forbids_nothing(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.add_init_script("const now = Date.now; Date.now = () => now() + 86_400_000;")
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        assert checked(page)["clock"] == "warn"
        expect(hook(page, "probe-clock")).to_contain_text("1440")


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_the_page_of_the_check_has_no_fault(width: int, height: int, classroom: Classroom) -> None:
    with classroom.computer(width, height) as page:
        page.goto(f"{classroom.stage.answers_url}/#verifier")
        checked(page)
        assert faults(page) == []
        assert not too_wide(page)
