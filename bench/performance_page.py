# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/performance.md: each benchmark writes a section of its own there and leaves the others."""

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def put(section: str) -> None:
    """Put a section in the page, in the place of the one with its heading, else at the end.

    section: Markdown that begins with its heading (##).
    """
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
    heading = section.partition("\n")[0]
    before, _, old = page.partition(f"{heading}\n")
    _, following, after = old.partition("\n## ")
    made = f"{before.rstrip()}\n\n{section.rstrip()}\n{following}{after}"
    PAGE.write_text(made, encoding="utf-8")
