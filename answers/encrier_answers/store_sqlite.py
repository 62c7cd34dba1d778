# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store on one machine: an encrypted SQLite file (ChaCha20-Poly1305), WAL, fsync a commit.

Knows SQL and the store key; decides nothing (`sittings` does). Every column is one of five kinds,
written beside it: opaque, ciphertext, counter, minute, enum. A test reads them from here.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import apsw

from encrier.ids import BundleId, CampaignId, SittingId
from encrier.seal import Header
from encrier.secret import Secret
from encrier_answers import tables
from encrier_answers.sittings import Admitted, Kept, Sitting
from encrier_answers.store import (
    Arrival,
    KeptSave,
    ListMark,
    Outcome,
    SignInMark,
    StoreFull,
    StoreRefused,
    TakenList,
)

FILE: Final = "answers.db"
LOCK: Final = "answers.lock"
LOCK_WAIT_S: Final = 5.0  # a worker whose parent was killed takes a second to notice
VERSION: Final = 2
BUSY_MS: Final = 10_000
RESERVE: Final = 256 * 1024 * 1024  # bytes that saves leave free: reading and deleting need some
LOOK_EVERY_S: Final = 1.0

SCHEMA: Final = """
CREATE TABLE campaign (            -- one row: what this file is for
    id          BLOB NOT NULL      -- opaque
);
CREATE TABLE admission_list (      -- one row a list applied; never changed
    serial      INTEGER PRIMARY KEY, -- counter
    sha256      BLOB NOT NULL,     -- opaque
    n_rows      INTEGER NOT NULL   -- counter
);
CREATE TABLE admission (           -- one row a sitting; amended by later lists
    id          INTEGER PRIMARY KEY, -- counter
    sid         BLOB NOT NULL UNIQUE, -- opaque
    auth_sha256 BLOB NOT NULL,     -- opaque
    bundle      BLOB NOT NULL,     -- opaque
    terms       BLOB NOT NULL,     -- ciphertext
    opens       INTEGER,           -- minute
    closes      INTEGER,           -- minute
    is_open     INTEGER NOT NULL   -- enum
);
CREATE TABLE booklet_key (         -- one row a booklet, once names has handed its key over
    bundle      BLOB PRIMARY KEY,  -- opaque
    key         BLOB NOT NULL      -- opaque
);
CREATE TABLE save (                -- the newest envelope of each stream; replaced as a whole
    rank        INTEGER PRIMARY KEY AUTOINCREMENT, -- counter
    sid         BLOB NOT NULL,     -- opaque
    stream      BLOB NOT NULL,     -- opaque
    seq         INTEGER NOT NULL,  -- counter
    sha256      BLOB NOT NULL,     -- opaque
    envelope    BLOB NOT NULL,     -- ciphertext
    receipt     BLOB NOT NULL,     -- opaque
    UNIQUE (sid, stream)
);
CREATE TABLE sitting (             -- where each sitting begun stands
    id          INTEGER PRIMARY KEY, -- counter
    sid         BLOB NOT NULL UNIQUE, -- opaque
    progress    INTEGER NOT NULL,  -- enum
    percent     INTEGER NOT NULL,  -- counter
    unsent      INTEGER NOT NULL,  -- counter
    minute      INTEGER NOT NULL,  -- minute
    epoch       INTEGER,           -- counter
    seq         INTEGER,           -- counter
    stream      BLOB,              -- opaque
    box         BLOB NOT NULL,     -- ciphertext
    box_minute  INTEGER NOT NULL   -- minute
);
CREATE INDEX sitting_box ON sitting (box_minute) WHERE length(box) > 0;
"""

_KEPT: Final = "SELECT seq, sha256, receipt FROM save WHERE sid = ? AND stream = ?"
# REPLACE deletes the older save of the stream and gives the new one the next rank.
_KEEP: Final = """
INSERT OR REPLACE INTO save (sid, stream, seq, sha256, envelope, receipt)
VALUES (?, ?, ?, ?, ?, ?)"""
_SITTING: Final = """
SELECT sid, progress, percent, unsent, minute, epoch, seq, stream, box, box_minute
FROM sitting WHERE sid = ?"""
_PUT_SITTING: Final = """
INSERT INTO sitting (sid, progress, percent, unsent, minute, epoch, seq, stream, box, box_minute)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sid) DO UPDATE SET progress = excluded.progress, percent = excluded.percent,
    unsent = excluded.unsent, minute = excluded.minute, epoch = excluded.epoch,
    seq = excluded.seq, stream = excluded.stream, box = excluded.box,
    box_minute = excluded.box_minute"""
