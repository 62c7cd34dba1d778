# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a roster file says (`Source`) and what comes of it (`Reading`).

A source holds the rows as written; a reading, the pupils kept and a sentence for each defect.
Both hold only what an assessment needs: addresses, telephone numbers, photograph permissions and
whatever else a file holds never leave the readers; their columns are named.
Knows no format and no file.
"""

from collections import Counter
from datetime import date
from typing import Literal

from encrier.records import Record
from encrier_names.rosters.identifiers import Ine, Level, Uai

Format = Literal["onde", "siecle", "oneroster", "table"]
Sex = Literal["F", "M"]
Severity = Literal["refused", "to_check", "dropped"]
Act = Literal["write", "out", "keep", "apart"]
Field = Literal[
    "last_name", "used_name", "first_name", "birth_date", "sex", "ine", "division", "level"
]


class Row(Record, frozen=True):
    """The fields of one pupil, as written; None where the file has no such column."""

    rank: int  # from 0, in the order of the file
    line: int
    level: Level | None  # None: not written
    last_name: str
    used_name: str
    first_name: str
    birth_date: str | None
    sex: str | None
    ines: tuple[str, ...] | None  # every number given, the best register first
    divisions: tuple[str, ...] | None  # every class given, the first counts
    groups: tuple[str, ...] = ()
    departure: Literal["left", "later"] | None = None
    departs_on: date | None = None

    def __repr__(self) -> str:
        return f"Row(‹hidden›, line={self.line})"


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
    rank: int = 0  # of its row

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
    rank: int | None = None  # of the row it is about
    other: int | None = None  # of the row that it is compared with


class Correction(Record, frozen=True):
    """What the head says of one row: one field written anew, or the row taken out or kept.

    out: not to be taken in. keep: to be taken in although the file says that the pupil left.
    apart: not the pupil of another row, whatever looks alike.
    """

    rank: int
    act: Act
    field: Field | None = None
    value: str = ""

    def __repr__(self) -> str:
        return f"Correction(‹hidden›, rank={self.rank}, act={self.act})"


class When(Record, frozen=True):
    """The day on which a file is read, and the school year it should be of; None: not compared."""

    today: date | None = None
    school_year: int | None = None  # the year it starts


class Source(Record, frozen=True):
    """A whole file as written: rows of the levels assessed, and what is known of the others."""

    format: Format
    uai: Uai | None
    school_year: int | None  # the year it starts: 2025 for 2025-2026
    exported_on: date | None
    levels: tuple[Level, ...]  # those that the campaign assesses
    rows: tuple[Row, ...]
    elsewhere: tuple[tuple[Level | None, int], ...]  # (level, line) of pupils not assessed
    classes: tuple[tuple[str, Level | None, int], ...]  # (class, level, line) of all pupils
    said: tuple[Defect, ...]  # of the file as a whole, and of lines that are no row
    columns_dropped: tuple[str, ...]
    n_rows: int  # lines that speak of a pupil
    when: When = When()

    def __repr__(self) -> str:
        return f"Source({self.format}, {len(self.rows)} rows)"


class Reading(Record, frozen=True):
    """A whole file, read. Every row is kept, or outside, or explained at its line."""

    source: Source
    pupils: tuple[Pupil, ...]
    defects: tuple[Defect, ...]

    def __repr__(self) -> str:
        n = len(self.defects)
        return f"Reading({self.source.format}, {len(self.pupils)} pupils, {n} defects)"

    @property
    def n_rows(self) -> int:
        return self.source.n_rows

    @property
    def n_outside(self) -> int:
        return len(self.source.elsewhere)


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
    source = reading.source
    return Summary(
        format=source.format,
        uai=source.uai,
        school_year=source.school_year,
        exported_on=source.exported_on,
        n_rows=reading.n_rows,
        n_pupils=len(reading.pupils),
        n_outside=reading.n_outside,
        n_divisions=len({pupil.division for pupil in reading.pupils if pupil.division}),
        n_by_level={level.value: levels[level.value] for level in Level if levels[level.value]},
        n_by_severity=dict(sorted(severities.items())),
        defects=reading.defects,
        columns_dropped=source.columns_dropped,
    )
