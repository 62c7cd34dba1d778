# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows under a header to a source: `CSVExtraction.csv`, our template, any sheet.

ONDE does not write the school's number in it, nor the year: `uai` and `school_year` are None. A
table with a column UAI holds the pupils of the expected school and, beside them, those of others.
Never keeps an address, an authorisation or any column it does not need.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from encrier_names.rosters.cells import clean
from encrier_names.rosters.defects import SOURCES, defect
from encrier_names.rosters.identifiers import BadUai, Level, Uai, level_of_niveau, parse_uai, plain
from encrier_names.rosters.reading import Defect, Format, Row, Source
from encrier_names.rosters.refusals import NotARoster, OtherSchool, TooLarge
from encrier_names.rosters.tables.columns import Columns, columns_of
from encrier_names.rosters.whole_list import where

MAX_ROWS: Final = 10_000
_TOTAL: Final = re.compile(r"(sous )?(total|effectif)( |$)|nombre d eleves")
_ODD_WORDS: Final = ("total", "effectif", "nombre", "niveau")  # one of them is in any such line


class Table(Protocol):
    """A header that was recognised, or nearly, and the rows under it."""

    columns: Columns
    is_sheet: bool  # of a workbook

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give each row that is not blank: (line from 1, cells)."""
        ...


def read_table(table: Table, levels: frozenset[Level], *, expected_uai: Uai | None) -> Source:
    """Read a table, or refuse it (`NotARoster`, `OtherSchool`, `TooLarge`)."""
    columns = table.columns
    is_onde = columns.of_onde and not table.is_sheet and "uai" not in columns.places
    source: Format = "onde" if is_onde else "table"
    if not columns.complete:
        raise _no_such_columns(columns)
    found = _Found(columns, levels, source=source, expected_uai=expected_uai)
    for count, (line, cells) in enumerate(table.rows()):
        if count == MAX_ROWS:
            raise TooLarge
        found.take(line, cells)
    missing = (
        defect("missing_column", column=column, source=SOURCES[source])
        for column in columns.missing
    )
    return Source(
        format=source,
        uai=found.school(),
        school_year=None,
        exported_on=None,
        levels=tuple(sorted(levels)),
        rows=tuple(found.rows),
        elsewhere=tuple(found.elsewhere),
        classes=tuple(found.classes),
        said=(*missing, *found.said, *found.strangers(), *found.swapped()),
        columns_dropped=columns.dropped,
        n_rows=found.n_rows,
    )


class _Found:
    """What the lines gave, one at a time, before any is compared with another."""

    def __init__(
        self,
        columns: Columns,
        levels: frozenset[Level],
        *,
        source: Format,
        expected_uai: Uai | None,
    ) -> None:
        self._columns = columns
        self._levels = levels
        self._source = source
        self._expected = expected_uai
        self._strange: list[int] = []  # lines of other schools
        self._misspelt: list[int] = []  # lines of this school, whose letter is wrong
        self.rows: list[Row] = []
        self.elsewhere: list[tuple[Level | None, int]] = []
        self.classes: list[tuple[str, Level | None, int]] = []
        self.said: list[Defect] = []

    @property
    def n_rows(self) -> int:
        """Lines that speak of a pupil of this school."""
        lines = (one for one in self.said if one.kind == "cells")
        return len(self.rows) + len(self.elsewhere) + sum(1 for _ in lines)

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take one line in: a row, a pupil of another level, another school, or a defect."""
        odd = _odd(cells)
        if odd:
            self.said.append(defect(odd, line=line))
            return
        row = _under_headers(line, cells, columns=self._columns, source=self._source)
        if isinstance(row, Defect):
            self.said.append(row)
            return
        if self._of_another_school(row.get("uai", ""), line):
            return
        level = level_of_niveau(row["level"])
        if row["level"].strip():
            self.classes.append((clean(row.get("division", "")), level, line))
            if level is None or level not in self._levels:
                self.elsewhere.append((level, line))
                return
        self.rows.append(_row(line, row, rank=len(self.rows), level=level))

    def _of_another_school(self, written: str, line: int) -> bool:
        if self._expected is None or not written.strip():
            return False
        try:
            other = parse_uai(written) != self._expected
        except BadUai:
            other = "".join(written.split())[:7] != self._expected[:7]
            if not other:
                self._misspelt.append(line)
        if other:
            self._strange.append(line)
        return other

    def school(self) -> Uai | None:
        """The school that the file names: the expected one, or it is refused."""
        if "uai" not in self._columns.places or self._expected is None:
            return None
        if self._strange and not self.rows and not self.elsewhere:
            raise OtherSchool
        return self._expected

    def strangers(self) -> list[Defect]:
        """Say in one sentence each how many pupils are of other schools, or have a wrong letter."""
        return [
            *_counted("another_school", self._strange, self._source),
            *_counted("bad_uai", self._misspelt, self._source),
        ]

    def swapped(self) -> list[Defect]:
        """Say that classes stand under levels and levels under classes, where every line does."""
        found = [level is None and level_of_niveau(label) for label, level, _ in self.classes]
        return [defect("swapped")] if found and all(found) else []


