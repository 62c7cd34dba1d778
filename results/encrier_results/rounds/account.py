# SPDX-License-Identifier: AGPL-3.0-or-later
"""The account of a round: every sitting of the register and every envelope, each in one figure.

Pure. Knows sittings and opaque school numbers; never a name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from encrier.errors import EncrierError
from encrier.ids import SittingId
from encrier.records import Record
from encrier_results.reconcile import Completeness
from encrier_results.rounds.kept import Line
from encrier_results.rounds.roll import Enrolled


class Unreconciled(EncrierError):
    what = "The figures of this opening do not add up; nothing of it was handed to names."
    next_step = "Keep the folder of results as it is and report this: it is a fault of encrier."


class Report(Record, frozen=True):
    """The account of a campaign, and of each of its schools."""

    total: Completeness
    schools: dict[int, Completeness]  # by the opaque number that the register has


class HasRows(Protocol):
    """Tells which rows are complete."""

    def n_complete(self, orders: Sequence[str]) -> int:
        """How many of these order numbers have a complete row."""


def total(
    lines: Mapping[SittingId, Line],
    roll: Mapping[SittingId, Enrolled],
    unreadable: Mapping[str, int],
    *,
    posted: HasRows | None = None,
) -> Completeness:
    """Account for all: pupils of the register, and envelopes whoever they say they are from.

    lines: of every sitting that has an envelope. unreadable: envelopes that say no sitting.
    """
    rejected = Counter(unreadable)
    for line in lines.values():
        rejected.update(dict(line.rejected))
    expected = [row for row in roll.values() if not row.set_aside]
    set_aside = sum(
        row.set_aside and sid in lines and lines[sid].n_devices > 0 for sid, row in roll.items()
    )
    return _account(expected, lines, rejected, set_aside=set_aside, posted=posted)


def by_school(
    lines: Mapping[SittingId, Line], roll: Mapping[SittingId, Enrolled], *, posted: HasRows
) -> dict[int, Completeness]:
    """Account for the pupils of each school.

    What belongs to no pupil of a school (envelopes of unknown sittings or of numbers that were
    taken back, and such as say no sitting) is in the total only.
    """
    schools: dict[int, list[Enrolled]] = {}
    for row in roll.values():
        if not row.set_aside:
            schools.setdefault(row.school, []).append(row)
    return {
        school: _account(rows, lines, _rejected(rows, lines), set_aside=0, posted=posted)
        for school, rows in sorted(schools.items())
    }


def _rejected(rows: Iterable[Enrolled], lines: Mapping[SittingId, Line]) -> Counter[str]:
    rejected: Counter[str] = Counter()
    for row in rows:
        line = lines.get(SittingId(row.sid))
        rejected.update(dict(line.rejected) if line else {})
    return rejected


def _account(
    expected: Sequence[Enrolled],
    lines: Mapping[SittingId, Line],
    rejected: Counter[str],
    *,
    set_aside: int,
    posted: HasRows | None,
) -> Completeness:
    found = [lines.get(SittingId(row.sid)) for row in expected]
    opened = [line for line in found if line is not None and line.n_devices]
    finished = sum(line.finished for line in opened)
    return Completeness(
        expected=len(expected),
        received=len(opened),
        missing=len(expected) - len(opened),
        finished=finished,
        unfinished=len(opened) - finished,
        several_devices=sum(line.n_devices > 1 for line in opened),
        opened=sum(line.n_devices for line in opened),
        rejected=dict(rejected),
        set_aside=set_aside,
        complete=None if posted is None else posted.n_complete([row.order for row in expected]),
    )
