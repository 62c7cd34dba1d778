# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes out of a roster file: the pupils kept, and a sentence for each defect.

A reading holds only what an assessment needs. Addresses, telephone numbers, photograph
permissions and whatever else a file holds never leave the readers; their columns are named.
Knows no format and no file.
"""

from collections import Counter
from datetime import date
from typing import Literal

from encrier.records import Record
from encrier_names.rosters.identifiers import Ine, Level, Uai

Format = Literal["onde", "siecle"]
Sex = Literal["F", "M"]
Severity = Literal["refused", "to_check", "dropped"]


class Pupil(Record, frozen=True):
    """One pupil of a class list; `division` is empty where the file gives none."""

    last_name: str
    used_name: str | None
    first_name: str
    birth_date: date | None
    sex: Sex | None
    ine: Ine | None
    level: Level
    division: str
    groups: tuple[str, ...]
    source_line: int

    def __repr__(self) -> str:  # a traceback or a log line must not carry a name
        return f"Pupil(‹hidden›, source_line={self.source_line})"


class Defect(Record, frozen=True):
    """One thing to know about a file, in French, without any name.

    `refused`: the pupil is not kept, correct the source. `to_check`: kept, have a look.
    `dropped`: left out on purpose, nothing to do. `kind` is stable, for programs.
    """

    line: int | None
    severity: Severity
    sentence: str
    advice: str
    kind: str


class Reading(Record, frozen=True):
    """A whole file, read. Every row is kept, or outside, or explained at its line."""

    format: Format
    uai: Uai | None
    school_year: int | None  # the year it starts: 2025 for 2025-2026
    exported_on: date | None
    pupils: tuple[Pupil, ...]
    defects: tuple[Defect, ...]
    columns_dropped: tuple[str, ...]
    n_rows: int  # rows that speak of a pupil
    n_outside: int  # of which: of a level that the campaign does not assess

    def __repr__(self) -> str:
        return f"Reading({self.format}, {len(self.pupils)} pupils, {len(self.defects)} defects)"


class Summary(Record, frozen=True):
    """A reading without any name or class label: what a check may print or keep."""

    format: Format
    uai: Uai | None
    school_year: int | None
    exported_on: date | None
    n_rows: int
    n_pupils: int
    n_outside: int
    n_divisions: int
    n_by_level: dict[str, int]
    n_by_severity: dict[str, int]
    defects: tuple[Defect, ...]
    columns_dropped: tuple[str, ...]


def summarise(reading: Reading) -> Summary:
    """Say what a file holds without naming anyone; `encrier.records.to_bytes` makes it JSON."""
    levels = Counter(pupil.level.value for pupil in reading.pupils)
    severities = Counter(defect.severity for defect in reading.defects)
    return Summary(
        format=reading.format,
        uai=reading.uai,
        school_year=reading.school_year,
        exported_on=reading.exported_on,
        n_rows=reading.n_rows,
        n_pupils=len(reading.pupils),
        n_outside=reading.n_outside,
        n_divisions=len({pupil.division for pupil in reading.pupils if pupil.division}),
        n_by_level={level.value: levels[level.value] for level in Level if levels[level.value]},
        n_by_severity=dict(sorted(severities.items())),
        defects=reading.defects,
        columns_dropped=reading.columns_dropped,
    )
