# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/performance.md: each benchmark writes a section of its own there and leaves the others."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

Figures = dict[str, float]

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


def told(
    about: str,
    measured: Callable[[], Figures],
    section: Callable[[Figures], str],
    *,
    goals: Mapping[str, float],
) -> int:
    """Measure, print, and write the page where that is asked; 1 when a goal is missed.

    about: the docstring of the benchmark; goals: at most, by figure.
    """
    asked = argparse.ArgumentParser(description=about.split("\n", maxsplit=1)[0])
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = asked.parse_args()
    figures = measured()
    print(json.dumps(figures) if given.json else section(figures))
    if given.write:
        put(section(figures))
    missed = [name for name, goal in goals.items() if figures[name] > goal]
    for name in missed:
        print(f"over the goal of {goals[name]}: {name}", file=sys.stderr)
    return int(bool(missed))
