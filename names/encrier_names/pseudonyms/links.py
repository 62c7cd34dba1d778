# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws numbers and codes, keeps the link, finds it again.

Numbers and codes come from the system's randomness and from nothing else: not from a name, a
rank in a list, a date or an id. Rows are written in a shuffled order, so that even their place
in the file says nothing.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db import transaction

from encrier import codes
from encrier.codes import PupilCode
from encrier.ids import OrderNumber, SittingId, draw_order_number
from encrier.manifest import Manifest
from encrier.records import Record, from_bytes, to_bytes
from encrier.secret import Secret
from encrier_names.encryption import seal, unseal
from encrier_names.pseudonyms.key import blind, link_key
from encrier_names.pseudonyms.models import Link, Whose
from encrier_names.stores import LINKS, take_turn

_LOOKUP: Final = 500  # indexes a query: SQLite takes 32,766 at most, PostgreSQL prefers few


class Sitting(Record, frozen=True):
    """What a pupil is given for one campaign."""

    order: OrderNumber
    code: PupilCode
    sid: SittingId
    mac: bytes  # 32 bytes, for results: proves an envelope was sealed with the code
    auth_sha256: bytes  # 32 bytes, for answers: what a sign-in is checked against
    terms: bytes  # 32 bytes, seals what the pupil is granted; nobody else is given it

    def __repr__(self) -> str:
        return "Sitting(‹hidden›)"


def draw_for(pupils: Iterable[UUID], manifest: Manifest) -> list[Sitting]:
    """Draw a number and a code for each pupil who has none yet; give those drawn, shuffled.

    About 30 ms a pupil, for the derivation that also makes guessing codes slow. Two calls at
    once for one pupil draw once: the second waits for the first, then finds what it drew.
    """
    key = link_key()
    asked = set(pupils)
    drawn: dict[UUID, Sitting] = {}
    taken: set[str] = set()
    with transaction.atomic(using=LINKS):
        take_turn("draw", using=LINKS)
        wanted = asked - of(asked).keys()
        for pupil in secrets.SystemRandom().sample(sorted(wanted), len(wanted)):
            drawn[pupil] = _draw(key, manifest, taken=taken)
        Link.objects.bulk_create(
            _row(key, blind(key, "pupil", pupil.bytes), sitting) for pupil, sitting in drawn.items()
        )
    return list(drawn.values())


def of(pupils: Iterable[UUID]) -> dict[UUID, Sitting]:
    """The sitting of each of these pupils who has one."""
    key = link_key()
    indexes = {blind(key, "pupil", pupil.bytes): pupil for pupil in pupils}
    return {indexes[row.pupil]: _sitting(key, row) for row in _rows(indexes)}


def replace(pupil: UUID, manifest: Manifest) -> tuple[Sitting, Sitting]:
    """Take a number and a code back and draw others; give the old and the new.

    The old number stays, tied to nobody: what was answered under it is kept, without a name.
    """
    key = link_key()
    with transaction.atomic(using=LINKS):
        take_turn("draw", using=LINKS)
        old = of([pupil])[pupil]
        Link.objects.filter(pupil=blind(key, "pupil", pupil.bytes)).delete()
        kept = _row(key, blind(key, "set-aside", old.order.encode()), old)
        kept.is_set_aside = True
        kept.save(force_insert=True)
        new = _draw(key, manifest, taken=set())
        _row(key, blind(key, "pupil", pupil.bytes), new).save(force_insert=True)
    return old, new


def set_aside() -> list[Sitting]:
    """The numbers that were taken back."""
    key = link_key()
    return [_sitting(key, row) for row in Link.objects.filter(is_set_aside=True)]


def unknown(orders: Collection[str]) -> int:
    """How many of these order numbers were never given."""
    key = link_key()
    indexes = [blind(key, "order", order.encode()) for order in set(orders)]
    found = sum(
        Link.objects.filter(order__in=indexes[at : at + _LOOKUP]).count()
        for at in range(0, len(indexes), _LOOKUP)
    )
    return len(indexes) - found


def count() -> int:
    """How many pupils have a number."""
    return Link.objects.filter(is_set_aside=False).count()


def destroy_rows() -> int:
    """Remove every link, and the way back; give how many there were."""
    Whose.objects.all().delete()
    return Link.objects.all().delete()[0]


def _draw(key: Secret, manifest: Manifest, *, taken: set[str]) -> Sitting:
    """Draw until neither number nor code is taken; both are in 830,000 pupils at times."""
    while True:
        order, code = draw_order_number(), codes.draw()
        by_order, by_code = blind(key, "order", order.encode()), blind(key, "code", code.encode())
        if {by_order, by_code} & taken:
            continue
        if Link.objects.filter(order=by_order).exists():
            continue
        if Link.objects.filter(code=by_code).exists():
            continue
        taken |= {by_order, by_code}
        keys = codes.derive(code, manifest.campaign_id, iterations=manifest.kdf_iterations)
        auth_sha256 = hashlib.sha256(keys.auth).digest()
        return Sitting(order, code, keys.sid, keys.mac, auth_sha256, keys.terms)


def _row(key: Secret, index: str, sitting: Sitting) -> Link:
    return Link(
        pupil=index,
        order=blind(key, "order", sitting.order.encode()),
        code=blind(key, "code", sitting.code.encode()),
        box=seal(key, to_bytes(sitting), context=_context(index)),
    )


def _sitting(key: Secret, row: Link) -> Sitting:
    return from_bytes(unseal(key, bytes(row.box), context=_context(row.pupil)), Sitting)


def _rows(indexes: Collection[str]) -> Iterator[Link]:
    listed = sorted(indexes)
    for at in range(0, len(listed), _LOOKUP):
        yield from Link.objects.filter(pupil__in=listed[at : at + _LOOKUP])


def _context(index: str) -> bytes:
    return f"link\0{index}".encode()
