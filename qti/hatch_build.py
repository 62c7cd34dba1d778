# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the page of the preview in the wheel, where the player has been built (`make wheels`).

Knows folders only. A wheel built without the player works but for `encrier qti preview`.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("player/dist/preview")


class Preview(BuildHookInterface):
    """Adds player/dist/preview as encrier_qti/player/preview; nothing to an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # Any: hatchling's own
        page = Path(self.root).parent / PAGE
        if version == "standard" and page.is_dir():
            build_data["force_include"][str(page)] = "encrier_qti/player/preview"
