# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` and `_default_manager` are public in Django's documentation
"""Writes many new rows at once: COPY where the database has it, else statements of 500 rows.

Knows models, never what a column means. Rows keep the order in which they are given.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)

_ROWS: Final = 500  # of a statement


def insert(model: type[M], rows: Iterable[M]) -> None:
    """Insert rows that are not there yet; no signal is sent, and a serial column is left out."""
    alias = router.db_for_write(model)
    if connections[alias].vendor == "postgresql":
        _copy(model, rows, alias=alias)
    else:
        model._default_manager.using(alias).bulk_create(rows, batch_size=_ROWS)


def _copy(model: type[models.Model], rows: Iterable[models.Model], *, alias: str) -> None:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    names = [field.attname for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connections[alias].cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])
