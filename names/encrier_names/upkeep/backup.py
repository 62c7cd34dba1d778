# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Both databases into one sealed file, and back into two empty ones.

Rows as they stand: personal columns stay under the field key, the link under the link key, and no
key is ever in the file. So it is of no use without those keys, and once the link key is destroyed
the link is destroyed in every backup too. Taken from SQLite, it is given back to PostgreSQL as
well, and the other way round.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from encrier import clock
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record, from_bytes, to_bytes
from encrier.secret import Secret
from encrier_names.settings import Settings
from encrier_names.stores import ALIASES, LINKS, LinksApart, as_owners
from encrier_names.upkeep import sealed_file
from encrier_names.upkeep.sealed_file import BackupBroken

_ROWS: Final = 2000  # a part: about a megabyte
# Made anew by `migrate`, or worth nothing the day after.
_LEFT_OUT: Final = {"contenttypes", "sessions"}
_LEFT_OUT_TABLES: Final = {"auth_permission", "auth_group", "auth_group_permissions"}
_SNAPSHOT: Final = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "sqlite": "BEGIN DEFERRED",  # readers of a WAL keep nobody from writing
}


class OtherRelease(EncrierError):
    what = "This backup was made by another release of encrier than these databases."
    next_step = "Install the release that made it, migrate, restore; then upgrade."


class OtherCampaign(EncrierError):
    what = "This backup is of another campaign than the manifest of these settings."
    next_step = "Give the settings of the campaign that it was made in."


class NotEmpty(EncrierError):
    what = "There is something in these databases: a backup is not restored over it."
    next_step = "Make two new ones, migrate, then restore into them."


class Begin(Record, frozen=True, tag="begin"):
    """The first part: what this file is."""

    campaign: bytes  # 16 bytes
    made_at: datetime
    migrations: tuple[str, ...]  # app.name of each that was applied, sorted


class Rows(Record, frozen=True, tag="rows"):
    """Some rows of one table, in the order of their ids."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]  # Any: what a column holds, as JSON writes it; bytes in base64


class End(Record, frozen=True, tag="end"):
    """The last part: how many rows each table has."""

    counts: dict[str, int]


def backup(target: BinaryIO, manifest: Manifest, *, to: bytes) -> dict[str, int]:
    """Write both databases, sealed to a public key; give the rows of each table."""
    writer = sealed_file.Writer(target, to=to)
    counts: dict[str, int] = {}
    with _as_they_stand():
        begin = Begin(manifest.campaign, clock.now(), _migrations())
        writer.write(to_bytes(begin))
        for model in _tables():
            counts[model._meta.db_table] = 0
            for part in _parts(model):
                counts[part.table] += len(part.rows)
                writer.write(to_bytes(part))
    writer.write(to_bytes(End(counts)), is_last=True)
    return counts


def check(source: BinaryIO, *, key: Secret) -> tuple[Begin, dict[str, int]]:
    """Open every part and count: what a restore would do, without a database."""
    parts = _read(source, key)
    begin = next(parts)
    if not isinstance(begin, Begin):
        raise BackupBroken
    for part in parts:
        if isinstance(part, End):
            return begin, part.counts
    raise BackupBroken


def restore(
    source: BinaryIO, settings: Settings, manifest: Manifest, *, key: Secret
) -> dict[str, int]:
    """Put a backup into two databases that were migrated and hold nothing; all or nothing."""
    tables = {model._meta.db_table: model for model in _tables()}
    parts = _read(source, key)
    with as_owners(settings), transaction.atomic(), transaction.atomic(using=LINKS):
        begin = next(parts)
        _refuse_wrong(begin, manifest)
        if any(model._default_manager.exists() for model in tables.values()):
            raise NotEmpty
        for part in parts:
            if isinstance(part, Rows):
                _write(tables[part.table], part)
            elif isinstance(part, End):
                counts = part.counts
        for model in tables.values():
            _count_on(model)
    return counts


def _read(source: BinaryIO, key: Secret) -> Iterator[Begin | Rows | End]:
    """The parts of a file; the last is an End that counts as many rows as there were."""
    counts: dict[str, int] = {}
    for content, is_last in sealed_file.read(source, key=key):
        part = from_bytes(content, Begin | Rows | End)  # type: ignore[arg-type]  # a union has no type
        if isinstance(part, Rows):
            counts[part.table] = counts.get(part.table, 0) + len(part.rows)
        if isinstance(part, End) != is_last:
            raise BackupBroken
        if isinstance(part, End) and {t: n for t, n in part.counts.items() if n} != counts:
            raise BackupBroken
        yield part


def _refuse_wrong(begin: Begin | Rows | End, manifest: Manifest) -> None:
    if not isinstance(begin, Begin):
        raise BackupBroken
    if begin.campaign != manifest.campaign:
        raise OtherCampaign
    if begin.migrations != _migrations():
        raise OtherRelease


def _tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in _LEFT_OUT and model._meta.db_table not in _LEFT_OUT_TABLES
    ]


def _parts(model: type[models.Model]) -> Iterator[Rows]:
    columns = tuple(field.attname for field in model._meta.local_concrete_fields)
    last: object = None
    while True:
        rows = model._default_manager.order_by("pk")
        found = list((rows if last is None else rows.filter(pk__gt=last))[:_ROWS])
        if not found:
            return
        values = [[getattr(row, column) for column in columns] for row in found]
        yield Rows(model._meta.db_table, columns, values)
        last = found[-1].pk


def _write(model: type[models.Model], part: Rows) -> None:
    by_column = {field.attname: field for field in model._meta.local_concrete_fields}
    read = [by_column[column].to_python for column in part.columns]
    model._default_manager.bulk_create(
        [
            model(**{c: r(v) for c, r, v in zip(part.columns, read, row, strict=True)})
            for row in part.rows
        ],
        batch_size=500,
    )


def _count_on(model: type[models.Model]) -> None:
    """Let the next row that is numbered by the database follow those that were restored."""
    connection = connections[LinksApart().db_for_write(model)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _migrations() -> tuple[str, ...]:
    """The migrations of the names; those of the link are the same, recorded twice."""
    applied = MigrationRecorder(connections["default"]).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in applied))


@contextmanager
def _as_they_stand() -> Iterator[None]:
    """Read both databases as they are now, whatever is written meanwhile.

    Names first: a class that is validated in one has its numbers in the other, taken later.
    """
    opened = []
    try:
        for alias in ALIASES:
            with connections[alias].cursor() as cursor:
                cursor.execute(_SNAPSHOT[connections[alias].vendor])
                opened.append(alias)
                cursor.execute("SELECT 1 FROM django_migrations")
        yield
    finally:
        for alias in opened:
            with connections[alias].cursor() as cursor:
                cursor.execute("ROLLBACK")
