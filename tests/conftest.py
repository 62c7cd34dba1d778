# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several folders of tests share: a campaign with every process running, and a browser."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from stagecraft.autumn import Autumn
from stagecraft.machines import program_of
from stagecraft.tapped import tapped
from words import compile_all

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure() -> None:
    """Test the words that are written now, and not those of the last `make ready`.

    And no law by its time: a machine that is busy is not a defect.
    """
    compile_all()
    usual = settings.get_profile(settings.get_current_profile_name())
    settings.register_profile("untimed", usual, deadline=None)
    settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that need the browser last: its event loop stays, and Django refuses to run in one.

    Whole files, for several workers take a file each, in this order; of these the larger first,
    so that no worker is left alone with a long one.
    """
    browsers = {"playwright", "browser", "firefox", "any_browser"}
    late = {
        item.path: -item.path.stat().st_size
        for item in items
        if not browsers.isdisjoint(getattr(item, "fixturenames", ()))
    }
    items.sort(key=lambda item: late.get(item.path, -sys.maxsize))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives both browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    launched = playwright.chromium.launch(executable_path=program_of("chromium"), args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Firefox ESR, without a screen, driven by WebDriver BiDi as it is."""
    program = program_of("firefox")
    launched = playwright.firefox.launch(executable_path=program, channel="moz-firefox")
    yield launched
    launched.close()


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def any_browser(request: pytest.FixtureRequest) -> Browser:
    """Each of the two browsers in turn."""
    name = "browser" if request.param == "chromium" else "firefox"
    found: Browser = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Autumn]:
    """A campaign that has been sat and scored, with a relay that recorded all traffic."""
    with tapped(tmp_path_factory.mktemp("autumn")) as (stage, record):
        campaign = Autumn(stage, record)
        campaign.prepare()
        campaign.sit()
        campaign.conclude()
        yield campaign
