# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store of scores: written by the door, read by order number. Knows no pupil.

Rows are found by a blind index and sealed, both under the link key. An order number stands beside
a name on paper; once the key is destroyed no copy of this table, in a journal or a backup, answers
to a sheet that was left in a drawer.
"""

from collections.abc import Iterable

from encrier.records import from_bytes, to_bytes
from encrier.wire import Domain, ScoreRow, ScoreSheet
from encrier_names.encryption import seal, unseal
from encrier_names.pseudonyms.key import blind, link_key
from encrier_names.restitution.models import StoredDomain, StoredScore


def replace(sheet: ScoreSheet) -> None:
    """Replace the rows that a sheet names, and the domains; other rows stay."""
    StoredDomain.objects.all().delete()
    defined = []
    for rank, domain in enumerate(sheet.domains):
        stored = StoredDomain(rank=rank)
        stored.domain = domain
        defined.append(stored)
    StoredDomain.objects.bulk_create(defined)
    key, rows = link_key(), []
    for row in sheet.rows:
        index = blind(key, "score", row.order.encode())
        box = seal(key, to_bytes(row), context=_context(index))
        rows.append(StoredScore(order=index, row_box=box))
    StoredScore.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["row_box"],
    )


def domains() -> list[Domain]:
    """The domains of the campaign, in the order results gave them."""
    return [stored.domain for stored in StoredDomain.objects.order_by("rank")]


def rows_of(orders: Iterable[str]) -> dict[str, ScoreRow]:
    """The score rows of these order numbers, by number."""
    key = link_key()
    indexes = {blind(key, "score", order.encode()): order for order in orders}
    found = StoredScore.objects.filter(order__in=list(indexes))
    return {
        indexes[kept.order]: from_bytes(
            unseal(key, bytes(kept.row_box), context=_context(kept.order)), ScoreRow
        )
        for kept in found
    }


def _context(index: str) -> bytes:
    return f"score\0{index}".encode()
