# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws numbers and codes, at once and in numbers; derives their keys apart, as fast as can be.

Numbers and codes come from the system's randomness and from nothing else: not from a name, a
rank in a list, a date or an id. Rows are written in a shuffled order, so that even their place
in the file says nothing.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connections, transaction
from django.db.models import QuerySet

from encrier import codes
from encrier.ids import draw_order_number
from encrier.manifest import Manifest
from encrier.secret import Secret
from encrier_names import bulk
from encrier_names.pseudonyms import rows
from encrier_names.pseudonyms.key import blind, link_key
from encrier_names.pseudonyms.models import Link
from encrier_names.pseudonyms.rows import Drawn
from encrier_names.stores import LINKS

_BATCH: Final = 128  # codes a transaction: about a second of two cores, which a kill loses

# It may be called with 0 of 0; `done` and `of` count codes whose keys are asked for.
Said = Callable[[int, int], None]


class _New(NamedTuple):
    """A number and a code, and their blind indexes."""

    drawn: Drawn
    order_index: str
    code_index: str


def draw_for(pupils: Iterable[UUID], *, reserves: Iterable[UUID] = ()) -> list[Drawn]:
    """Draw a number and a code for each pupil and reserve who has none; give them, shuffled.

    Their keys are not derived yet. Two calls at once for one pupil draw once: the second waits
    for the first, then finds what it drew.
    """
    key = link_key()
    asked = {rows.of_pupil(key, pupil) for pupil in pupils}
    asked |= {rows.of_reserve(key, reserve) for reserve in reserves}
    with rows.one_at_a_time():
        wanted = asked - {row.pupil for row in rows.found(asked)}
        drawn = _draw(key, len(wanted))
        holders = secrets.SystemRandom().sample(sorted(wanted), len(wanted))
        new = (
            (
                holder,
                one.order_index,
                one.code_index,
                rows.box_of(key, holder, one.drawn),
                False,
                False,
            )
            for holder, one in zip(holders, drawn, strict=True)
        )
        names = ("pupil", "order", "code", "box", "is_set_aside", "is_derived")
        bulk.insert_values(Link, names, new)
    return [one.drawn for one in drawn]


def derive_all(
    manifest: Manifest, *, said: Said = lambda _done, _of: None, at_most: int | None = None
) -> int:
    """Derive the keys of every code that waits for them; give how many were derived.

    at_most: stop once so many are, or a few more; the others wait for the next run.

    On all cores; each batch is kept as it is made, so that a run that is killed goes on where it
    was. Batches are taken at random: two machines may share the work, and it says nothing of a
    class.
    """
    waiting = Link.objects.filter(is_derived=False)
    total, done = waiting.count(), 0
    said(done, total)
    while (at_most is None or done < at_most) and (batch := _some(waiting.order_by("pupil"))):
        _derive(batch, manifest)
        done += len(batch)
        said(done, max(done, total))
    return done


def _some(waiting: QuerySet[Link]) -> list[Link]:
    """A batch of those that wait, from anywhere; empty when none waits."""
    anywhere = secrets.token_hex(32)
    return list(waiting.filter(pupil__gte=anywhere)[:_BATCH]) or list(waiting[:_BATCH])


def derive_for(
    pupils: Iterable[UUID], manifest: Manifest, *, reserves: Iterable[UUID] = ()
) -> None:
    """Derive the keys of these that wait for them, now."""
    key = link_key()
    indexes = {rows.of_pupil(key, pupil) for pupil in pupils}
    indexes |= {rows.of_reserve(key, reserve) for reserve in reserves}
    waiting = (row for row in rows.found(indexes) if not row.is_derived)
    while batch := list(islice(waiting, _BATCH)):
        _derive(batch, manifest)


def _derive(batch: Sequence[Link], manifest: Manifest) -> None:
    """Derive the keys of a batch on all cores, and keep them."""
    key = link_key()
    derive = partial(
        rows.derived, campaign=manifest.campaign_id, iterations=manifest.kdf_iterations
    )
    drawn = [rows.drawn_of(key, row) for row in batch]
    # Threads are enough: OpenSSL lets go of Python's lock while it works.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        sittings = list(threads.map(derive, drawn))
    boxes = [
        (rows.box_of(key, row.pupil, sitting), row.pupil)
        for row, sitting in zip(batch, sittings, strict=True)
    ]
    with transaction.atomic(using=LINKS), connections[LINKS].cursor() as cursor:
        cursor.executemany(
            "UPDATE pseudonyms_link SET box = %s, is_derived = %s"
            " WHERE pupil = %s AND is_derived = %s",
            [(box, True, pupil, False) for box, pupil in boxes],
        )


def _draw(key: Secret, n: int) -> list[_New]:
    """Draw numbers and codes until none is taken; both are in 830,000 pupils at times."""
    drawn: list[_New] = []
    orders: set[str] = set()
    its_codes: set[str] = set()
    while len(drawn) < n:
        new = [_new(key) for _ in range(n - len(drawn))]
        orders |= _taken("order", (one.order_index for one in new))
        its_codes |= _taken("code", (one.code_index for one in new))
        for one in new:
            if one.order_index not in orders and one.code_index not in its_codes:
                drawn.append(one)
                orders.add(one.order_index)
                its_codes.add(one.code_index)
    return drawn


def _new(key: Secret) -> _New:
    drawn = Drawn(draw_order_number(), codes.draw())
    order = blind(key, "order", drawn.order.encode())
    return _New(drawn, order, blind(key, "code", drawn.code.encode()))


def _taken(column: str, indexes: Iterable[str]) -> set[str]:
    """Those of these indexes that a row has already."""
    if not Link.objects.exists():
        return set()
    listed = sorted(indexes)
    return {
        one
        for part in _parts(listed)
        for one in Link.objects.filter(**{f"{column}__in": part}).values_list(column, flat=True)
    }


def _parts(listed: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(listed), rows.LOOKUP):
        yield listed[at : at + rows.LOOKUP]
