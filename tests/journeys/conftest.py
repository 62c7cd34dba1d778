# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign whose pupils have not sat yet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from operators import free_port
from stage import Stage
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom

OWN_SLIPS = 12  # of the class whose results the teacher reads


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
        slips = campaign.slips_without_end()
        own = iter([next(slips) for _ in range(OWN_SLIPS)])
        yield Classroom(stage, campaign, slips, browser, own)
    finally:
        stage.stop()
