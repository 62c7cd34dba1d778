# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation: the head says that the list is right, and each pupil gets a number and a code.

Two databases cannot commit together. The order is: draw the links, derive their keys, queue the
admission list, then mark the class; a crash between two steps leaves a class to validate again,
and validating again gives back the same codes and a list that answers take as a no-op or an
amendment. Many classes at once: `validation/many.py`.
"""

from django.db import transaction

from encrier import clock, places
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names import zone
from encrier_names.doors import admission
from encrier_names.pseudonyms import drawing
from encrier_names.schools.models import Division
from encrier_names.validation import pairs, reserves


class NothingToValidate(EncrierError):
    what = "Cette classe n’a aucun élève."
    next_step = "Importez sa liste, ou ajoutez un élève, puis validez."
    status = 409


class ListChanged(EncrierError):
    what = "La liste a changé pendant la validation\u00a0: elle n’est pas validée."
    next_step = "Revenez à la liste, vérifiez-la de nouveau, puis validez."
    status = 409


class Validated(Record, frozen=True):
    """What a validation did."""

    pupils: int
    drawn: int
    serial: int


def validate(division: Division) -> Validated:
    """Draw what is missing, queue the class's admission list, mark the class as validated."""
    running = zone.current()
    manifest = running.manifest
    pupils = list(division.pupils.values_list("id", flat=True))
    if not pupils:
        raise NothingToValidate
    reserves.hold([division], n_each=running.campaign.rules.reserve_codes_a_class)
    held = reserves.ids([division])
    pair = pairs.of_schools([division.school_id], manifest)[division.school_id]
    served = places.of_pair(manifest.places, pair)
    drawn = drawing.draw_for(pupils, reserves=held, places=served)
    drawing.derive_for(pupils, manifest, reserves=held)
    rows = admission.rows_of(pupils, manifest)
    rows += admission.rows_of_reserves(held, manifest, level=reserves.level_of(division))
    serial = admission.queue(rows, manifest)
    with transaction.atomic():
        Division.objects.select_for_update().get(id=division.id)  # no pupil comes in meanwhile
        if set(division.pupils.values_list("id", flat=True)) != set(pupils):
            raise ListChanged
        Division.objects.filter(id=division.id).update(validated_at=clock.now())
    return Validated(pupils=len(pupils), drawn=len(drawn), serial=serial)
