# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` and `_default_manager` are public in Django's documentation
"""Writes many new rows at once: COPY where the database has it, else statements of 500 rows.

Knows models, never what a column means. Rows keep the order in which they are given.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)

_ROWS: Final = 500  # of a statement


def insert(model: type[M], rows: Iterable[M]) -> None:
    """Insert rows that are not there yet; no signal is sent, and a serial column is left out."""
    alias = router.db_for_write(model)
    if connections[alias].vendor == "postgresql":
        fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
        names = [field.attname for field in fields]
        _copy(model, names, ([getattr(row, name) for name in names] for row in rows))
    else:
        model._default_manager.using(alias).bulk_create(rows, batch_size=_ROWS)


def insert_values(model: type[M], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows given as values in the order of `names`: no object a row, where there is COPY."""
    alias = router.db_for_write(model)
    if connections[alias].vendor == "postgresql":
        _copy(model, names, rows)
    else:
        insert(model, (model(**dict(zip(names, row, strict=True))) for row in rows))


def _copy(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    column_of = {field.attname: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    with (
        connections[router.db_for_write(model)].cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
