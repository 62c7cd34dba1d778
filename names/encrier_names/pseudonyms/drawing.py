# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws numbers and codes, at once and in numbers; derives their keys apart, as fast as can be.

Numbers and codes come from the system's randomness and from nothing else: not from a name, a
rank in a list, a date or an id. Rows are written in the order of their blind indexes, so that
their place in the file says nothing that they do not.
"""

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models import QuerySet

from encrier import codes
from encrier.ids import draw_order_number
from encrier.manifest import Manifest
from encrier.secret import Secret
from encrier_names import bulk
from encrier_names.batches import batches
from encrier_names.pseudonyms import rows
from encrier_names.pseudonyms.key import link_key
from encrier_names.pseudonyms.models import Link
from encrier_names.pseudonyms.rows import Drawn
from encrier_names.stores import LINKS

_BATCH: Final = 128  # codes a transaction: about a second of two cores, which a kill loses
_AHEAD: Final = 2_500  # numbers drawn while as many are written

# It may be called with 0 of 0; `done` and `of` count codes whose keys are asked for.
Said = Callable[[int, int], None]


def draw_for(
    pupils: Iterable[UUID], *, reserves: Iterable[UUID] = (), places: Sequence[int] = ()
) -> list[Drawn]:
    """Draw a number and a code for each pupil and reserve who has none; give them in no order.

    places: of the pair that serves them all (`encrier.places`); empty: anywhere.
    Their keys are not derived yet. Two calls at once for one pupil draw once: the second waits
    for the first, then finds what it drew.
    """
    key = link_key()
    with rows.one_at_a_time():
        return _draw(key, rows.of_all(key, pupils, reserves), places)


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
    indexes = rows.of_all(link_key(), pupils, reserves)
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


def _draw(key: Secret, wanted: Collection[str], places: Sequence[int]) -> list[Drawn]:
    """Draw for those of these indexes that have no row yet; give what was drawn.

    A number that is somebody's already, as some are in 830,000, meets its row, and is drawn anew.
    """
    drawn: list[Drawn] = []
    left = set(wanted)
    while left:
        parts = batches(sorted(left), _AHEAD)
        with ThreadPoolExecutor(1) as another:  # draws on while the database writes
            for new in another.map(partial(_made, key, places), parts):
                written = bulk.insert_new(Link, [row for row, _one in new.values()])
                drawn += [new[index][1] for index in written]
                left.difference_update(written)
        left.difference_update(row.pupil for row in rows.found(left))
    return drawn


def _made(
    key: Secret, places: Sequence[int], indexes: Sequence[str]
) -> dict[str, tuple[rows.Values, Drawn]]:
    """A number and a code for each of these indexes, and the row that holds them; no query."""
    drawn = {index: Drawn(draw_order_number(), codes.draw(places)) for index in indexes}
    return {index: (rows.values(key, index, one), one) for index, one in drawn.items()}
