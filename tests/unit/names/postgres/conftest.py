# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tests of this folder run on PostgreSQL, whatever the others run on."""

import pytest


@pytest.fixture
def vendor() -> str:
    return "postgres"
