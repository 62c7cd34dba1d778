# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text to rows of cells, each with its line, one bad line never spoiling the next.

Knows separators, quotes and lines; never what a cell means.
"""

import csv
import re
from collections.abc import Iterator
from typing import Final

from encrier_names.rosters.files.encodings import candidates
from encrier_names.rosters.tables.columns import Columns, columns_of

SEPARATORS: Final = ";\t,"
HEADER_WITHIN: Final = 5  # lines: a title or an empty line may come first
_MAX_LINES_OF_A_RECORD: Final = 6  # an address in quotes may hold line breaks
_MAX_LINE: Final = 20_000  # characters; what a line holds beyond is not looked at
_LINE_END: Final = re.compile(r"\r\n|\n|\r")  # str.splitlines would also cut at U+0085, U+2028


class Table:
    """A text whose header we recognised, or came nearest to recognising."""

    def __init__(self, lines: list[str], *, header_line: int, separator: str) -> None:
        self.separator = separator
        self.header_line = header_line  # from 1
        self.is_sheet = False
        self.columns: Columns = columns_of(_cells(lines[header_line - 1], separator) or [])
        self._lines = lines

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give each row that is not blank: (line from 1, cells)."""
        return self.rows_of(self.header_line + 1, len(self._lines))

    def rows_of(self, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
        """Give the rows that begin on these lines, from 1, both included."""
        place = first - 1
        while place < last:
            if self._lines[place].strip(self.separator + " \t\ufeff"):
                cells, taken = self._record(place)
                yield place + 1, cells
                place += taken
            else:
                place += 1

    def _record(self, place: int) -> tuple[list[str], int]:
        cells = _cells(self._lines[place], self.separator)
        if cells is not None:
            return cells, 1
        for taken in range(2, _MAX_LINES_OF_A_RECORD + 1):
            cells = _cells("\n".join(self._lines[place : place + taken]), self.separator)
            if cells is not None and len(cells) == self.columns.width:
                return cells, taken
        # A quote that never closes: take the line as it stands, keep those that follow.
        return [c.strip('"') for c in self._lines[place].split(self.separator)], 1


def open_table(content: bytes) -> Table:
    """Find the encoding, the separator and the header line in which most columns are ours."""
    best: Table | None = None
    for text in candidates(content):
        lines = [line[:_MAX_LINE] for line in _LINE_END.split(text)]
        for table in _possible(lines):
            if table.columns.complete:
                return table
            if best is None or len(table.columns.places) > len(best.columns.places):
                best = table
    return best or Table([""], header_line=1, separator=SEPARATORS[0])


def _possible(lines: list[str]) -> Iterator[Table]:
    filled = [n for n, line in enumerate(lines[: 4 * HEADER_WITHIN], 1) if line.strip()]
    for header_line in filled[:HEADER_WITHIN]:
        for separator in SEPARATORS:
            yield Table(lines, header_line=header_line, separator=separator)


def _cells(written: str, separator: str) -> list[str] | None:
    if written and '"' not in written:  # as nearly all: without a quote it is only cut
        return written.split(separator)
    try:
        rows = list(csv.reader([written], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else []
