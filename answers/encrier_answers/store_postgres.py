# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store on PostgreSQL: a few statements a batch, each for all of its rows, then one commit.

Knows the database and the store key; decides nothing (`sittings` does). One process writes for
one node: whoever starts takes the node's identity over, and the process that had it ends at its
next save. Several nodes may share a database. Docs: docs/operate/answers.md.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from operator import itemgetter
from typing import Any, Final, TypeVar

import psycopg
from msgspec.structs import replace
from psycopg import errors
from psycopg.abc import PQGen

from encrier import boxes
from encrier.errors import BadRecord
from encrier.ids import BundleId, CampaignId, SittingId, StreamId
from encrier.secret import Secret, SecretText
from encrier_answers import postgres_sql as sql
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
    draw_id,
)

CONNECT_S: Final = 2  # a host; one that is gone must not keep us from the other
STATEMENT_MS: Final = 8_000  # less than a browser's save waits
UNANSWERED_MS: Final = 5_000  # a machine that left without a word is given up
SILENCE_S: Final = 9.0  # a commit has no timeout of its own, and may wait for a lost standby
_ROWS: Final = 10_000  # of an admission list a statement, of a long answer at a time

logging.getLogger("psycopg").setLevel(logging.ERROR)  # else it names hosts in our log

Answer = TypeVar("Answer")
Place = tuple[SittingId, StreamId]


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """One that gives a silent server up, without a word to it.

    Never cancel instead: a commit that is cancelled while it waits for the standby is acknowledged.
    """

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """As psycopg waits, but not for ever."""
        return super().wait(gen, interval, SILENCE_S if timeout is None else timeout)


class NodeTaken(Exception):
    """Another process has taken this node's identity over; this one may not write any more."""


