# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries out the plan of an import in one transaction.

Row ids of pupils are random, so that the rank of a pupil in the file leaves no trace in them.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from encrier.records import Record
from encrier_names.imports.difference import Known, matched
from encrier_names.imports.plan import DivisionPlan, identity_of, plan
from encrier_names.rosters.reading import Reading
from encrier_names.schools.lists import hold
from encrier_names.schools.models import Division, Identity, Pupil, School
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
    made: tuple[UUID, ...] = ()  # classes that were not there


def known_divisions(school: School) -> dict[str, bool]:
    """The labels of a school's classes, and whether each is validated."""
    rows = Division.objects.filter(school=school).values_list("label", "validated_at")
    return {label: validated_at is not None for label, validated_at in rows}


def known_pupils(school: School) -> dict[UUID, Known]:
    """The pupils of a school as they are before an import."""
    pupils = Pupil.objects.filter(division__school=school).select_related("division")
    return {
        p.id: Known(p.identity, p.division.label, p.division.validated_at is not None)
        for p in pupils
    }


def take_in(reading: Reading, school: School, *, same: Mapping[int, UUID] | None = None) -> TakenIn:
    """Make the classes of a school what the file says; validated classes stay as they are.

    A pupil who changed class is moved with her row, so that a code she has follows her; one whom
    the file puts in a validated class stays where she is, so that she is not lost. same: which
    pupil of ours a row is, where the head has said so.
    """
    with transaction.atomic():
        hold(school)
        decided = plan(reading, validated=known_divisions(school))
        pupils = Pupil.objects.filter(division__school=school).select_related("division")
        known = {pupil.id: pupil for pupil in pupils}
        identities = {row: pupil.identity for row, pupil in known.items()}
        found = matched(reading.pupils, identities, same or {})
        taker = _Taker(reading, {i: (known[r], identities[r]) for i, r in found.items()})
        open_divisions = [d for d in decided.divisions if not d.frozen]
        there = _divisions(school, [d.label for d in open_divisions], taker.made)
        for division in open_divisions:
            taker.fill(division, there[division.label])
        taker.write()
        left = (known[row] for row in known.keys() - set(found.values()))
        removed = _remove(left, {d.label for d in open_divisions})
    return TakenIn(
        divisions=len(decided.divisions),
        divisions_frozen=len(decided.divisions) - len(open_divisions),
        added=len(taker.new),
        kept=taker.kept,
        removed=removed,
        elsewhere=taker.elsewhere,
        without_division=decided.n_without_division,
        made=tuple(taker.made),
    )


class _Taker:
    """Puts the pupils of a file in their classes; `known`: those we know, by place in the file."""

    def __init__(self, reading: Reading, known: Mapping[int, tuple[Pupil, Identity]]) -> None:
        self._reading = reading
        self._known = known
        self._changed: list[Pupil] = []
        self.new: list[Pupil] = []
        self.made: list[UUID] = []
        self.kept = self.elsewhere = 0

    def fill(self, planned: DivisionPlan, division: Division) -> None:
        """Put the pupils of one class where the file says; `write` makes it so."""
        for place in planned.pupils:
            read = self._reading.pupils[place]
            pupil, was = self._known.get(place, (None, None))
            if pupil is not None and pupil.division.validated_at is not None:
                self.elsewhere += 1
                continue
            self.kept += pupil is not None
            level, identity = read.level.value, identity_of(read)
            if pupil and (pupil.division, pupil.level, was) == (division, level, identity):
                continue  # as she was: nothing is written
            (self.new if pupil is None else self._changed).append(pupil := pupil or Pupil())
            pupil.division, pupil.level = division, level
            pupil.identity = identity

    def write(self) -> None:
        """Write all of it, in a few statements."""
        Pupil.objects.bulk_create(self.new, batch_size=500)
        fields = ["division", "level", "identity_box"]
        Pupil.objects.bulk_update(self._changed, fields, batch_size=200)


def _divisions(school: School, labels: list[str], made: list[UUID]) -> dict[str, Division]:
    """The classes of these labels; those that were not there are made, and added to `made`."""
    there = {one.label: one for one in Division.objects.filter(school=school, label__in=labels)}
    new = [Division(school=school, label=label) for label in labels if label not in there]
    Division.objects.bulk_create(new)
    made.extend(one.id for one in new)
    return there | {one.label: one for one in new}


def _remove(left: Iterable[Pupil], labels: set[str]) -> int:
    """Remove who is in these classes no more, but for pupils whose code may be on paper."""
    gone = [p.id for p in left if p.division.label in labels and p.division.validated_at is None]
    removed = set(gone) - board.numbered(gone)
    Pupil.objects.filter(id__in=removed).delete()
    return len(removed)
