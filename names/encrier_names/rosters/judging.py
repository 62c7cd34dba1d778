# SPDX-License-Identifier: AGPL-3.0-or-later
"""One row, already cut into fields: a pupil, and what to say of it.

The same rules for every format. Knows one row at a time and no file.
"""

from collections.abc import Iterator

from encrier.records import Record
from encrier_names.rosters import cells
from encrier_names.rosters.defects import defect
from encrier_names.rosters.identifiers import BadIne, Ine, Level, parse_ine
from encrier_names.rosters.reading import Defect, Format, Pupil


class Row(Record, frozen=True):
    """The fields of one pupil, as written; None where the file has no such column."""

    line: int
    level: Level
    last_name: str
    used_name: str
    first_name: str
    birth_date: str | None
    sex: str | None
    ines: tuple[str, ...] | None  # every number given, the best register first
    division: str | None
    groups: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Row(‹hidden›, line={self.line})"


def judge(row: Row, source: Format) -> tuple[Pupil | None, list[Defect]]:
    """Make a pupil of a row, or say why not; what is wrong but bearable is said and left out."""
    last, used, first = map(cells.clean, (row.last_name, row.used_name, row.first_name))
    fatal = _fatal((last, used, first))
    if fatal:
        return None, [defect(fatal, line=row.line, source=source.upper())]
    ine = _ine(row.ines)
    division = cells.clean(row.division or "")
    pupil = Pupil(
        last_name=last,
        used_name=used if used and used != last else None,
        first_name=first,
        birth_date=cells.a_birth_date((row.birth_date or "").strip()),
        sex=cells.a_sex((row.sex or "").strip()),
        ine=ine,
        level=row.level,
        division=division if cells.is_label(division) else "",
        groups=tuple(dict.fromkeys(filter(cells.is_label, map(cells.clean, row.groups)))),
        source_line=row.line,
    )
    kinds = _bearable(row, pupil)
    return pupil, [defect(kind, line=row.line, source=source.upper()) for kind in kinds]


def _fatal(names: tuple[str, str, str]) -> str | None:
    last, _, first = names
    if not last or not first:
        return "no_name"
    if max(map(len, names)) > cells.MAX_NAME:
        return "name_too_long"
    if any(map(cells.is_formula, names)):
        return "formula"
    return None


def _bearable(row: Row, pupil: Pupil) -> Iterator[str]:
    full_name = f"{pupil.last_name} {pupil.used_name or ''} {pupil.first_name}"
    if cells.is_damaged(full_name):
        yield "letters_lost"
    elif cells.is_odd(full_name):
        yield "odd_name"
    if row.birth_date is not None and pupil.birth_date is None:
        yield "impossible_date" if row.birth_date.strip() else "no_birth_date"
    if row.sex is not None and pupil.sex is None:
        yield "no_sex"
    if row.ines is not None and pupil.ine is None:
        yield "bad_ine" if any(written.strip() for written in row.ines) else "no_ine"
    if row.division is not None and not pupil.division:
        yield "bad_class" if cells.clean(row.division) else "no_class"


def _ine(written: tuple[str, ...] | None) -> Ine | None:
    for one in written or ():
        try:
            return parse_ine(one)
        except BadIne:
            continue  # another register may have a better one
    return None