def _odd(cells: Sequence[str]) -> str | None:
    """What a line is that speaks of no pupil; a cheap look comes before the dear ones."""
    line = ";".join(cells)
    folded = line.lower() if line.isascii() else plain(line)
    if not any(word in folded for word in _ODD_WORDS):
        return None
    return "total" if _is_total(cells) else "header_again" if _is_header(cells) else None


def _is_total(cells: Sequence[str]) -> bool:
    """Whether a line counts pupils: « Total », « Total : 28 élèves », and numbers at most."""
    first, *others = [text for cell in cells if (text := clean(cell))] or [""]
    return bool(_TOTAL.match(plain(first))) and not any(any(map(str.isalpha, o)) for o in others)


def _is_header(cells: Sequence[str]) -> bool:
    return columns_of(cells).complete


def _counted(kind: str, lines: Sequence[int], source: Format) -> list[Defect]:
    if not lines:
        return []
    several = len(lines) > 1
    return [
        defect(
            kind,
            line=None if several else lines[0],
            who=f"{len(lines)} élèves" if several else "Un élève",
            be="sont" if several else "est",
            have="ont" if several else "a",
            where=where(lines),
            source=SOURCES[source],
        )
    ]


def _under_headers(
    line: int, cells: Sequence[str], *, columns: Columns, source: Format
) -> dict[str, str] | Defect:
    """Put cells under their columns; a few empty ones too many or too few are forgiven."""
    needed = max(columns.places[field] for field in ("last_name", "first_name", "level"))
    extra = any(cell.strip() for cell in cells[columns.width :])
    if extra or len(cells) <= needed:
        n = "une case" if len(cells) == 1 else f"{len(cells)} cases"
        width = columns.width
        return defect("cells", line=line, n=n, width=width, source=SOURCES[source])
    return {
        field: cells[place] if place < len(cells) else "" for field, place in columns.places.items()
    }


def _row(line: int, row: dict[str, str], *, rank: int, level: Level | None) -> Row:
    return Row(
        rank=rank,
        line=line,
        level=level,
        last_name=row["last_name"],
        used_name=row.get("used_name", ""),
        first_name=row["first_name"],
        birth_date=row.get("birth_date"),
        sex=row.get("sex"),
        ines=(row["ine"],) if "ine" in row else None,
        divisions=(row["division"],) if "division" in row else None,
    )


def _no_such_columns(columns: Columns) -> NotARoster:
    missing = [shown for shown in columns.missing if shown in _REQUIRED_SHOWN]
    if len(missing) == len(_REQUIRED_SHOWN):
        return NotARoster("Ce fichier n’est pas une liste d’élèves avec une ligne de titres.")
    listed = ", ".join(f"«\u00a0{shown}\u00a0»" for shown in missing)
    return NotARoster(
        f"Il manque à ce fichier, sur sa première ligne, de quoi reconnaître : {listed}.",
        "Dans ONDE, refaites l’extraction en cochant ces colonnes ; dans un tableau, ajoutez-les.",
    )


_REQUIRED_SHOWN: Final = ("Nom élève", "Prénom élève", "Niveau")
