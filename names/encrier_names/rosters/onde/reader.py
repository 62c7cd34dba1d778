# SPDX-License-Identifier: AGPL-3.0-or-later
"""`CSVExtraction.csv` to a reading.

ONDE does not write the school's number in it, nor the year: `uai` and `school_year` are None.
Never keeps an address, an authorisation or any column it does not need.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from encrier.records import Record
from encrier_names.rosters.cells import clean
from encrier_names.rosters.defects import defect
from encrier_names.rosters.identifiers import Level, level_of_niveau
from encrier_names.rosters.judging import Row, judge
from encrier_names.rosters.onde.columns import Columns
from encrier_names.rosters.onde.table import Table, open_table
from encrier_names.rosters.reading import Defect, Pupil, Reading
from encrier_names.rosters.refusals import NotARoster, TooLarge
from encrier_names.rosters.whole_list import mixed_classes, outside, settle

MAX_ROWS: Final = 10_000
SOURCE: Final = "ONDE"


class _Found(Record, frozen=True):
    """What the rows gave, one at a time, before any is compared with another."""

    pupils: list[Pupil]
    elsewhere: list[tuple[Level | None, int]]
    classes: list[tuple[str, Level | None, int]]
    said: list[Defect]


def read_onde(content: bytes, levels: frozenset[Level]) -> Reading:
    """Read a CSV with a header, or refuse it (`NotARoster`, `TooLarge`)."""
    table = open_table(content)
    columns = table.columns
    if not columns.complete:
        raise _no_such_columns(columns)
    rows = list(_numbered(table))
    found = _one_by_one(rows, columns, levels=levels)
    pupils, repeats = settle(found.pupils, "onde")
    said = [
        *(defect("missing_column", column=column, source=SOURCE) for column in columns.missing),
        *([] if pupils else [defect("nobody")]),
        *outside(found.elsewhere, "onde"),
        *mixed_classes(found.classes, levels, source="onde"),
        *found.said,
        *repeats,
    ]
    return Reading(
        format="onde",
        uai=None,
        school_year=None,
        exported_on=None,
        pupils=pupils,
        defects=tuple(sorted(said, key=lambda one: one.line or 0)),
        columns_dropped=columns.dropped,
        n_rows=len(rows),
        n_outside=len(found.elsewhere),
    )


def _one_by_one(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Columns, *, levels: frozenset[Level]
) -> _Found:
    found = _Found([], [], [], [])
    for line, cells in rows:
        row = _row(line, cells, columns=columns)
        if isinstance(row, Defect):
            found.said.append(row)
            continue
        level = level_of_niveau(row["level"])
        found.classes.append((clean(row.get("division", "")), level, line))
        if level is None or level not in levels:
            found.elsewhere.append((level, line))
            continue
        pupil, said = judge(_fields(line, row, level=level), "onde")
        found.said.extend(said)
        found.pupils.extend([pupil] if pupil else [])
    return found


def _numbered(table: Table) -> Iterator[tuple[int, Sequence[str]]]:
    for count, row in enumerate(table.rows()):
        if count == MAX_ROWS:
            raise TooLarge
        yield row


def _row(line: int, cells: Sequence[str], *, columns: Columns) -> dict[str, str] | Defect:
    """Put cells under their columns; a few empty ones too many or too few are forgiven."""
    needed = max(columns.places[field] for field in ("last_name", "first_name", "level"))
    extra = any(cell.strip() for cell in cells[columns.width :])
    if extra or len(cells) <= needed:
        n, width = len(cells), columns.width
        return defect("cells", line=line, n=n, width=width, source=SOURCE)
    row = {
        field: cells[place] if place < len(cells) else "" for field, place in columns.places.items()
    }
    if not row["level"].strip():
        return defect("no_level", line=line, source=SOURCE)
    return row


def _fields(line: int, row: dict[str, str], *, level: Level) -> Row:
    return Row(
        line=line,
        level=level,
        last_name=row["last_name"],
        used_name=row.get("used_name", ""),
        first_name=row["first_name"],
        birth_date=row.get("birth_date"),
        sex=row.get("sex"),
        ines=(row["ine"],) if "ine" in row else None,
        division=row.get("division"),
    )


def _no_such_columns(columns: Columns) -> NotARoster:
    missing = [shown for shown in columns.missing if shown in _REQUIRED_SHOWN]
    if len(missing) == len(_REQUIRED_SHOWN):
        return NotARoster("Ce texte n’est pas une liste d’élèves exportée d’ONDE.")
    listed = ", ".join(f"« {shown} »" for shown in missing)
    return NotARoster(
        f"Il manque à ce fichier, sur sa première ligne, de quoi reconnaître : {listed}.",
        "Dans ONDE, refaites l’extraction en cochant ces colonnes.",
    )


_REQUIRED_SHOWN: Final = ("Nom élève", "Prénom élève", "Niveau")
