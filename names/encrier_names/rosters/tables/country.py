# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of many schools, as a national register gives it every night, school after school.

The lines of a school follow each other, so that one school is read at a time whatever the size of
the file. Knows lines; the rules are those of a table.
"""

from collections.abc import Iterator
from itertools import groupby

from encrier.records import Record
from encrier_names.rosters.identifiers import BadUai, Level, Uai, parse_uai
from encrier_names.rosters.reading import Source
from encrier_names.rosters.refusals import DamagedFile, NotARoster
from encrier_names.rosters.tables.columns import Columns
from encrier_names.rosters.tables.reader import read_table
from encrier_names.rosters.tables.text import Table


class OneSchool(Record, frozen=True):
    """The lines of one school; `source` is None where its number is none."""

    written: str
    uai: Uai | None
    source: Source | None


class _Lines:
    """The lines of one school as a table of its own."""

    is_sheet = False

    def __init__(self, columns: Columns, lines: list[tuple[int, list[str]]]) -> None:
        self.columns = columns
        self._lines = lines

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give them as they came."""
        return iter(self._lines)


def schools_of(table: Table, levels: frozenset[Level]) -> Iterator[OneSchool]:
    """Give the schools of a table with a column UAI, in its order.

    Raises NotARoster without that column, DamagedFile when a school comes back after another.
    """
    place = table.columns.places.get("uai")
    if place is None or not table.columns.complete:
        raise NotARoster("Ce fichier n’a pas de colonne «\u00a0UAI\u00a0».")
    _check_order(table, place)  # before the first is given: nothing is taken of a file in disorder
    for written, group in groupby(table.rows(), key=lambda row: _cell(row[1], place)):
        try:
            uai = parse_uai(written)
        except BadUai:
            yield OneSchool(written, None, None)
            continue
        source = read_table(_Lines(table.columns, list(group)), levels, expected_uai=uai)
        yield OneSchool(written, uai, source)


def _check_order(table: Table, place: int) -> None:
    seen: set[str] = set()
    for written, _ in groupby(_cell(cells, place) for _, cells in table.rows()):
        if written in seen:
            raise DamagedFile(
                f"L’établissement {written} revient après un autre.",
                "Triez ce fichier par UAI, puis déposez-le de nouveau.",
            )
        seen.add(written)


def _cell(cells: list[str], place: int) -> str:
    return "".join(cells[place].split()).upper()[:20] if place < len(cells) else ""
