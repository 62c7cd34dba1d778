# SPDX-License-Identifier: AGPL-3.0-or-later
"""The CSV files of a OneRoster archive as rows by header.

Headers of 1.1, 1.2 and of the variants in use are folded to one name each. Knows no rule.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final

from encrier.records import Record
from encrier_names.rosters.files.encodings import likeliest
from encrier_names.rosters.refusals import DamagedFile, TooLarge

FILES: Final = frozenset(
    f"{name}.csv" for name in ("users", "enrollments", "classes", "orgs", "roles", "demographics")
)
MAX_LINES: Final = 200_000  # of one file: each pupil of a large school in thirty courses
_FOLDED: Final = {
    "usersourcedid": "user",
    "classsourcedid": "class",
    "orgsourcedid": "org",
    "orgsourcedids": "org",
    "schoolsourcedid": "org",
    "grade": "grades",
}
_GONE: Final = {"tobedeleted", "inactive"}


class Line(Record, frozen=True):
    """One line of a file; `cells` by folded header."""

    number: int  # from 1, the header included
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def __repr__(self) -> str:
        return f"Line(‹hidden›, number={self.number})"


def lines_of(content: bytes | None, *, own_id: str = "sourcedid") -> Iterator[Line]:
    """Give the lines of a file that stand; none if the file is not there.

    own_id: the header under which the id of a line may stand as well, in a variant.
    """
    if content is None:
        return
    rows = csv.reader(io.StringIO(likeliest(content).removeprefix("\ufeff"), newline=""))
    try:
        header = [_folded(name) for name in next(rows, [])]
        for row in rows:
            if rows.line_num > MAX_LINES:
                raise TooLarge
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            cells.setdefault("sourcedid", cells.get(own_id, ""))
            if cells.get("status", "").lower() not in _GONE and any(cells.values()):
                yield Line(rows.line_num, cells)
    except csv.Error:
        raise DamagedFile(
            f"Un fichier de cette archive est abîmé à la ligne {rows.line_num}."
        ) from None


def _folded(name: str) -> str:
    plain = name.strip().lower()
    return _FOLDED.get(plain, plain)
