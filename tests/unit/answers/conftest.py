# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign and a server of the answers zone; each store in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from encrier.secret import SecretText
from stagecraft.cluster import Cluster
from stagecraft.node import Campaign, Server


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return Campaign(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="session")
def server(campaign: Campaign) -> Iterator[Server]:
    """One server for all tests that do not break it; each brings its own pupils."""
    with Server(campaign) as running:
        yield running


@pytest.fixture
def new_campaign(tmp_path: Path) -> Campaign:
    """A campaign of one's own, to start, kill and start again."""
    return Campaign(tmp_path)


@pytest.fixture(scope="session")
def serve() -> type[Server]:
    return Server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL for all tests of this process."""
    made = Cluster()
    yield made
    made.stop()


@pytest.fixture
def database(cluster: Cluster) -> SecretText:
    """The address of a new and empty database."""
    return SecretText(cluster.new_database().encode())


@pytest.fixture(params=["sqlite", "postgres"])
def disk(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of each store in turn."""
    if request.param == "sqlite":
        return {}
    found: SecretText = request.getfixturevalue("database")
    return {"database": found.words()}
