# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Two databases: names, and the link between a pupil and a number, apart.

Only the app `pseudonyms` lives in `links`; no other table may, and no query joins the two.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections, models

from encrier_names.settings import Settings
from encrier_names.stores import postgres, sqlite

LINKS: Final = "links"
ALIASES: Final = ("default", LINKS)
_APART: Final = "pseudonyms"


class LinksApart:
    """Django's router: who reads, writes and migrates where."""

    def db_for_read(self, model: type[models.Model], **_hints: object) -> str:
        return LINKS if model._meta.app_label == _APART else "default"

    def db_for_write(self, model: type[models.Model], **_hints: object) -> str:
        return self.db_for_read(model)

    def allow_relation(self, one: models.Model, other: models.Model, **_hints: object) -> bool:
        return (one._meta.app_label == _APART) == (other._meta.app_label == _APART)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        return (db == LINKS) == (app_label == _APART)


def databases(settings: Settings) -> dict[str, dict[str, object]]:
    """Django's DATABASES setting: PostgreSQL where the settings say so, else two SQLite files."""
    served = postgres.served(settings)
    if served is None:
        return sqlite.databases(settings.folder)
    return {schema.alias: postgres.connection(schema, owner=False) for schema in served}


@contextmanager
def as_owners(settings: Settings) -> Iterator[tuple[postgres.Schema, ...]]:
    """Let both connections be those of the owners for a while; on SQLite there is nobody else.

    Gives the schemas of PostgreSQL, none on SQLite. Raises OwnersNotSaid.
    """
    schemas = postgres.served(settings) or ()
    before = {schema.alias: dict(connections[schema.alias].settings_dict) for schema in schemas}
    try:
        for schema in schemas:
            _point(schema.alias, postgres.connection(schema, owner=True))
        yield schemas
    finally:
        for alias, settings_dict in before.items():
            _point(alias, settings_dict)


def take_turn(what: str, *, using: str = "default") -> None:
    """Inside a transaction: wait until nobody else is in one that takes this turn.

    On SQLite the transaction itself was that wait: it has one writer.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def forget_removed(models_emptied: Collection[type[models.Model]], settings: Settings) -> bool:
    """Let what was removed from these tables stand nowhere in the files of the databases.

    SQLite: its journal is emptied. PostgreSQL: the tables are written anew, which only their
    owners may do; False where the settings do not say them. The server's own journal and archives
    are not ours to reach: docs/operate/names.md.
    """
    schemas = postgres.served(settings)
    if schemas is None:
        for alias in ALIASES:
            sqlite.forget_journal(connections[alias])
        return True
    if any(schema.owner_url is None for schema in schemas):
        return False
    with as_owners(settings):
        for model in models_emptied:
            connection = connections[LinksApart().db_for_write(model)]
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"VACUUM (FULL) {table}")
    return True


def _point(alias: str, settings_dict: dict[str, object]) -> None:
    connections[alias].close()
    connections[alias].settings_dict.update(settings_dict)
