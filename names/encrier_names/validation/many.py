# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validates many classes: draws at once, derives keys on all cores, then admits class by class.

Each step is kept as it is made. A run that is killed leaves classes that say which step they are
at, and the next goes on: drawn (`Owed`), with keys, admitted.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from encrier import clock, places
from encrier.records import Record
from encrier_names import zone
from encrier_names.batches import batches
from encrier_names.doors import admission
from encrier_names.followup import tallies
from encrier_names.pseudonyms import drawing, links
from encrier_names.schools.models import Division, Pupil
from encrier_names.validation import declarations, pairs, reserves
from encrier_names.validation.models import Owed

_CLASSES: Final = 400  # about 10,000 pupils a transaction
_SCHOOLS: Final = 200  # counted again at once
_A_TURN: Final = 512  # keys: a few seconds of an exchange that has other things to do

Said = Callable[[int, int], None]


class ValidatedMany(Record, frozen=True):
    """What a validation of many classes did."""

    classes: int  # validated now
    pupils: int
    drawn: int
    derived: int
    admitted: int  # classes whose admission list is on its way


def validate_many(divisions: QuerySet[Division], *, said: Said, keys: bool = True) -> ValidatedMany:
    """Validate the classes that are not yet and hold a pupil; then go on with what is owed.

    said: told how many keys are derived, of how many. keys: False leaves them for later.
    """
    classes = pupils = drawn = 0
    todo = divisions.filter(validated_at=None, pupils__isnull=False).distinct().order_by("id")
    for part in _parts(todo):
        n_pupils, n_drawn = _draw(part)
        classes, pupils, drawn = classes + len(part), pupils + n_pupils, drawn + n_drawn
    derived = drawing.derive_all(zone.current().manifest, said=said) if keys else 0
    return ValidatedMany(
        classes=classes, pupils=pupils, drawn=drawn, derived=derived, admitted=admit_owed()
    )


def go_on() -> int:
    """Do a part of what a validation that was stopped still owes; give how many classes are ready.

    The exchange calls it at each turn, so that keys come without anybody asking again.
    """
    if not Owed.objects.exists():
        return 0
    drawing.derive_all(zone.current().manifest, at_most=_A_TURN)
    return admit_owed()


def admit_owed() -> int:
    """Queue the admission list of each class whose keys are all there; give how many."""
    manifest = zone.current().manifest
    admitted = 0
    schools: set[UUID] = set()
    for owed in Owed.objects.select_related("division"):
        pupils = list(owed.division.pupils.values_list("id", flat=True))
        held = reserves.ids([owed.division])
        if not links.readiness(pupils, reserves=held).is_ready:
            continue
        rows = admission.rows_of(pupils, manifest)
        rows += admission.rows_of_reserves(held, manifest, level=reserves.level_of(owed.division))
        admission.queue(rows, manifest)
        schools.add(owed.division.school_id)
        owed.delete()
        admitted += 1
    for part in batches(sorted(schools), _SCHOOLS):
        tallies.recount(*part)
    return admitted


def _draw(part: Sequence[Division]) -> tuple[int, int]:
    """Draw for these classes and mark them; give how many pupils they have, and codes drawn.

    Codes first: a crash between the two leaves classes to validate, whose codes stay.
    """
    of_class: dict[UUID, list[UUID]] = {division.id: [] for division in part}
    listed = Pupil.objects.filter(division__in=of_class).values_list("division_id", "id")
    for division, pupil in listed:
        of_class[division].append(pupil)
    reserves.hold(part, n_each=zone.current().campaign.rules.reserve_codes_a_class)
    n_drawn = 0
    for served, classes in _by_pair(part):
        pupils = [pupil for division in classes for pupil in of_class[division.id]]
        n_drawn += len(drawing.draw_for(pupils, reserves=reserves.ids(classes), places=served))
    with transaction.atomic():
        Owed.objects.bulk_create(
            [Owed(division=division) for division in part], ignore_conflicts=True
        )
        declarations.keep_many({one: len(of_one) for one, of_one in of_class.items()})
        Division.objects.filter(id__in=of_class).update(validated_at=clock.now())
    return sum(map(len, of_class.values())), n_drawn


def _by_pair(part: Sequence[Division]) -> Iterator[tuple[Sequence[int], list[Division]]]:
    """The classes of each pair, with the places where their codes are drawn."""
    manifest = zone.current().manifest
    of_school = pairs.of_schools({division.school_id for division in part}, manifest)
    for pair in sorted(set(of_school.values())):
        classes = [division for division in part if of_school[division.school_id] == pair]
        yield places.of_pair(manifest.places, pair), classes


def _parts(divisions: QuerySet[Division]) -> Iterator[list[Division]]:
    while part := list(divisions.all()[:_CLASSES]):  # asked anew: what is validated is no more in
        yield part
