# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only the promises need."""

from pathlib import Path

import pytest

from operators import free_port
from stage import Stage


@pytest.fixture
def another_draw(tmp_path: Path) -> list[str]:
    """The codes and order numbers of the same class list, validated a second time elsewhere."""
    stage = Stage(tmp_path / "again", names_port=free_port(0), answers_port=free_port(0))
    stage.draw_keys()
    stage.enrol()
    return [word for slip in stage.slips() for word in (slip.code, slip.order)]
