# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the verbs of statisticians read their common options and print: JSON, or a table.

What a file named, such as an item, is printed without the controls a terminal obeys. Knows what an
option is called and how wide a column is; no statistic.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from encrier.cli import Commands
from encrier.records import to_bytes

_OBEYED: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
Cell = str | int | float | None


def add_verb(commands: Commands, name: str, *, text: str, example: str) -> argparse.ArgumentParser:
    """Add a verb that prints: with --json."""
    verb = commands.add_parser(
        name, help=text, description=text, epilog=f"example: encrier results {example}"
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    return verb


def add_responses(verb: argparse.ArgumentParser) -> None:
    """Let a verb read a file of responses."""
    verb.add_argument("responses", type=Path, metavar="RESPONSES.csv", help="a row a pupil")
    verb.add_argument(
        "--ignore", action="append", default=[], metavar="COL", help="no item; may be said again"
    )


def put(*lines: str) -> None:
    """Print lines."""
    for line in lines:
        sys.stdout.write(_OBEYED.sub("�", line) + "\n")
    sys.stdout.flush()


def put_json(told: object) -> None:
    """Print one value as canonical JSON."""
    put(to_bytes(told).decode())


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table: texts to the left, numbers to the right with three decimals."""
    written = [list(header), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in written) for column in range(len(header))]
    for row in written:
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        put("  ".join([first, *rest]).rstrip())


def _cell(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
