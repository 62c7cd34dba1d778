# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Seals every personal column anew under the key that now seals; sees bytes, prints nothing.

Small transactions, in the order of the rows' ids, beside a zone that goes on serving. What was
done stays done: after a crash the same command goes on. A row that is written meanwhile by a
process with the old settings is found by the next pass, and passes go on until one finds none.
"""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import models, transaction

from encrier.records import Record
from encrier_names.encryption import BoxBroken, Boxed

_BATCH: Final = 500  # rows a transaction: a page that waits for one of them waits 50 ms


class Rotated(Record, frozen=True):
    """Boxes, counted."""

    resealed: int = 0  # opened with the old key, sealed with the new one
    already: int = 0  # found under the new key
    broken: int = 0  # that neither key opens

    def __add__(self, other: "Rotated") -> "Rotated":
        return Rotated(
            self.resealed + other.resealed,
            self.already + other.already,
            self.broken + other.broken,
        )


def boxed_columns() -> list[tuple[type[models.Model], list[Boxed[object]]]]:
    """Every model with sealed columns, and these."""
    found = [
        (model, [kept for kept in vars(model).values() if isinstance(kept, Boxed)])
        for model in apps.get_models()
    ]
    return [(model, columns) for model, columns in found if columns]


def rotate(*, batch: int = _BATCH) -> Rotated:
    """Seal all that the old key still seals; `already` and `broken` are those of the last pass."""
    resealed = 0
    while True:
        done = sum(_pass(batch), Rotated())
        resealed += done.resealed
        if not done.resealed:
            return Rotated(resealed, done.already, done.broken)


def _pass(batch: int) -> Iterator[Rotated]:
    for model, columns in boxed_columns():
        last: object = None
        while True:
            done, last = _next_rows(model, columns, after=last, batch=batch)
            if last is None:
                break
            yield done


def _next_rows(
    model: type[models.Model], columns: list[Boxed[object]], *, after: object, batch: int
) -> tuple[Rotated, object]:
    """The next rows in the order of their ids: what was done, and the last id, None at the end."""
    names = [column.column for column in columns]
    with transaction.atomic():
        rows = model._default_manager.select_for_update().only("pk", *names).order_by("pk")
        found = list((rows if after is None else rows.filter(pk__gt=after))[:batch])
        if not found:
            return Rotated(), None
        counted = {row.pk: _seal_anew(row, columns) for row in found}
        changed = [row for row in found if counted[row.pk].resealed]
        model._default_manager.bulk_update(changed, names)
    return sum(counted.values(), Rotated()), found[-1].pk


def _seal_anew(row: models.Model, columns: list[Boxed[object]]) -> Rotated:
    done = Rotated()
    for column in columns:
        if getattr(row, column.column) is None:
            continue
        try:
            anew = column.seal_anew(row)
        except BoxBroken:
            done += Rotated(broken=1)
        else:
            done += Rotated(resealed=1) if anew else Rotated(already=1)
    return done
