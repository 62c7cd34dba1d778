# SPDX-License-Identifier: AGPL-3.0-or-later
"""The player's own code on an empty page, in both browsers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from stagecraft.harness import bundled, opened


@pytest.fixture(scope="session")
def browser_page(tmp_path_factory: pytest.TempPathFactory, any_browser: Browser) -> Iterator[Page]:
    """A page under the zone's own policy."""
    with opened(bundled(tmp_path_factory.mktemp("harness")), any_browser) as page:
        yield page
