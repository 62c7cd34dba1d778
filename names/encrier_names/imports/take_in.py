# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries out the plan of an import in one transaction.

Row ids of pupils are random, so that the rank of a pupil in the file leaves no trace in them.
"""

from django.db import transaction

from encrier.records import Record
from encrier_names.imports.plan import DivisionPlan, identity_of, plan, same_pupil
from encrier_names.rosters.reading import Reading
from encrier_names.schools.models import Division, Identity, Pupil, School


class TakenIn(Record, frozen=True):
    """What an import did."""

    divisions: int
    divisions_frozen: int
    added: int
    kept: int
    removed: int
    without_division: int


class Changes(Record, frozen=True):
    """What an import changed in one class."""

    added: int
    kept: int
    removed: int


def known_divisions(school: School) -> dict[str, bool]:
    """The labels of a school's classes, and whether each is validated."""
    rows = Division.objects.filter(school=school).values_list("label", "validated_at")
    return {label: validated_at is not None for label, validated_at in rows}


def take_in(reading: Reading, school: School) -> TakenIn:
    """Make the classes of a school what the file says; validated classes stay as they are."""
    with transaction.atomic():
        decided = plan(reading, validated=known_divisions(school))
        changes = [
            _fill(division, reading, school)
            for division in decided.divisions
            if not division.frozen
        ]
    return TakenIn(
        divisions=len(decided.divisions),
        divisions_frozen=sum(d.frozen for d in decided.divisions),
        added=sum(c.added for c in changes),
        kept=sum(c.kept for c in changes),
        removed=sum(c.removed for c in changes),
        without_division=decided.n_without_division,
    )


def _fill(planned: DivisionPlan, reading: Reading, school: School) -> Changes:
    division, _created = Division.objects.get_or_create(school=school, label=planned.label)
    known = {same_pupil(p.identity): p for p in division.pupils.all()}
    added: list[Pupil] = []
    kept = 0
    for rank in planned.pupils:
        read = reading.pupils[rank]
        identity = identity_of(read)
        pupil = known.pop(same_pupil(identity), None)
        if pupil is None:
            added.append(_new(division, identity, level=read.level.value))
        else:
            pupil.identity, pupil.level = identity, read.level.value
            pupil.save()
            kept += 1
    Pupil.objects.bulk_create(added)
    Pupil.objects.filter(id__in=[p.id for p in known.values()]).delete()
    return Changes(added=len(added), kept=kept, removed=len(known))


def _new(division: Division, identity: Identity, *, level: str) -> Pupil:
    pupil = Pupil(division=division, level=level)
    pupil.identity = identity
    return pupil
