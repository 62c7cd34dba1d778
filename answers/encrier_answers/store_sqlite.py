# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store on one machine: an encrypted SQLite file (ChaCha20-Poly1305), WAL, fsync a commit.

Knows the file and the store key; decides nothing (`sittings` does). A batch is written at the end
of a log; what the log says of each sitting is remembered (`recall`), and folded into tables little
by little. One process writes: what it remembers is what is on disk.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import apsw
from msgspec.structs import replace

from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.seal import Header, Kind
from encrier.secret import Secret
from encrier_answers import sqlite_sql as sql
from encrier_answers import tables
from encrier_answers.folder import Room
from encrier_answers.recall import Draft, Known, Newest, Recall, Row, Work, moved
from encrier_answers.sittings import Admitted, Progress, Sitting, after_save, after_sign_in
from encrier_answers.store import (
    Arrival,
    KeptSave,
    ListMark,
    Outcome,
    SignInMark,
    StoreFull,
    StoreRefused,
    TakenList,
    draw_id,
)

FILE: Final = "answers.db"
CACHE_KIB: Final = 64 * 1024  # of pages in clear, a connection: each read from disk is opened anew
BUSY_MS: Final = 10_000
READS: Final = 5  # of a sitting that changes while it is read


class SqliteStore:
    """The store in a folder. Connections: one writes, one for sign-ins, one drains, one tidies."""

    is_remote = False
    id: bytes

    def __init__(self, folder: Path, *, key: Secret, campaign: CampaignId) -> None:
        """Open the file, or make it; raises StoreRefused if it is not this campaign's."""
        self._path, self._key, self._room = folder / FILE, key, Room(folder)
        self._tidying, self._is_closed = threading.Lock(), False
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            self._write = self._connect()
            self._prepare(campaign)
            self._look, self._scan, self._copy = (self._connect() for _ in range(3))
            self._recall = self._remember()
            (self._last_mark,) = next(self._write.execute(sql.LAST_MARK))
            (self.id,) = next(self._write.execute("SELECT store FROM campaign"))
        except (apsw.Error, OSError) as error:
            raise StoreRefused from error

    def close(self) -> None:
        with self._tidying:
            self._is_closed = True
            for connection in (self._look, self._scan, self._copy, self._write):
                connection.close()

    def put_batch(self, batch: Sequence[Arrival | SignInMark]) -> list[Outcome]:
        """Keep a batch in one transaction, durable on return; raises StoreFull, nothing kept.

        A batch of nothing is written all the same: so one sees whether the disk takes saves.
        """
        self._room.check()
        write = self._write
        draft = Draft(self._recall, lambda sid: _find(write, sid), self._read)
        outcomes = [draft.put(entry) for entry in batch]
        if batch and not (draft.rows or draft.marks):
            return outcomes  # all is on disk: who asks again is answered, however slow that is
        work = self._recall.work(len(batch), last_mark=self._last_mark)
        with _Transaction(write):
            self._keep(draft, work)
        self._recall.learn(draft, work)
        self._last_mark += len(draft.marks)
        return outcomes

    def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands."""
        known = None
        for _ in range(READS):
            known = self._recall.known.get(sid) or _find(self._look, sid)
            if known is None or known.box_rank == 0:
                break
            box = self._look.execute(sql.BOX, (known.box_rank,)).fetchone()
            if box is not None:  # else a newer save has just taken its place
                return replace(known.sitting, box=box[0])
        return known.sitting if known else None

    def drain(self, after: int, *, at_most: int, at_most_bytes: int) -> list[KeptSave]:
        """The saves changed after a rank, oldest change first; at least one if there is any."""
        rows = self._scan.execute(sql.DRAIN, (after,))
        newest = (row for row in rows if not self._recall.is_dead(row[0]))
        return tables.bounded(islice(newest, at_most), at_most_bytes=at_most_bytes)

    def note_pulled(self, rank: int) -> None:
        """Results has all up to a rank; believed once nothing is newer than that."""
        with _Transaction(self._write):
            self._write.execute(sql.NOTE_PULLED, {"rank": rank})

    def drained(self) -> int:
        """The rank up to which each save, or a newer one of its stream, is on results' disk."""
        (rank,) = next(self._scan.execute(sql.DRAINED))
        return int(rank)

    def forget(self, *, boxes_before: int) -> int:
        """Delete the resume boxes older than a minute; how many there were."""
        with _Transaction(self._write):
            self._write.execute(sql.FORGET, (boxes_before,))
            return self._write.changes()

    def tidy(self) -> None:
        """Copy what the log holds into the file, beside the writer.

        Else it did so itself, in the middle of a commit: half a second for whoever waits.
        """
        with self._tidying, suppress(apsw.BusyError, apsw.FullError, apsw.IOError):
            if not self._is_closed:  # what is wrong with the disk, the writer will say
                self._copy.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def admit(self, taken: TakenList) -> None:
        """Keep an admission list, all of it or nothing; a list that is kept already stays as it is.

        Who sent it may have waited too long to hear, and sends it again.
        """
        mark = taken.mark
        known = "SELECT 1 FROM admission_list WHERE serial = ? AND sha256 = ?"
        with _Transaction(self._write):
            if self._write.execute(known, (mark.serial, mark.sha256)).fetchone():
                return
            self._write.executemany(sql.ADMIT, map(tables.row_of_admitted, taken.rows))
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
        found = self._scan.execute(sql.LISTS)
        return [ListMark(*row) for row in found]

    def booklet_keys(self) -> dict[BundleId, bytes]:
        """The keys of booklets that names has handed over."""
        found = self._scan.execute("SELECT bundle, key FROM booklet_key")
        return {BundleId(bundle): key for bundle, key in found}

    def admissions(self) -> Iterator[Admitted]:
        """All sittings that may be taken."""
        yield from map(tables.admitted_of, self._scan.execute(sql.ADMISSIONS))

    def sittings(self) -> Iterator[Sitting]:
        """All sittings begun, without their boxes."""
        remembered = dict(self._recall.known)
        for row in self._scan.execute(sql.SITTINGS):
            known = remembered.pop(row[0], None)
            yield known.sitting if known else _known(row, {}).sitting
        yield from (known.sitting for known in remembered.values())

    def count_saves(self) -> int:
        """How many envelopes are kept that no newer one has replaced."""
        (number,) = next(self._scan.execute(sql.COUNT))
        return int(number) - self._recall.n_dead

    def last_rank(self) -> int:
        """The last rank that was given: SQLite keeps it in a table of its own."""
        (rank,) = next(self._scan.execute(sql.LAST_RANK))
        return int(rank)

    def _keep(self, draft: Draft, work: Work) -> None:
        """Write a batch, and what is folded and swept with it."""
        write = self._write
        write.executemany(sql.KEEP, map(_row_of_save, draft.rows.values()))
        for blanked in draft.blanked:
            rank = blanked
            while row := write.execute(sql.BLANK, (rank,)).fetchone():
                (rank,) = row
        marks = enumerate(draft.marks, start=self._last_mark + 1)
        write.executemany(sql.MARK, [(at, mark.sid, mark.minute) for at, mark in marks])
        write.executemany(sql.FOLD_SITTING, map(_row_of_sitting, work.folded))
        streams = [row for known in work.folded for row in _rows_of_streams(known)]
        write.executemany(sql.FOLD_STREAM, streams)
        if work.marks_to is not None:
            write.execute(sql.FOLDED_MARKS, (work.marks_to,))
        write.executemany(sql.SWEEP, [(rank,) for rank in work.swept])
        write.execute(sql.NOTE, (work.folded_to, work.swept_to))

    def _read(self, rank: int) -> tuple[bytes, bytes]:
        """The receipt and the box of a save."""
        receipt, box = next(self._write.execute(sql.READ, (rank,)))
        return bytes(receipt), bytes(box)

    def _remember(self) -> Recall:
        """Read what the log says beyond its tables."""
        (folded, swept), write = next(self._write.execute(sql.DONE)), self._write
        (rank,) = next(write.execute(sql.LAST_RANK))
        recall = Recall(rank=rank, folded=folded)
        for row in write.execute(sql.REPLAY, (min(folded, swept),)):
            rank, older = row[0], row[-1]
            if rank > swept:
                recall.replaced(rank, older)
            if rank > folded:
                before = recall.known.get(row[1]) or _find(self._scan, row[1])
                known = _replayed(row, before)
                recall.take({known.sitting.sid: known})
        for sid, minute in write.execute(sql.MARKS):
            before = recall.known.get(sid) or _find(self._scan, sid)
            after = after_sign_in(before.sitting if before else None, sid, minute=minute)
            recall.take({SittingId(sid): moved(before, after)})
        return recall

    def _connect(self) -> apsw.Connection:
        connection = connect(self._path, key=self._key)
        connection.pragma("journal_mode", "wal")
        connection.pragma("wal_autocheckpoint", 8_000)  # 128 MiB: a page is copied back less often
        connection.pragma("cache_size", -CACHE_KIB)
        connection.pragma("secure_delete", "fast")
        return connection

    def _prepare(self, campaign: CampaignId) -> None:
        """Make the tables of a new file; refuse another campaign's or another release's."""
        with _Transaction(self._write):
            version = self._write.pragma("user_version")
            if version == 0:
                self._write.execute(sql.SCHEMA)
                self._write.execute("INSERT INTO campaign VALUES (?, ?, 0)", (campaign, draw_id()))
                self._write.execute("INSERT INTO done (folded, swept) VALUES (0, 0)")
                self._write.pragma("user_version", sql.VERSION)
                return
        found = self._write.execute("SELECT id FROM campaign").fetchone()
        if version != sql.VERSION or found != (campaign,):
            raise StoreRefused(
                "This folder holds another campaign, or was written by another release.",
                "Give each campaign its own folder.",
            )


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
    connection.pragma("page_size", 16_384)  # an envelope and its row are 3.2 KiB
    connection.pragma("synchronous", "full")  # fsync at each commit, before the receipt
    connection.pragma("temp_store", "memory")  # nothing in clear beside the file
    return connection


