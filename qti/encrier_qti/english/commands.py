# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the command line and the preview."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
