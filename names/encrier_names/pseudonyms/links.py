# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the link between a pupil and a number, and gives a pupil another where a rule says so.

Drawing and derivation are in `drawing`. Whoever has no keys yet has no sitting here, and waits.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction

from encrier import places
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.secret import Secret
from encrier_names.batches import batches
from encrier_names.pseudonyms import drawing, rows, whose
from encrier_names.pseudonyms.key import blind, link_key
from encrier_names.pseudonyms.models import Link
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.stores import LINKS


class ReserveGone(EncrierError):
    what = "Ce code de réserve a déjà été donné\u00a0: rien n’a changé."
    next_step = "Choisissez un autre code de réserve, ou demandez un nouveau code."
    status = 409


class Readiness(Record, frozen=True):
    """How many numbers were drawn, and how many of them have their keys."""

    drawn: int
    derived: int

    @property
    def is_ready(self) -> bool:
        return self.derived == self.drawn


def of(pupils: Iterable[UUID]) -> dict[UUID, Sitting]:
    """The sitting of each of these pupils who has one, with its keys."""
    key = link_key()
    return _sittings(key, {rows.of_pupil(key, pupil): pupil for pupil in pupils})


def of_reserves(reserves: Iterable[UUID]) -> dict[UUID, Sitting]:
    """The sitting of each of these reserve codes, with its keys; one that was given has none."""
    key = link_key()
    return _sittings(key, {rows.of_reserve(key, reserve): reserve for reserve in reserves})


def numbered(pupils: Iterable[UUID]) -> set[UUID]:
    """Those of these pupils who have a number, with keys or without."""
    key = link_key()
    indexes = {rows.of_pupil(key, pupil): pupil for pupil in pupils}
    return {indexes[row.pupil] for row in rows.found(indexes)}


def readiness(pupils: Iterable[UUID], *, reserves: Iterable[UUID] = ()) -> Readiness:
    """How far the codes of these pupils and reserves are."""
    indexes = rows.of_all(link_key(), pupils, reserves)
    derived = [row.is_derived for row in rows.found(indexes)]
    return Readiness(drawn=len(derived), derived=sum(derived))


def replace(pupil: UUID, manifest: Manifest) -> tuple[Sitting, Sitting]:
    """Take a number and a code back and draw others of the same pair; give the old and the new.

    The old number stays, tied to nobody: what was answered under it is kept, without a name.
    """
    with rows.one_at_a_time():
        old = of([pupil])[pupil]
        _set_aside(pupil, old)
        pair = manifest.pair_of(old.code)
        drawing.draw_for([pupil], places=places.of_pair(manifest.places, pair))
        drawing.derive_for([pupil], manifest)
    return old, of([pupil])[pupil]


def give_reserve(pupil: UUID, reserve: UUID) -> tuple[Sitting, Sitting]:
    """Make a reserve code the pupil's, and take hers back; give the old and the new.

    Raises ReserveGone. What was already answered under the reserve code is then hers.
    """
    key = link_key()
    with rows.one_at_a_time():
        old, new = of([pupil])[pupil], of_reserves([reserve]).get(reserve)
        if new is None:
            raise ReserveGone
        _set_aside(pupil, old)
        Link.objects.filter(pupil=rows.of_reserve(key, reserve)).delete()
        rows.closed(key, rows.of_pupil(key, pupil), new).save(force_insert=True)
    return old, new


def exchange(one: UUID, other: UUID) -> None:
    """Give each of two pupils the number and code of the other, with what was answered."""
    key = link_key()
    indexes = {pupil: rows.of_pupil(key, pupil) for pupil in (one, other)}
    with rows.one_at_a_time():
        had = of(indexes)
        Link.objects.filter(pupil__in=indexes.values()).delete()
        whose.forget(indexes)
        for pupil, given in ((one, had[other]), (other, had[one])):
            rows.closed(key, indexes[pupil], given).save(force_insert=True)


def set_aside() -> list[Sitting]:
    """The numbers that were taken back."""
    key = link_key()
    return [rows.sitting_of(key, row) for row in Link.objects.filter(is_set_aside=True)]


def unknown(orders: Collection[str]) -> int:
    """How many of these order numbers were never given."""
    key = link_key()
    indexes = [blind(key, "order", order.encode()) for order in set(orders)]
    parts = batches(indexes, rows.LOOKUP)
    return len(indexes) - sum(Link.objects.filter(order__in=part).count() for part in parts)


def count() -> int:
    """How many numbers are given or in reserve."""
    return Link.objects.filter(is_set_aside=False).count()


def destroy_rows() -> int:
    """Remove every link, and the way back; give how many there were."""
    whose.forget_all()
    with transaction.atomic(using=LINKS):
        return Link.objects.all().delete()[0]


def _sittings(key: Secret, holders: Mapping[str, UUID]) -> dict[UUID, Sitting]:
    """The sitting of each of these holders who has one with keys; holders by their index."""
    return {
        holders[row.pupil]: rows.sitting_of(key, row)
        for row in rows.found(holders.keys())
        if row.is_derived
    }


def _set_aside(pupil: UUID, old: Sitting) -> None:
    key = link_key()
    whose.forget([pupil])
    Link.objects.filter(pupil=rows.of_pupil(key, pupil)).delete()
    index = rows.of_nobody(key, old.order)
    rows.closed(key, index, old, set_aside=True).save(force_insert=True)