_ADMIT: Final = """
INSERT INTO admission (sid, auth_sha256, bundle, terms, opens, closes, is_open)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sid) DO UPDATE SET auth_sha256 = excluded.auth_sha256, bundle = excluded.bundle,
    terms = excluded.terms, opens = excluded.opens, closes = excluded.closes,
    is_open = excluded.is_open"""


class SqliteStore:
    """The store in a folder. Three connections: one writes, one answers sign-ins, one drains."""

    is_remote = False

    def __init__(self, folder: Path, *, key: Secret, campaign: CampaignId) -> None:
        """Open the file, or make it; raises StoreRefused if it is not this campaign's."""
        self._path, self._key, self._room = folder / FILE, key, _Room(folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            self._write = self._connect()
            self._prepare(campaign)
            self._look, self._scan = self._connect(), self._connect()
        except (apsw.Error, OSError) as error:
            raise StoreRefused from error

    def close(self) -> None:
        for connection in (self._look, self._scan, self._write):
            connection.close()

    def put_batch(self, batch: Sequence[Arrival | SignInMark]) -> list[Outcome]:
        """Keep a batch in one transaction, durable on return; raises StoreFull, nothing kept."""
        self._room.check()
        with _Transaction(self._write):
            return [self._put(entry) for entry in batch]

    def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands."""
        return _find(self._look, sid)

    def drain(self, after: int, *, at_most: int, at_most_bytes: int) -> list[KeptSave]:
        """The saves changed after a rank, oldest change first; at least one if there is any."""
        sql = "SELECT rank, envelope, receipt FROM save WHERE rank > ? ORDER BY rank LIMIT ?"
        rows = self._scan.execute(sql, (after, at_most))
        return tables.bounded(rows, at_most_bytes=at_most_bytes)

    def forget(self, *, boxes_before: int) -> int:
        """Delete the resume boxes older than a minute; how many there were."""
        sql = "UPDATE sitting SET box = x'' WHERE length(box) > 0 AND box_minute < ?"
        with _Transaction(self._write):
            self._write.execute(sql, (boxes_before,))
            return self._write.changes()

    def admit(self, taken: TakenList) -> None:
        """Keep an admission list, all of it or nothing; a list that is kept already stays as it is.

        Who sent it may have waited too long to hear, and sends it again.
        """
        mark = taken.mark
        known = "SELECT 1 FROM admission_list WHERE serial = ? AND sha256 = ?"
        with _Transaction(self._write):
            if self._write.execute(known, (mark.serial, mark.sha256)).fetchone():
                return
            self._write.executemany(_ADMIT, map(tables.row_of_admitted, taken.rows))
            self._write.executemany(
                "INSERT OR REPLACE INTO booklet_key (bundle, key) VALUES (?, ?)",
                taken.keys.items(),
            )
            self._write.execute(
                "INSERT INTO admission_list (serial, sha256, n_rows) VALUES (?, ?, ?)",
                (mark.serial, mark.sha256, mark.n_rows),
            )

    def lists(self) -> list[ListMark]:
        """The admission lists applied so far, oldest first."""
        sql = "SELECT serial, sha256, n_rows FROM admission_list ORDER BY serial"
        return [ListMark(*row) for row in self._scan.execute(sql)]

    def booklet_keys(self) -> dict[BundleId, bytes]:
        """The keys of booklets that names has handed over."""
        found = self._scan.execute("SELECT bundle, key FROM booklet_key")
        return {BundleId(bundle): key for bundle, key in found}

    def admissions(self) -> Iterator[Admitted]:
        """All sittings that may be taken."""
        sql = "SELECT sid, auth_sha256, bundle, terms, opens, closes, is_open FROM admission"
        yield from map(tables.admitted_of, self._scan.execute(sql))

    def sittings(self) -> Iterator[Sitting]:
        """All sittings begun, without their boxes."""
        sql = "SELECT sid, progress, percent, unsent, minute FROM sitting"
        yield from map(tables.begun_of, self._scan.execute(sql))

    def count_saves(self) -> int:
        """How many envelopes are kept."""
        (number,) = next(self._scan.execute("SELECT count(*) FROM save"))
        return int(number)

    def last_rank(self) -> int:
        """The last rank that was given: SQLite keeps it in a table of its own."""
        found = self._scan.execute("SELECT seq FROM sqlite_sequence WHERE name = 'save'").fetchone()
        return int(found[0]) if found else 0

    def _put(self, entry: Arrival | SignInMark) -> Outcome:
        before = _find(self._write, tables.sid_of(entry))
        kept = self._kept(entry.header) if isinstance(entry, Arrival) else None
        outcome, sitting = tables.decide(entry, before=before, kept=kept)
        if sitting is None:
            return outcome
        if isinstance(entry, Arrival):
            h = entry.header
            row = (h.sid, h.stream, h.seq, entry.sha256, entry.envelope, entry.receipt)
            self._write.execute(_KEEP, row)
        self._write.execute(_PUT_SITTING, tables.row_of_sitting(sitting))
        return outcome

    def _kept(self, header: Header) -> Kept | None:
        row = self._write.execute(_KEPT, (header.sid, header.stream)).fetchone()
        return Kept(*row) if row else None

    def _connect(self) -> apsw.Connection:
        connection = connect(self._path, key=self._key)
        connection.pragma("journal_mode", "wal")
        connection.pragma("wal_autocheckpoint", 4000)
        connection.pragma("secure_delete", "fast")
        return connection

    def _prepare(self, campaign: CampaignId) -> None:
        """Make the tables of a new file; refuse another campaign's or another release's."""
        with _Transaction(self._write):
            version = self._write.pragma("user_version")
            if version == 0:
                self._write.execute(SCHEMA)
                self._write.execute("INSERT INTO campaign (id) VALUES (?)", (campaign,))
                self._write.pragma("user_version", VERSION)
                return
        found = self._write.execute("SELECT id FROM campaign").fetchone()
        if version != VERSION or found != (campaign,):
            raise StoreRefused(
                "This folder holds another campaign, or was written by another release.",
                "Give each campaign its own folder.",
            )


class _Room:
    """The free space of a folder's disk, looked at once a second."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._looked_at, self._is_enough = folder, -LOOK_EVERY_S, True

    def check(self) -> None:
        """Refuse before the disk is full, not after; raises StoreFull."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            self._is_enough = shutil.disk_usage(self._folder).free >= RESERVE
        if not self._is_enough:
            raise StoreFull


class FolderLock:
    """Held by the server while it runs: two servers on one folder would lose envelopes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)

    def __enter__(self) -> Self:
        """Take the lock; raises StoreRefused if another server still holds it after a while."""
        until = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > until:
                    raise StoreRefused(
                        "Another server runs on this folder.", "Stop it, then start this one."
                    ) from error
                time.sleep(0.05)
            else:
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, b"%d" % os.getpid(), 0)  # for who would end it
                return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def server_of(folder: Path) -> int | None:
    """The process that serves from this folder; None: nobody does."""
    try:
        file = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        written = os.pread(file, 20, 0)
        return int(written) if written.isdigit() else None
    finally:
        os.close(file)
    return None


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT; rolled back on any error, and a full disk said as StoreFull."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except (apsw.BusyError, apsw.FullError) as error:
            raise StoreFull from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._connection.execute("COMMIT")
                return
        except (apsw.BusyError, apsw.FullError) as full:
            self._roll_back()
            raise StoreFull from full
        self._roll_back()
        if isinstance(error, apsw.BusyError | apsw.FullError):
            raise StoreFull from error

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # SQLite has already rolled back some errors itself
            self._connection.execute("ROLLBACK")


def connect(path: Path, *, key: Secret) -> apsw.Connection:
    """A connection to an encrypted file; a wrong key shows at the first question only."""
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    connection.pragma("cipher", "chacha20")
    # The key is 32 random bytes: no passphrase, so no derivation (25 ms a connection).
    connection.pragma("key", "raw:" + key.reveal().hex())
    connection.pragma("page_size", 8192)  # an envelope and its row are 2.5 KiB
    connection.pragma("synchronous", "full")  # fsync at each commit, before the receipt
    connection.pragma("temp_store", "memory")  # nothing in clear beside the file
    return connection


def _find(connection: apsw.Connection, sid: SittingId) -> Sitting | None:
    row = connection.execute(_SITTING, (sid,)).fetchone()
    return tables.sitting_of(row) if row else None