class PostgresStore:
    """The store in a database. Three connections: one writes, one answers sign-ins, one drains."""

    is_remote = True
    id: bytes

    def __init__(
        self,
        url: SecretText,
        *,
        key: Secret,
        campaign: CampaignId,
        node: bytes,
        to_write: bool = True,
    ) -> None:
        """Make the tables, or find them; raises StoreRefused if they are not this campaign's.

        to_write: from here on this process alone writes for this node. Else nothing is made.
        """
        self._url, self._key, self._node = url, key, node
        self._holder = secrets.token_bytes(8)
        try:
            with ExitStack() as half_open:
                self._write = half_open.enter_context(closing(self._connect()))
                if to_write:
                    self._make(campaign)
                self._refuse_another(campaign)
                self._look = half_open.enter_context(closing(_Reader(self._connect)))
                self._scan = half_open.enter_context(closing(_Reader(self._connect)))
                half_open.pop_all()
        except psycopg.Error as error:
            raise StoreRefused(
                "The database of the answers zone cannot be opened.",
                "Check DATABASE in the settings, and that its role may make tables.",
            ) from error

    def close(self) -> None:
        for connection in (self._look, self._scan, self._write):
            connection.close()

    def put_batch(self, batch: Sequence[Arrival | SignInMark]) -> list[Outcome]:
        """Keep a batch in one transaction, durable on return; raises StoreFull, NodeTaken.

        After StoreFull a batch may be kept all the same, where the line was cut during the commit:
        sent again, each save gets the receipt that is on disk.
        """
        with self._writing() as connection:
            rank = self._own_rank(connection)
            drawn = _Drawn(
                _locked(connection, {tables.sid_of(entry) for entry in batch}),
                _kept(connection, [_place(e) for e in batch if isinstance(e, Arrival)]),
            )
            outcomes = [drawn.put(entry) for entry in batch]
            _write_saves(connection, drawn.saves, node=self._node, after=rank)
            rows = [tables.row_of_sitting(sitting) for sitting in drawn.sittings.values()]
            _by_column(connection, sql.PUT_SITTINGS, rows)
            if drawn.saves:
                connection.execute(sql.NOTE_RANK, (rank + len(drawn.saves), self._node))
        ranks = {place: at for at, place in enumerate(drawn.saves, start=rank + 1)}
        return [_ranked(*pair, ranks) for pair in zip(batch, outcomes, strict=True)]

    def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands."""
        rows = self._look.all(sql.LAST, (sid,))
        return tables.sitting_of(rows[0]) if rows else None

    def drain(self, after: int, *, at_most: int, at_most_bytes: int) -> list[KeptSave]:
        """The saves of this node changed after a rank, oldest first; at least one if there is any.

        One process draws a node's ranks and commits them in their order, so that none comes late.
        """
        rows = self._scan.all(sql.DRAIN, (self._node, after, at_most))
        return tables.bounded(rows, at_most_bytes=at_most_bytes)

    def note_pulled(self, rank: int) -> None:
        """Results has all of this node up to a rank; believed once all of every node is pulled."""
        with self._writing() as connection:
            connection.execute(sql.NOTE_PULLED, {"rank": rank, "node": self._node})
            connection.execute(sql.NOTE_DRAINED)

    def drained(self) -> int:
        """The rank up to which each save, or a newer one of its stream, is on results' disk."""
        ((rank,),) = self._scan.all(sql.DRAINED, (self._node,))
        return int(rank)

    def forget(self, *, boxes_before: int) -> int:
        """Delete the resume boxes older than a minute; how many there were."""
        with self._writing() as connection:
            return connection.execute(sql.FORGET, (boxes_before,)).rowcount

    def tidy(self) -> None:
        """Nothing: the database has processes of its own for it."""

    def admit(self, taken: TakenList) -> None:
        """Keep an admission list, all of it or nothing; a list that is kept already stays as it is.

        Who sent it may have waited too long to hear, and sends it again, here or to another node.
        """
        mark = taken.mark
        with self._writing() as connection:
            if connection.execute(sql.KNOWN_LIST, (mark.serial, mark.sha256)).fetchone():
                return
            rows = sorted(map(tables.row_of_admitted, taken.rows), key=itemgetter(0))
            for at in range(0, len(rows), _ROWS):
                _by_column(connection, sql.ADMIT, rows[at : at + _ROWS])
            for bundle, key in sorted(taken.keys.items()):
                box = boxes.close(key, key=self._key.reveal(), context=_context(bundle))
                connection.execute(sql.KEEP_KEY, (bundle, box))
            connection.execute(sql.KEEP_LIST, (mark.serial, mark.sha256, mark.n_rows))

    def lists(self) -> list[ListMark]:
        """The admission lists applied so far, oldest first."""
        return [ListMark(*row) for row in self._scan.all(sql.LISTS)]

    def booklet_keys(self) -> dict[BundleId, bytes]:
        """The keys of booklets that names has handed over; raises StoreRefused."""
        key = self._key.reveal()
        try:
            return {
                BundleId(bundle): boxes.open_(box, key=key, context=_context(bundle))
                for bundle, box in self._scan.all(sql.KEYS)
            }
        except BadRecord as error:
            raise StoreRefused(
                "This database was written under another store key.",
                "Give STORE_KEY the key that its first node has.",
            ) from error

    def admissions(self) -> Iterator[Admitted]:
        """All sittings that may be taken."""
        yield from map(tables.admitted_of, self._scan.each(sql.ADMISSIONS))

    def sittings(self) -> Iterator[Sitting]:
        """All sittings begun, without their boxes."""
        yield from map(tables.begun_of, self._scan.each(sql.SITTINGS))

    def count_saves(self) -> int:
        """How many envelopes are kept, of all nodes."""
        ((number,),) = self._scan.all(sql.COUNT_SAVES)
        return int(number)

    def last_rank(self) -> int:
        """The last rank that this node gave."""
        rows = self._scan.all(sql.LAST_RANK, (self._node,))
        return int(rows[0][0]) if rows else 0

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction; whatever the database has against it is said as StoreFull."""
        try:
            if self._write.closed:
                self._write = self._connect()
            with self._write.transaction():
                yield self._write
        except (psycopg.OperationalError, psycopg.InternalError) as error:
            self._write.close()  # the next one may lead to another server
            raise StoreFull from error

    def _own_rank(self, connection: Connection) -> int:
        """The last rank that this node gave; raises NodeTaken."""
        rank, holder = connection.execute(sql.HELD, (self._node,)).fetchone() or (0, b"")
        if holder != self._holder:
            raise NodeTaken
        return int(rank)

    def _connect(self) -> Connection:
        return Connection.connect(
            self._url.words(),
            autocommit=True,
            connect_timeout=CONNECT_S,
            application_name="encrier answers",
            options=f"-c statement_timeout={STATEMENT_MS} -c synchronous_commit=on",
            tcp_user_timeout=UNANSWERED_MS,
            keepalives_idle=2,  # s; a commit waits in silence, with nothing unanswered
            keepalives_interval=1,  # s
            keepalives_count=3,
            target_session_attrs="read-write",
            load_balance_hosts="random",  # not again and again the one that is silent
        )

    def _make(self, campaign: CampaignId, *, again: bool = True) -> None:
        """Make the tables of a new database, and take the node over."""
        try:
            with self._write.transaction():
                self._write.execute(sql.SCHEMA)
                self._write.execute(sql.FOR_CAMPAIGN, (campaign, sql.VERSION, draw_id()))
                self._refuse_another(campaign)
                self._write.execute(sql.HOLD, (self._node, self._holder))
        except (errors.IntegrityError, errors.DuplicateTable):
            if not again:
                raise
            self._make(campaign, again=False)  # another node made them at this moment

    def _refuse_another(self, campaign: CampaignId) -> None:
        """Refuse another campaign's tables, or another release's."""
        found = self._write.execute(sql.CAMPAIGN).fetchall()
        if [row[:2] for row in found] != [(campaign, sql.VERSION)]:
            raise StoreRefused(
                "This database holds another campaign, or was written by another release.",
                "Give each campaign its own database.",
            )
        self.id = bytes(found[0][2])


class _Reader:
    """A connection that reads, for one thread at a time; made anew once it is broken."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect, self._lock = connect, threading.Lock()
        self._connection = connect()

    def all(self, asked: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of an answer; raises StoreFull where none comes."""
        with self._lock:
            try:
                return self._rows(asked, values)
            except StoreFull:  # the connection may have died long ago, unused
                return self._rows(asked, values)

    def each(self, asked: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, a part at a time; raises StoreFull."""
        self.all("SELECT 1")  # so that a connection that died unused is not found dead half way
        with (
            self._lock,
            self._reading() as connection,
            connection.transaction(),
            connection.cursor("each") as cursor,
        ):
            cursor.itersize = _ROWS
            yield from cursor.execute(asked, binary=True)

    def close(self) -> None:
        self._connection.close()

    def _rows(self, asked: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._reading() as connection:
            return connection.execute(asked, values, binary=True).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            if self._connection.closed:
                self._connection = self._connect()
            yield self._connection
        except psycopg.OperationalError as error:
            self._connection.close()
            raise StoreFull from error


class _Drawn:
    """What becomes of a batch, entry after entry, before any of it is written."""

    def __init__(self, known: dict[SittingId, Sitting | None], kept: dict[Place, Kept]) -> None:
        self._known, self._kept = known, kept
        self.saves: dict[Place, Arrival] = {}  # to be written, in the order of their ranks
        self.sittings: dict[SittingId, Sitting] = {}

    def put(self, entry: Arrival | SignInMark) -> Outcome:
        """Decide one entry, those before it decided."""
        sid, kept = tables.sid_of(entry), None
        if isinstance(entry, Arrival):
            kept = self._kept.get(_place(entry))
        before = self.sittings.get(sid) or self._known[sid]
        outcome, sitting = tables.decide(entry, before=before, kept=kept)
        if sitting is None:
            return outcome
        self.sittings[sid] = sitting
        if isinstance(entry, Arrival):
            place = _place(entry)
            self._kept[place] = Kept(entry.header.seq, entry.sha256, entry.receipt)
            self.saves.pop(place, None)  # one rank a stream, the later
            self.saves[place] = entry
        return outcome


def _ranked(entry: Arrival | SignInMark, outcome: Outcome, ranks: Mapping[Place, int]) -> Outcome:
    """The outcome with the rank that its stream's newest save was given in this batch, if any."""
    if isinstance(entry, SignInMark) or not outcome.receipt:
        return outcome
    return replace(outcome, rank=ranks.get(_place(entry), outcome.rank))


def _locked(connection: Connection, sids: set[SittingId]) -> dict[SittingId, Sitting | None]:
    """Where these sittings stand; no other node changes one before this transaction ends."""
    found = _lock(connection, sids)
    missing = sids - found.keys()
    if not missing:
        return found
    begun = connection.execute(sql.BEGIN, (sorted(missing),)).fetchall()
    ours: dict[SittingId, Sitting | None] = {SittingId(sid): None for (sid,) in begun}
    return found | _lock(connection, missing - ours.keys()) | ours


def _lock(connection: Connection, sids: set[SittingId]) -> dict[SittingId, Sitting | None]:
    rows = connection.execute(sql.LOCK, (sorted(sids),), binary=True) if sids else ()
    return {SittingId(row[0]): tables.sitting_of(row) for row in rows}


def _kept(connection: Connection, places: Sequence[Place]) -> dict[Place, Kept]:
    """The newest saves of these streams."""
    if not places:
        return {}
    columns = [list(column) for column in zip(*set(places), strict=True)]
    rows = connection.execute(sql.KEPT, columns, binary=True)
    return {(SittingId(sid), StreamId(stream)): Kept(*rest) for sid, stream, *rest in rows}


def _write_saves(
    connection: Connection, saves: dict[Place, Arrival], *, node: bytes, after: int
) -> None:
    rows = [
        (sid, stream, node, rank, e.header.seq, e.sha256, e.envelope, e.receipt)
        for rank, ((sid, stream), e) in enumerate(saves.items(), start=after + 1)
    ]
    _by_column(connection, sql.KEEP, rows)


def _by_column(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement for all these rows, an array a column."""
    if rows:
        connection.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _place(entry: Arrival) -> Place:
    return entry.header.sid, entry.header.stream


def _context(bundle: bytes) -> bytes:
    return b"booklet-key\0" + bundle