def _find(connection: apsw.Connection, sid: SittingId) -> Known | None:
    """What the tables say of a sitting."""
    row = connection.execute(sql.SITTING, (sid,)).fetchone()
    if row is None:
        return None
    found = connection.execute(sql.STREAMS, (sid,))
    return _known(row, {StreamId(stream): Newest(*newest) for stream, *newest in found})


def _known(row: Sequence[Any], streams: dict[StreamId, Newest]) -> Known:
    *columns, box_rank, box_minute = row
    return Known(tables.sitting_of((*columns, b"", box_minute)), box_rank, streams)


def _row_of_sitting(known: Known) -> tuple[Any, ...]:
    *columns, _box, box_minute = tables.row_of_sitting(known.sitting)
    return (*columns, known.box_rank, box_minute)


def _rows_of_streams(known: Known) -> Iterator[tuple[Any, ...]]:
    for stream, newest in sorted(known.streams.items()):
        yield known.sitting.sid, stream, newest.seq, newest.sha256, newest.rank


def _row_of_save(row: Row) -> tuple[Any, ...]:
    entry, h = row.arrival, row.arrival.header
    return (
        *(row.rank, h.sid, h.stream, h.epoch, h.seq, int(h.kind), h.progress),
        *(entry.unsent, entry.minute, row.older),
        *(entry.sha256, entry.receipt, row.box, entry.envelope),
    )


def _replayed(row: Sequence[Any], before: Known | None) -> Known:
    """A sitting once a row of the log is read again; one that is known already changes nothing."""
    rank, sid, stream, epoch, seq, kind, percent, unsent, minute, sha256, box_size, _ = row
    header = Header(
        KeyId(b""), CampaignId(b""), sid, stream, epoch, seq, Kind(kind), BundleId(b""), percent
    )
    sitting = before.sitting if before else None
    after = after_save(sitting, header, unsent=unsent, box=b"", minute=minute)
    box_rank = before.box_rank if before else 0
    if box_size:
        box_rank = rank
    elif after.newest == (epoch, seq, stream) or after.progress is Progress.FINISHED:
        box_rank = 0
    streams = before.streams if before else {}
    known = streams.get(stream)
    if known is None or known.rank < rank:
        streams = {**streams, stream: Newest(seq, sha256, rank)}
    return Known(after, box_rank, streams)
