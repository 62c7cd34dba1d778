# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a file is of this school year, and of these days: last year's looks just as good.

SIECLE writes the year and the day of the export; ONDE writes neither, and only ages tell. Pure: the
day is given.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from encrier_names.rosters.defects import SOURCES, defect
from encrier_names.rosters.identifiers import Level
from encrier_names.rosters.reading import Defect, Format, Pupil, Row, Source, When
from encrier_names.rosters.refusals import OtherYear

STALE_DAYS: Final = 30
_TURNS: Final = (8, 1)  # month and day on which registers turn to the next year
_AGES: Final = dict(zip(Level, range(6, 12), strict=True))  # in the calendar year of the autumn
_ENOUGH: Final = 10  # pupils, below whom ages say nothing
_NEARLY_ALL: Final = 0.7


def in_time(source: Source, when: When) -> Source:
    """Say for when a source is read: refuse another year's, mark who has left by now."""
    year = source.school_year if source.school_year is not None else _year_of(source.exported_on)
    if None not in {year, when.school_year} and year != when.school_year:
        raise OtherYear(
            f"Ce fichier est celui de l’année scolaire {_shown(year)}, et l’évaluation est celle "
            f"de l’année {_shown(when.school_year)}."
        )
    said = (*source.said, *_stale(source.exported_on, when))
    rows = tuple(_gone(row, when.today) for row in source.rows)
    return msgspec.structs.replace(source, rows=rows, said=said, when=when)


def one_year_too_old(pupils: Sequence[Pupil], when: When, source: Format) -> list[Defect]:
    """Warn that nearly all pupils are of the age of the level above, as in last year's file."""
    year = when.school_year
    dated = [p for p in pupils if p.birth_date]
    if year is None or len(dated) < _ENOUGH:
        return []
    n_old = sum(year - p.birth_date.year == _AGES[p.level] + 1 for p in dated if p.birth_date)
    return [defect("last_year", source=SOURCES[source])] if n_old > _NEARLY_ALL * len(dated) else []


def _stale(exported_on: date | None, when: When) -> list[Defect]:
    if exported_on is None or when.today is None or when.school_year is None:
        return []
    days = (when.today - exported_on).days
    stale = days > STALE_DAYS
    return [defect("old_export", date=f"{exported_on:%d/%m/%Y}", days=days)] if stale else []


def _gone(row: Row, today: date | None) -> Row:
    is_past = today is not None and row.departs_on is not None and row.departs_on <= today
    return msgspec.structs.replace(row, departure="left") if is_past else row


def _year_of(day: date | None) -> int | None:
    if day is None:
        return None
    return day.year if (day.month, day.day) >= _TURNS else day.year - 1


def _shown(year: int | None) -> str:
    return "" if year is None else f"{year}-{year + 1}"
