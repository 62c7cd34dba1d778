# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for what `check` finds, and the reporting file."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
