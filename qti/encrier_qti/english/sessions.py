# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for sessions of items and of tests."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
