# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries out the plan of an import, of one school or of many, in one transaction.

Row ids of pupils are random, so that the rank of a pupil in the file leaves no trace in them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from encrier.records import Record
from encrier_names import bulk
from encrier_names.imports.difference import Known, matched
from encrier_names.imports.plan import DivisionPlan, identity_of, kept, plan
from encrier_names.rosters.reading import Reading
from encrier_names.schools.lists import hold
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


class Asked(Record, frozen=True):
    """A school, what was read of its file, and which pupil of ours a row is, as the head said."""

    school: School
    reading: Reading
    same: Mapping[int, UUID] = {}


def take_in(reading: Reading, school: School, *, same: Mapping[int, UUID] | None = None) -> TakenIn:
    """Make the classes of a school what the file says; validated classes stay as they are.

    A pupil who changed class is moved with her row, so that a code she has follows her; one whom
    the file puts in a validated class stays where she is, so that she is not lost. same: which
    pupil of ours a row is, where the head has said so.
    """
    return take_in_all([Asked(school, reading, same or {})])[0]


def take_in_all(asked: Sequence[Asked]) -> list[TakenIn]:
    """Take in the lists of several schools in one transaction, all of them or none."""
    schools = [one.school for one in asked]
    with transaction.atomic():
        hold(*schools)
        divisions: dict[UUID, list[Division]] = defaultdict(list)
        for division in Division.objects.filter(school__in=schools):
            divisions[division.school_id].append(division)
        pupils: dict[UUID, list[Pupil]] = defaultdict(list)
        for pupil in Pupil.objects.filter(division__school__in=schools).select_related("division"):
            pupils[pupil.division.school_id].append(pupil)
        takers = [_Taker(one, divisions[one.school.id], pupils[one.school.id]) for one in asked]
        _write(takers)
        removed = _remove([pupil for taker in takers for pupil in taker.gone])
    return [taker.taken_in(removed) for taker in takers]


class _Taker:
    """Decides for one school: who comes, changes, goes. Writes nothing."""

    def __init__(self, asked: Asked, divisions: list[Division], pupils: list[Pupil]) -> None:
        self._reading, self._school = asked.reading, asked.school
        self.changed: list[Pupil] = []
        self.new: list[Pupil] = []
        self.made: list[Division] = []
        self.kept = self.elsewhere = 0
        there = {division.label: division for division in divisions}
        validated = {label: one.validated_at is not None for label, one in there.items()}
        self._plan = plan(self._reading, validated=validated)
        known = {pupil.id: pupil for pupil in pupils}
        identities = {row: pupil.identity for row, pupil in known.items()}
        found = matched(self._reading.pupils, identities, asked.same)
        self._known = {place: (known[row], identities[row]) for place, row in found.items()}
        opened = [planned for planned in self._plan.divisions if not planned.frozen]
        for planned in opened:
            self._fill(planned, there.get(planned.label) or self._make(planned))
        left = (known[row] for row in known.keys() - set(found.values()))
        labels = {planned.label for planned in opened}
        self.gone = [p for p in left if p.division.label in labels and not _is_validated(p)]

    def taken_in(self, removed: Collection[UUID]) -> TakenIn:
        """What was done, once it is; `removed`: the pupils of any school who could be."""
        divisions = self._plan.divisions
        return TakenIn(
            divisions=len(divisions),
            divisions_frozen=sum(planned.frozen for planned in divisions),
            added=len(self.new),
            kept=self.kept,
            removed=sum(pupil.id in removed for pupil in self.gone),
            elsewhere=self.elsewhere,
            without_division=self._plan.n_without_division,
            made=tuple(division.id for division in self.made),
        )

    def _make(self, planned: DivisionPlan) -> Division | None:
        """Make a class, but not where all its pupils stay in validated ones: it would be empty."""
        if all(map(self._is_held, planned.pupils)):
            return None
        self.made.append(division := Division(school=self._school, label=planned.label))
        return division

    def _is_held(self, place: int) -> bool:
        pupil, _ = self._known.get(place, (None, None))
        return pupil is not None and _is_validated(pupil)

    def _fill(self, planned: DivisionPlan, division: Division | None) -> None:
        """Put the pupils of one class where the file says."""
        for place in planned.pupils:
            read = self._reading.pupils[place]
            pupil, was = self._known.get(place, (None, None))
            if division is None or self._is_held(place):
                self.elsewhere += 1
                continue
            self.kept += pupil is not None
            level, identity = read.level.value, identity_of(read)
            if was is not None:
                identity = kept(identity, was)
            if pupil and (pupil.division, pupil.level, was) == (division, level, identity):
                continue  # as she was: nothing is written
            (self.new if pupil is None else self.changed).append(pupil := pupil or Pupil())
            pupil.division, pupil.level = division, level
            pupil.identity = identity


def _write(takers: Sequence[_Taker]) -> None:
    """Write all of it, in a few statements; the rank of a pupil in the file is not kept."""
    bulk.insert(Division, (division for taker in takers for division in taker.made))
    bulk.insert(Pupil, (pupil for taker in takers for pupil in taker.new))
    changed = [pupil for taker in takers for pupil in taker.changed]
    Pupil.objects.bulk_update(changed, ["division", "level", "identity_box"], batch_size=200)


def _remove(gone: Sequence[Pupil]) -> set[UUID]:
    """Remove who is in these classes no more, but for pupils whose code may be on paper."""
    rows = {pupil.id for pupil in gone}
    removed = rows - board.numbered(rows)
    Pupil.objects.filter(id__in=removed).delete()
    return removed


def _is_validated(pupil: Pupil) -> bool:
    return pupil.division.validated_at is not None
