# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries out the plan of an import in one transaction.

Row ids of pupils are random, so that the rank of a pupil in the file leaves no trace in them.
"""

from collections.abc import Iterable

from django.db import transaction

from encrier.records import Record
from encrier_names.imports.plan import DivisionPlan, identity_of, plan
from encrier_names.rosters.reading import Reading
from encrier_names.schools.lists import recognised
from encrier_names.schools.models import Division, Pupil, School
from encrier_names.sittings import board


class TakenIn(Record, frozen=True):
    """What an import did."""

    divisions: int
    divisions_frozen: int
    added: int
    kept: int
    removed: int
    elsewhere: int  # already in a validated class: left there
    without_division: int


def known_divisions(school: School) -> dict[str, bool]:
    """The labels of a school's classes, and whether each is validated."""
    rows = Division.objects.filter(school=school).values_list("label", "validated_at")
    return {label: validated_at is not None for label, validated_at in rows}


def take_in(reading: Reading, school: School) -> TakenIn:
    """Make the classes of a school what the file says; validated classes stay as they are.

    A pupil who changed class is moved with her row, so that a code she has follows her; one whom
    the file puts in a validated class stays where she is, so that she is not lost.
    """
    with transaction.atomic():
        decided = plan(reading, validated=known_divisions(school))
        pupils = Pupil.objects.filter(division__school=school).select_related("division")
        known = {pupil: pupil.identity for pupil in pupils}
        found = recognised([identity_of(read) for read in reading.pupils], known)
        taker = _Taker(reading, school, found)
        open_divisions = [d for d in decided.divisions if not d.frozen]
        for division in open_divisions:
            taker.fill(division)
        removed = _remove(known.keys() - set(found.values()), {d.label for d in open_divisions})
    return TakenIn(
        divisions=len(decided.divisions),
        divisions_frozen=len(decided.divisions) - len(open_divisions),
        added=taker.added,
        kept=taker.kept,
        removed=removed,
        elsewhere=taker.elsewhere,
        without_division=decided.n_without_division,
    )


class _Taker:
    """Puts the pupils of a file in their classes; `known`: those we know, by rank in the file."""

    def __init__(self, reading: Reading, school: School, known: dict[int, Pupil]) -> None:
        self._reading = reading
        self._school = school
        self._known = known
        self.added = self.kept = self.elsewhere = 0

    def fill(self, planned: DivisionPlan) -> None:
        """Put the pupils of one class where the file says."""
        division, _created = Division.objects.get_or_create(
            school=self._school, label=planned.label
        )
        for rank in planned.pupils:
            read = self._reading.pupils[rank]
            pupil = self._known.get(rank)
            if pupil is not None and pupil.division.validated_at is not None:
                self.elsewhere += 1
                continue
            self.added += pupil is None
            self.kept += pupil is not None
            pupil = pupil or Pupil()
            pupil.division, pupil.level = division, read.level.value
            pupil.identity = identity_of(read)
            pupil.save()


def _remove(left: Iterable[Pupil], labels: set[str]) -> int:
    """Remove who is in these classes no more, but for pupils whose code may be on paper."""
    gone = [p.id for p in left if p.division.label in labels and p.division.validated_at is None]
    removed = set(gone) - board.numbered(gone)
    Pupil.objects.filter(id__in=removed).delete()
    return len(removed)
