# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign whose pupils have not sat yet, and a browser."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom

from operators import free_port
from stage import Stage

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: run the tests with `make test`, which brings one")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """Every process runs; each test takes the next slip."""
    stage = Stage(
        tmp_path_factory.mktemp("classroom") / "zones",
        names_port=free_port(0),
        answers_port=free_port(0),
    )
    campaign = Autumn(stage, stage.folder / "no-record")
    try:
        campaign.prepare()
        yield Classroom(stage, campaign, iter(campaign.slips), browser)
    finally:
        stage.stop()
