# SPDX-License-Identifier: AGPL-3.0-or-later
"""One row of the link: what its box holds, how it is closed, opened and found.

A number and a code are drawn first, and stand alone (`Drawn`); the keys that come of the code
join them later (`Sitting`). Knows no name.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias
from uuid import UUID

from django.db import transaction

from encrier import codes
from encrier.codes import PupilCode
from encrier.ids import CampaignId, OrderNumber, SittingId
from encrier.records import Record, from_bytes, to_bytes
from encrier.secret import Secret
from encrier_names.batches import batches
from encrier_names.encryption import seal, unseal
from encrier_names.pseudonyms.key import blind
from encrier_names.pseudonyms.models import Link
from encrier_names.stores import LINKS, take_turn

Values: TypeAlias = tuple[str, str, str, bytes, bool, bool]  # of the columns of Link
LOOKUP: Final = 5_000  # indexes a query: SQLite takes 32,766 at most


class Drawn(Record, frozen=True):
    """A number and a code, whose keys are not derived yet."""

    order: OrderNumber
    code: PupilCode

    def __repr__(self) -> str:
        return "Drawn(‹hidden›)"


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


def derived(drawn: Drawn, campaign: CampaignId, *, iterations: int) -> Sitting:
    """Add the keys of a code: about 15 ms of one core, which no other thread waits for."""
    keys = codes.derive(drawn.code, campaign, iterations=iterations)
    auth_sha256 = hashlib.sha256(keys.auth).digest()
    return Sitting(drawn.order, drawn.code, keys.sid, keys.mac, auth_sha256, keys.terms)


def of_pupil(key: Secret, pupil: UUID) -> str:
    """The index under which the row of a pupil is found."""
    return blind(key, "pupil", pupil.bytes)


def of_reserve(key: Secret, reserve: UUID) -> str:
    """The index under which the row of a reserve code is found."""
    return blind(key, "reserve", reserve.bytes)


def of_all(key: Secret, pupils: Iterable[UUID], reserves: Iterable[UUID]) -> set[str]:
    """The indexes of these pupils and reserve codes."""
    return {of_pupil(key, one) for one in pupils} | {of_reserve(key, one) for one in reserves}


def of_nobody(key: Secret, order: OrderNumber) -> str:
    """The index of a number that was taken back: of the number alone."""
    return blind(key, "set-aside", order.encode())


def closed(key: Secret, index: str, content: Drawn | Sitting, *, set_aside: bool = False) -> Link:
    """A row that holds this."""
    pupil, order, code, box, _aside, derived = values(key, index, content)
    return Link(
        pupil=pupil,
        order=order,
        code=code,
        box=box,
        is_set_aside=set_aside,
        is_derived=derived,
    )


def values(key: Secret, index: str, content: Drawn | Sitting) -> Values:
    """The columns of a row that holds this and is not set aside, in their order."""
    order = blind(key, "order", content.order.encode())
    code = blind(key, "code", content.code.encode())
    is_derived = isinstance(content, Sitting)
    return index, order, code, box_of(key, index, content), False, is_derived


def box_of(key: Secret, index: str, content: Drawn | Sitting) -> bytes:
    """The box of a row, bound to its index."""
    return seal(key, to_bytes(content), context=_context(index))


def sitting_of(key: Secret, row: Link) -> Sitting:
    """What a row with keys holds."""
    return from_bytes(unseal(key, bytes(row.box), context=_context(row.pupil)), Sitting)


def drawn_of(key: Secret, row: Link) -> Drawn:
    """What a row without keys holds."""
    return from_bytes(unseal(key, bytes(row.box), context=_context(row.pupil)), Drawn)


def found(indexes: Collection[str]) -> Iterator[Link]:
    """The rows of these indexes that are there."""
    for part in batches(sorted(indexes), LOOKUP):
        yield from Link.objects.filter(pupil__in=part)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction in which nobody else draws or gives numbers."""
    with transaction.atomic(using=LINKS):
        take_turn("draw", using=LINKS)
        yield


def _context(index: str) -> bytes:
    return f"link\0{index}".encode()
