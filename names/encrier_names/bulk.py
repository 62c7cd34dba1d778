# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001, S608 - `_meta` is public in Django's documentation; tables name themselves
"""Writes many new rows at once: by COPY or by column on PostgreSQL, else 500 rows a statement.

Knows models, never what a column means. Rows keep the order in which they are given.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias, TypeVar

from django.db import connections, models, router

from encrier_names.batches import batches

M = TypeVar("M", bound=models.Model)
Field: TypeAlias = "models.Field[Any, Any]"
Statement: TypeAlias = tuple[str, list[Any]]  # what stands after the columns, its parameters

_ROWS: Final = 500  # of a statement


def insert(model: type[M], rows: Iterable[M]) -> None:
    """Insert rows that are not there yet; no signal is sent, and a serial column is left out."""
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        model._default_manager.using(connection.alias).bulk_create(rows, batch_size=_ROWS)
        return
    fields = _fields(model)
    names = [field.attname for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({_columns(fields)}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])


def insert_new(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Insert those of these rows that meet none in a unique column; give the keys of those.

    A row is the values of all its columns, in their order, as the database takes them.
    """
    connection = connections[router.db_for_write(model)]
    fields = _fields(model)
    if connection.vendor == "postgresql":
        kinds = [str(field.db_type(connection)) for field in fields]
        statements = _by_column(kinds, rows)
    else:
        statements = _by_row(rows)
    written: list[Any] = []
    with connection.cursor() as cursor:
        for values, parameters in statements:
            cursor.execute(
                f'INSERT INTO "{model._meta.db_table}" ({_columns(fields)}) {values}'
                f' ON CONFLICT DO NOTHING RETURNING "{model._meta.pk.column}"',
                parameters,
            )
            written += (key for (key,) in cursor.fetchall())
    return written


def _by_column(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[Statement]:
    """All rows at once, an array a column: as many parameters as columns."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    if rows:
        yield f"SELECT * FROM unnest({arrays})", [list(one) for one in zip(*rows, strict=True)]


def _by_row(rows: Sequence[Sequence[Any]]) -> Iterator[Statement]:
    for part in batches(rows, _ROWS):
        one_row = f"({', '.join(['%s'] * len(part[0]))})"
        yield f"VALUES {', '.join([one_row] * len(part))}", list(chain.from_iterable(part))


def _fields(model: type[models.Model]) -> list[Field]:
    """What is written of a row: all but a serial number."""
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]


def _columns(fields: Iterable[Field]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)
