# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking an import back: each pupil as she was, unless somebody has touched her since."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.imports.models import Changed, Changes, Place, TakenImport
from encrier_names.schools.lists import hold
from encrier_names.schools.models import Division, Pupil, School, Staff
from encrier_names.sittings import board

KEPT: Final = timedelta(days=7)


class NotUndoable(EncrierError):
    what = "Cet import ne peut plus être annulé\u00a0: une de ses classes a changé depuis."
    next_step = "Corrigez les listes à la main, ou importez un fichier à jour."
    status = 409


def places(school: School) -> dict[UUID, Place]:
    """Where every pupil of a school is now, and who she is."""
    pupils = Pupil.objects.filter(division__school=school)
    return {p.id: Place(p.division_id, p.level, p.identity) for p in pupils}


def remember(
    school: School, staff: Staff, before: Mapping[UUID, Place], made: Iterable[UUID]
) -> TakenImport:
    """Keep what has changed since `before`, sealed; an earlier import can no longer be undone."""
    after = places(school)
    changed = tuple(
        Changed(pupil, before.get(pupil), after.get(pupil))
        for pupil in before.keys() | after.keys()
        if before.get(pupil) != after.get(pupil)
    )
    TakenImport.objects.filter(school=school).delete()
    TakenImport.objects.filter(at__lt=clock.now() - KEPT).delete()
    taken = TakenImport(school=school, staff=staff, at=clock.now())
    taken.changes = Changes(changed, tuple(made))
    taken.save(force_insert=True)
    return taken


def take_back(taken: TakenImport) -> Changes:
    """Make every pupil what she was before the import, all or nothing (`NotUndoable`)."""
    changes = taken.changes
    with transaction.atomic():
        hold(taken.school)
        now = places(taken.school)
        touched = {p.division for c in changes.pupils for p in (c.before, c.after) if p}
        touched |= set(changes.divisions)
        numbered = board.numbered(c.pupil for c in changes.pupils if c.before is None)
        if (
            numbered
            or any(now.get(c.pupil) != c.after for c in changes.pupils)
            or Division.objects.filter(id__in=touched).exclude(validated_at=None).exists()
        ):
            raise NotUndoable
        Pupil.objects.filter(id__in=[c.pupil for c in changes.pupils if c.before is None]).delete()
        for change in changes.pupils:
            if change.before:
                _put_back(change.pupil, change.before, is_new=change.after is None)
        Division.objects.filter(id__in=changes.divisions, pupils=None).delete()
        taken.delete()
    return changes


def _put_back(row: UUID, place: Place, *, is_new: bool) -> None:
    pupil = Pupil(id=row, division_id=place.division, level=place.level)
    pupil.identity = place.identity
    pupil.save(force_insert=is_new, force_update=not is_new)
