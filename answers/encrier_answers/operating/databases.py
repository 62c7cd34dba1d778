# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator asks of the PostgreSQL behind the zone: is it durable, go on above its ranks.

Knows SQL and the address of the database; reads no envelope.
"""

from contextlib import closing
from datetime import datetime
from typing import Any, Final

import psycopg

from encrier.records import Record
from encrier.secret import SecretText
from encrier_answers.disks import checked
from encrier_answers.operating import ranks
from encrier_answers.store import StoreRefused, draw_id

CONNECT_S: Final = 5
_LAST_RANK: Final = "SELECT coalesce(max(rank), 0) FROM node"
_RAISE: Final = "UPDATE node SET rank = greatest(rank, %s), pulled = 0, drained = 0"
_SHOWN: Final = "SELECT current_setting(%s)"
# Another role sees the rows of its own connections only: a standby then shows without its state.
_STANDBYS: Final = """
SELECT count(*), count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')), count(sync_state)
FROM pg_stat_replication"""
_LAST_MINUTE: Final = "SELECT max(minute) FROM sitting"
_ADMITTED: Final = "SELECT count(*) FROM admission"


class DatabaseFacts(Record, frozen=True):
    """What a PostgreSQL says of itself."""

    version: int  # 150004
    fsync: bool
    full_page_writes: bool
    wants_standby: bool  # a commit waits for another machine
    n_standbys: int
    n_synchronous: int
    sees_standbys: bool  # the role may read their state
    admitted: int
    last_minute: int | None


def facts(url: SecretText) -> DatabaseFacts:
    """Ask it; raises StoreRefused."""
    try:
        with closing(_connected(url)) as database:
            n_all, n_sync, n_seen = _one(database, _STANDBYS)
            has_tables = _one(database, "SELECT to_regclass('admission') IS NOT NULL")[0]
            return DatabaseFacts(
                version=database.info.server_version,
                fsync=_is_on(database, "fsync"),
                full_page_writes=_is_on(database, "full_page_writes"),
                wants_standby=bool(_one(database, _SHOWN, "synchronous_standby_names")[0]),
                n_standbys=n_all,
                n_synchronous=n_sync,
                sees_standbys=n_seen == n_all,
                admitted=_one(database, _ADMITTED)[0] if has_tables else 0,
                last_minute=_one(database, _LAST_MINUTE)[0] if has_tables else None,
            )
    except psycopg.Error as error:
        raise _refused() from error


def raise_ranks(url: SecretText, *, at: datetime) -> int:
    """After the database was put back: every node goes on above any rank; raises StoreRefused.

    How many nodes there are. A node that runs takes the new rank at its next save.
    """
    try:
        with closing(_connected(url)) as database, database.transaction():
            minute = _one(database, _LAST_MINUTE)[0]
            last = _one(database, _LAST_RANK)[0]
            after = ranks.after_restore(last, newest_minute=minute, at=at)
            database.execute("UPDATE campaign SET store = %s", (draw_id(),))  # another store
            return database.execute(_RAISE, (after,)).rowcount
    except psycopg.Error as error:
        raise _refused() from error


def _connected(url: SecretText) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        checked(url).words(),
        autocommit=True,
        connect_timeout=CONNECT_S,
        application_name="encrier answers",
        target_session_attrs="read-write",
    )


def _one(
    database: psycopg.Connection[tuple[Any, ...]], asked: str, *values: object
) -> tuple[Any, ...]:
    row = database.execute(asked, values).fetchone()
    assert row is not None  # noqa: S101 each of these statements has one row
    return row


def _is_on(database: psycopg.Connection[tuple[Any, ...]], setting: str) -> bool:
    return bool(_one(database, _SHOWN, setting)[0] == "on")


def _refused() -> StoreRefused:
    return StoreRefused(
        "The database of the answers zone cannot be opened, or has no tables of it.",
        "Check DATABASE in the settings.",
    )
