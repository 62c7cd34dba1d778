# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store of scores: written by the door, read by order number. Knows no pupil."""

from collections.abc import Iterable

from encrier.wire import Domain, ScoreRow, ScoreSheet
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
    rows = []
    for row in sheet.rows:
        kept = StoredScore(order=row.order)
        kept.row = row
        rows.append(kept)
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
    return {kept.order: kept.row for kept in StoredScore.objects.filter(order__in=list(orders))}
