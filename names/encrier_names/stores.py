# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Two databases: names, and the link between a pupil and a number, apart.

Only the app `pseudonyms` lives in `links`; no other table may, and no query joins the two.
"""

from pathlib import Path
from typing import Final

from django.db import connections, models

LINKS: Final = "links"
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


def databases(folder: Path) -> dict[str, dict[str, object]]:
    """Django's DATABASES setting for SQLite files in a folder."""
    return {
        alias: {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / name),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # two writers wait; none fails half-way
                "timeout": 10,  # seconds
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA secure_delete=ON",
            },
        }
        for alias, name in (("default", "names.sqlite3"), (LINKS, "links.sqlite3"))
    }


def forget_journals() -> None:
    """Empty SQLite's journals: until then what was removed still stands in them."""
    for alias in ("default", LINKS):
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
