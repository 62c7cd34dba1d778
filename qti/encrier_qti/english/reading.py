# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for opening, importing and reading packages, items and tests."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
