# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the catalogues of `locale/` before they go into the wheel, and for a clone that runs.

What Django reads (.mo) is not in the repository: tools/words.py makes it again after a change.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Words(BuildHookInterface):
    """Writes each .mo beside its .po."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:  # Any: hatchling's
        for source in Path(self.root).glob("encrier_names/locale/*/LC_MESSAGES/*.po"):
            with source.open("rb") as file:
                catalogue = read_po(file)
            # No date of the build: equal words give an equal wheel.
            catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
            with source.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalogue)
