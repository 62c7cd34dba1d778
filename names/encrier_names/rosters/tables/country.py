# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of many schools, as a national register gives it every night, school after school.

The lines of a school follow each other, so that one school is read at a time whatever the size of
the file, and several processes may each read theirs. Knows lines; the rules are those of a table.
"""

from collections.abc import Iterator
from itertools import groupby

from encrier.records import Record
from encrier_names.rosters.identifiers import BadUai, Level, Uai, parse_uai
from encrier_names.rosters.reading import Source
from encrier_names.rosters.refusals import DamagedFile, NotARoster
from encrier_names.rosters.tables.reader import read_table
from encrier_names.rosters.tables.text import Table


class Span(Record, frozen=True):
    """Where the lines of one school are, from 1, both included; `written`: its number."""

    written: str
    first: int
    last: int


class OneSchool(Record, frozen=True):
    """The lines of one school; `source` is None where its number is none."""

    written: str
    uai: Uai | None
    source: Source | None


class _Lines:
    """The lines of one school as a table of its own."""

    is_sheet = False

    def __init__(self, table: Table, span: Span) -> None:
        self.columns = table.columns
        self._table, self._span = table, span

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give them as they came."""
        return self._table.rows_of(self._span.first, self._span.last)


def schools_of(table: Table, levels: frozenset[Level]) -> Iterator[OneSchool]:
    """Give the schools of a table with a column UAI, in its order.

    Raises NotARoster without that column, DamagedFile when a school comes back after another.
    """
    for span in spans_of(table):
        yield school_at(table, span, levels)


def spans_of(table: Table) -> list[Span]:
    """Where each school is; nothing is taken of a file in which one comes back (`DamagedFile`)."""
    place = table.columns.places.get("uai")
    if place is None or not table.columns.complete:
        raise NotARoster("Ce fichier n’a pas de colonne «\u00a0UAI\u00a0».")
    spans: dict[str, Span] = {}
    for written, rows in groupby(table.rows(), key=lambda row: _cell(row[1], place)):
        if written in spans:
            raise DamagedFile(
                f"L’établissement {written} revient après un autre.",
                "Triez ce fichier par UAI, puis déposez-le de nouveau.",
            )
        lines = [line for line, _cells in rows]
        spans[written] = Span(written, lines[0], lines[-1])
    return list(spans.values())


def school_at(table: Table, span: Span, levels: frozenset[Level]) -> OneSchool:
    """Read one school of a table; raises what reading a table raises."""
    try:
        uai = parse_uai(span.written)
    except BadUai:
        return OneSchool(span.written, None, None)
    source = read_table(_Lines(table, span), levels, expected_uai=uai)
    return OneSchool(span.written, uai, source)


def _cell(cells: list[str], place: int) -> str:
    return "".join(cells[place].split()).upper()[:20] if place < len(cells) else ""
