# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes many rows at once: COPY where the database has it, else statements of 500 rows.

Knows models, never what a column means. Rows keep the order in which they are given.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)

_ROWS: Final = 500  # of a statement


def insert(model: type[M], rows: Iterable[M], *, columns: Sequence[str]) -> None:
    """Insert new rows; `columns` are the attributes that hold them, all there are."""
    alias = router.db_for_write(model)
    if connections[alias].vendor == "postgresql":
        _copy(model, rows, columns, alias=alias)
    else:
        model._default_manager.using(alias).bulk_create(rows, batch_size=_ROWS)  # noqa: SLF001 is public in Django's documentation


def _copy(
    model: type[models.Model], rows: Iterable[models.Model], columns: Sequence[str], *, alias: str
) -> None:
    table = model._meta.db_table  # noqa: SLF001 is public in Django's documentation
    listed = ", ".join(f'"{column}"' for column in columns)
    with connections[alias].cursor() as cursor:
        copying = cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN')
        with copying as copy:
            for row in rows:
                copy.write_row([getattr(row, column) for column in columns])
