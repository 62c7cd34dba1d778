# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for expressions, rules, operators, templates, scoring."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
