# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign whose pupils have not sat yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from operators import free_port
from stage import Stage
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom

OWN_SLIPS = 12  # of the class whose results the teacher reads


def opened(folder: Path, browser: Browser) -> Iterator[Classroom]:
    """A campaign of its own, of which every process runs until the end."""
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    campaign = Autumn(stage, stage.folder / "no-record")
    try:
        campaign.prepare()
        slips = campaign.slips_without_end()
        own = iter([next(slips) for _ in range(OWN_SLIPS)])
        yield Classroom(stage, campaign, slips, browser, own)
    finally:
        stage.stop()


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """Every process runs; each test takes the next slip."""
    yield from opened(tmp_path_factory.mktemp("classroom"), browser)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """Another one, for tests that close a class for good."""
    yield from opened(tmp_path_factory.mktemp("apart"), browser)
