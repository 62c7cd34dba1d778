# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wheels, built once for all the tests of this folder."""

from pathlib import Path

import pytest

from stagecraft.wheels import build


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheels"))
