# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the errors themselves, and sentences that several areas share."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {}
