# SPDX-License-Identifier: AGPL-3.0-or-later
"""An Excel workbook (.xlsx) to rows of cells: the first sheet whose header we recognise.

Knows cells, never what they mean. Formulas give the value that was last computed. Rows are read
one at a time and no further than a list of pupils goes, whatever size a sheet says it has.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from encrier_names.rosters.files.archive import check_size
from encrier_names.rosters.refusals import DamagedFile, TooLarge
from encrier_names.rosters.tables.columns import Columns, columns_of
from encrier_names.rosters.tables.text import HEADER_WITHIN

_MAX_SHEETS: Final = 20
_MAX_LINES: Final = 12_000
_MAX_BLANK: Final = 500  # lines in a row, after which a sheet has ended
_MAX_COLUMNS: Final = 200
_MAX_CELL: Final = 2_000  # characters; no name, class or date is longer
_UNREADABLE: Final = (  # what openpyxl raises on hostile or cut workbooks
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, SyntaxError, KeyError,
    ValueError, TypeError, AttributeError, IndexError, EOFError, OSError, OverflowError,
    NotImplementedError, RecursionError, AssertionError,
)  # fmt: skip


class Sheet:
    """The rows of one sheet under a header that we recognised, or came nearest to recognising."""

    def __init__(self, lines: list[list[str]], header_line: int) -> None:
        self.columns: Columns = columns_of(lines[header_line - 1] if lines else [])
        self.header_line = header_line  # from 1
        self.is_sheet = True
        self._lines = lines

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give each row that is not blank: (line from 1, cells)."""
        for line, cells in enumerate(self._lines[self.header_line :], self.header_line + 1):
            if any(cell.strip() for cell in cells):
                yield line, cells


def open_sheet(content: bytes) -> Sheet:
    """Find the sheet and the header line in which most columns are ours; or `DamagedFile`."""
    check_size(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return _best(workbook)
    except _UNREADABLE:  # whose words may quote a cell: not kept
        raise DamagedFile("Ce classeur est coupé, abîmé ou protégé par un mot de passe.") from None


def _best(workbook: Workbook) -> Sheet:
    best = Sheet([], 1)
    for sheet in workbook.worksheets[:_MAX_SHEETS]:
        lines = list(_lines(sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True)))
        filled = [n for n, cells in enumerate(lines[: 4 * HEADER_WITHIN], 1) if any(cells)]
        for header_line in filled[:HEADER_WITHIN]:
            found = Sheet(lines, header_line)
            if found.columns.complete:
                return found
            if len(found.columns.places) > len(best.columns.places):
                best = found
    return best


def _lines(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    """Give the rows as text until none is filled any more, whatever was only coloured below."""
    blank = 0
    for count, row in enumerate(rows):
        cells = [_written(cell) for cell in row]
        blank = 0 if any(cells) else blank + 1
        if blank > _MAX_BLANK:
            return
        if count == _MAX_LINES:
            raise TooLarge
        yield cells


def _written(cell: object) -> str:
    """A cell as a person would type it: days as 31/12/2026, numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.year > 999 else ""  # noqa: PLR2004 strftime pads no year
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:_MAX_CELL]
