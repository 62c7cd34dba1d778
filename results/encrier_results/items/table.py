# SPDX-License-Identifier: AGPL-3.0-or-later
"""A table of texts beside the responses: same rows, same items, a word in each cell.

Codes, options and times come so. What came as a file is hostile: a refusal says the line, never
what stands there. Knows no pupil: columns that are no item are not kept.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from encrier.errors import EncrierError

_LONGEST: Final = 300  # characters: names of choices, several; never a text of a pupil

Cells = dict[str, npt.NDArray[np.str_]]  # item -> what stands there, by row (n_pupils,)


class BadTable(EncrierError):
    what = "This file does not go with the responses."
    next_step = "It has the same rows in the same order, and the same names of items."


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first line of a table and the others, commas or semicolons, with a BOM or without.

    Raises OSError, UnicodeDecodeError, csv.Error.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        delimiter = ";" if first.count(";") > first.count(",") else ","
        header = next(csv.reader([first], delimiter=delimiter, strict=True), [])
        return header, list(csv.reader(file, delimiter=delimiter, strict=True))


def read_table(path: Path, items: Sequence[str], *, n_pupils: int) -> Cells:
    """Read the columns of these items; raises BadTable. An item may be absent from the file."""
    try:
        header, found = rows_of(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTable("This file cannot be read as a table in UTF-8.") from error
    if len(set(header)) < len(header):
        raise BadTable("Two columns have the same name.")
    _refuse_wrong(found, n_columns=len(header), n_pupils=n_pupils)
    places = {item: header.index(item) for item in items if item in header}
    return {
        item: np.array([row[place].strip() for row in found], dtype=np.str_)
        for item, place in places.items()
    }


def _refuse_wrong(rows: list[list[str]], *, n_columns: int, n_pupils: int) -> None:
    for line, row in enumerate(rows, 2):
        if len(row) != n_columns:
            raise BadTable(f"Line {line} has {len(row)} cells, the first line {n_columns}.")
        if max(map(len, row), default=0) > _LONGEST:
            raise BadTable(f"Line {line} has a cell of more than {_LONGEST} characters.")
    if len(rows) != n_pupils:
        raise BadTable(f"This file has {len(rows)} rows, the responses {n_pupils}.")
