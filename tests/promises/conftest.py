# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only the promises need."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from operators import free_port
from stage import Stage
from stagecraft.harness import bundled, opened


@pytest.fixture
def another_draw(tmp_path: Path) -> list[str]:
    """The codes and order numbers of the same class list, validated a second time elsewhere."""
    stage = Stage(tmp_path / "again", names_port=free_port(0), answers_port=free_port(0))
    stage.draw_keys()
    stage.enrol()
    return [word for slip in stage.slips() for word in (slip.code, slip.order)]


@pytest.fixture(scope="module")
def guarded_page(tmp_path_factory: pytest.TempPathFactory, any_browser: Browser) -> Iterator[Page]:
    """The player's own code on an empty page, under the zone's own policies."""
    with opened(bundled(tmp_path_factory.mktemp("guarded")), any_browser) as page:
        yield page
