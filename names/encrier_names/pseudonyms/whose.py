# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a sitting back to its pupil: what counting progress needs, as blind as the link itself.

One row a pupil who has a number: the blind index of her row id, that of her sitting, and her row
id in a sealed box. Written for who is counted, destroyed with the link. Never a number or a code.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from encrier.ids import SittingId
from encrier_names.batches import batches
from encrier_names.encryption import seal, unseal
from encrier_names.pseudonyms import rows
from encrier_names.pseudonyms.key import blind, link_key
from encrier_names.pseudonyms.models import Whose

_LOOKUP: Final = 500  # indexes a query


def remember(sittings: Mapping[UUID, SittingId]) -> int:
    """Note whose these sittings are; give how many were not noted so yet."""
    key = link_key()
    wanted = {
        rows.of_pupil(key, pupil): (blind(key, "sitting", sid), pupil)
        for pupil, sid in sittings.items()
    }
    known = {
        row.pupil: row.sitting
        for part in batches(sorted(wanted), _LOOKUP)
        for row in Whose.objects.filter(pupil__in=part).only("pupil", "sitting")
    }
    new = [
        Whose(
            pupil=index,
            sitting=sitting,
            box=seal(key, pupil.bytes, context=f"whose\0{sitting}".encode()),
        )
        for index, (sitting, pupil) in sorted(wanted.items())
        if known.get(index) != sitting
    ]
    Whose.objects.bulk_create(
        new,
        batch_size=_LOOKUP,
        update_conflicts=True,
        unique_fields=["pupil"],
        update_fields=["sitting", "box"],
    )
    return len(new)


def forget(pupils: Iterable[UUID]) -> None:
    """Forget whose sitting is whose, of these pupils: they are given others."""
    key = link_key()
    Whose.objects.filter(pupil__in=[rows.of_pupil(key, one) for one in pupils]).delete()


def forget_all() -> None:
    """Forget whose any sitting is."""
    Whose.objects.all().delete()


def of(sids: Collection[SittingId]) -> dict[SittingId, UUID]:
    """The pupil of each of these sittings, of those that were noted."""
    key = link_key()
    wanted = {blind(key, "sitting", sid): sid for sid in sids}
    found: dict[SittingId, UUID] = {}
    for part in batches(sorted(wanted), _LOOKUP):
        for row in Whose.objects.filter(sitting__in=part):
            plain = unseal(key, bytes(row.box), context=f"whose\0{row.sitting}".encode())
            found[wanted[row.sitting]] = UUID(bytes=plain)
    return found
