# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several folders of tests share: one campaign with every process running."""

from collections.abc import Iterator

import pytest
from stagecraft.autumn import Autumn
from stagecraft.wiretap import Wiretap

from operators import free_port
from stage import Stage


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Autumn]:
    """A campaign that has been sat and scored, with a relay that recorded all traffic."""
    folder = tmp_path_factory.mktemp("autumn")
    record = folder / "wire.bin"
    with Wiretap(0, record) as tap:
        stage = Stage(
            folder / "zones",
            names_port=free_port(0),
            answers_port=free_port(0),
            public_port=tap.port,
        )
        tap.aim(stage.answers_port)
        campaign = Autumn(stage, record)
        try:
            campaign.prepare()
            campaign.sit()
            campaign.conclude()
            yield campaign
        finally:
            stage.stop()
