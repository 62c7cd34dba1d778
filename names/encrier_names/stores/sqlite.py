# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQLite: two files in a folder, for one machine."""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper


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
        for alias, name in (("default", "names.sqlite3"), ("links", "links.sqlite3"))
    }


def forget_journal(connection: BaseDatabaseWrapper) -> None:
    """Empty the journal of one database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
