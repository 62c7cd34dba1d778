# SPDX-License-Identifier: AGPL-3.0-or-later
"""One row, already cut into fields: a pupil, and what to say of it.

The same rules for every format. Knows one row at a time and no file.
"""

from collections.abc import Iterator
from datetime import date

from encrier_names.rosters import cells
from encrier_names.rosters.defects import SOURCES, defect
from encrier_names.rosters.identifiers import BadIne, Ine, parse_ine
from encrier_names.rosters.reading import Defect, Format, Pupil, Row


def judge(
    row: Row, source: Format, *, today: date | None = None
) -> tuple[Pupil | None, list[Defect]]:
    """Make a pupil of a row, or say why not; what is wrong but bearable is said and left out."""
    names = (cells.clean(row.last_name), cells.clean(row.used_name), cells.clean(row.first_name))
    fatal = "left" if row.departure == "left" else _fatal(row, names)
    pupil = None if fatal else _pupil(row, names, today)
    kinds = [fatal] if fatal else _bearable(row, pupil) if pupil else []
    said = [
        defect(
            kind,
            line=row.line,
            rank=row.rank,
            source=SOURCES[source],
            date=f"{row.departs_on:%d/%m/%Y}" if row.departs_on else "",
        )
        for kind in kinds
    ]
    return pupil, said


def _pupil(row: Row, names: tuple[str, str, str], today: date | None) -> Pupil | None:
    if row.level is None:
        return None
    last, used, first = names
    division = cells.clean(next(iter(row.divisions or ()), ""))
    return Pupil(
        last_name=last,
        used_name=used if used and used != last else None,
        first_name=first,
        birth_date=cells.a_birth_date((row.birth_date or "").strip(), today),
        sex=cells.a_sex((row.sex or "").strip()),
        ine=_ine(row.ines),
        level=row.level,
        division=division if cells.is_label(division) else "",
        groups=tuple(dict.fromkeys(filter(cells.is_label, map(cells.clean, row.groups)))),
        source_line=row.line,
        rank=row.rank,
    )


def _fatal(row: Row, names: tuple[str, str, str]) -> str | None:
    last, _, first = names
    if row.level is None:
        return "no_level"
    if not last or not first:
        return "no_name"
    if max(map(len, names)) > cells.MAX_NAME:
        return "name_too_long"
    if any(map(cells.is_formula, names)):
        return "formula"
    return None


def _bearable(row: Row, pupil: Pupil) -> Iterator[str]:
    full_name = f"{pupil.last_name} {pupil.used_name or ''} {pupil.first_name}"
    if row.departure == "later":
        yield "leaves_later"
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
    if row.divisions is not None and not pupil.division:
        yield "bad_class" if any(map(cells.clean, row.divisions)) else "no_class"
    if len(row.divisions or ()) > 1:
        yield "two_classes"


def _ine(written: tuple[str, ...] | None) -> Ine | None:
    for one in written or ():
        try:
            return parse_ine(one)
        except BadIne:
            continue  # another register may have a better one
    return None
