# SPDX-License-Identifier: AGPL-3.0-or-later
"""One node of answers in a world of its own: the code that decides and keeps, without its threads.

Real: admissions, gate, pupils, sittings, receipts, the SQLite store on a real file, the folder's
lock. In the place of the writer's thread is a queue that the world commits, or not, when it likes;
in the place of HTTP a call. Nothing here looks at a clock or draws at random.
"""

import hashlib
import random
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast
from unittest.mock import patch

import apsw

from encrier import booklets, ids, receipts, signing, terms
from encrier.errors import EncrierError
from encrier.ids import BundleId, CampaignId, SittingId
from encrier.manifest import BundleEntry, Manifest, Node
from encrier.secret import Secret
from encrier_answers import folder, recall
from encrier_answers.admission import Admissions, read_list
from encrier_answers.commit import Entry, signed
from encrier_answers.configuration import Settings, Zone
from encrier_answers.folder import FolderLock
from encrier_answers.gate import Gate
from encrier_answers.pacing.tickets import Tickets
from encrier_answers.pacing.waiting import WaitingRoom
from encrier_answers.pupils import Pupils
from encrier_answers.replies import Reply, Request, reply
from encrier_answers.sittings import Sitting
from encrier_answers.store import (
    Arrival,
    KeptSave,
    Outcome,
    SignInMark,
    StoreFull,
    StoreRefused,
    StoreSilent,
    Taken,
)
from encrier_answers.store_sqlite import FILE, SqliteStore

BEGAN: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)
CAMPAIGN: Final = CampaignId(b"campaign-16bytes")
BUNDLE: Final = BundleId(b"bundle-1")
STORE_KEY, RECEIPT_KEY, BOOKLET_KEY = (Secret(letter * 32) for letter in (b"s", b"r", b"b"))
RECEIPTS_BY: Final = signing.public_of(RECEIPT_KEY)
SEALING_KEY: Final = bytes(1216)  # nothing is sealed for real: the node cannot tell
TERMS: Final = bytes(terms.BOX_SIZE)
NODE: Final = b"nd01"
CHECKPOINT_EVERY: Final = 40  # pages: often enough to meet every way in which a crash may fall
SECTOR: Final = 512  # bytes: what a disk writes whole
ALL: Final = 10**9
FAST: Final = 1e9  # starts a second: who waits to start is another matter
MANIFEST: Final = Manifest(
    v=1,
    campaign=CAMPAIGN,
    label="Essai",
    level="6e",
    suite=1,
    sealing_key=SEALING_KEY,
    kdf_iterations=1000,
    opens_at=BEGAN - timedelta(days=1),
    closes_at=BEGAN + timedelta(hours=8),
    grace_h=1,
    results_close_at=BEGAN + timedelta(days=30),
    bundles=[
        BundleEntry(
            BUNDLE,
            hashlib.sha256(b"booklet").digest(),
            hashlib.sha256(b"sealed").digest(),
            booklets.commitment(BOOKLET_KEY),
            "Essai",
        )
    ],
    nodes=[Node(NODE, "http://127.0.0.1/", RECEIPTS_BY)],
    names_key=RECEIPTS_BY,
    results_key=RECEIPTS_BY,
)
SEALED_FOR: Final = ids.key_id(SEALING_KEY)
Answered = Reply | EncrierError


def keep(store: SqliteStore, batch: Sequence[Entry]) -> list[Outcome]:
    """What the writer does with a batch: the one place where arrivals go to the disk."""
    return store.put_batch(signed(batch, _sign))


def receipt_of(entry: Entry | Arrival) -> bytes:
    """What whoever sent an entry gets once it is kept; a sign-in gets nothing."""
    if isinstance(entry, SignInMark):
        return b""
    return entry.receipt if isinstance(entry, Arrival) else _sign([entry.statement])[0]


def _sign(statements: Sequence[bytes]) -> list[bytes]:
    return receipts.sign_all(statements, key=RECEIPT_KEY)


class Held:
    """Something for the writer, awaited by who asked until the world has it done."""

    def __init__(
        self,
        *,
        entry: Entry | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        self.entry, self.act = entry, act
        self.results: list[object] = []

    def __await__(self) -> Generator[None, None, object]:
        while not self.results:
            yield
        if isinstance(self.results[0], StoreFull):
            raise StoreSilent(1)
        return self.results[0]


class Dying(Exception):
    """Nothing more is done."""


class HeldCommitter:
    """The keeper as a worker sees it; entries wait until the world commits them."""

    def __init__(self, store: SqliteStore) -> None:
        self._store, self.waiting = store, list[Held]()
        self.store = store.id

    async def put(self, taken: Taken) -> Outcome:
        return cast("Outcome", await self._held(Held(entry=taken)))

    async def run(self, act: Callable[[], object]) -> object:
        return await self._held(Held(act=act))

    async def last(self, sid: SittingId) -> Sitting | None:
        return self._store.last(sid)

    def note(self, mark: SignInMark) -> None:
        self.waiting.append(Held(entry=mark))

    def commit(self) -> None:
        """One batch in one transaction, then the acts, as the writer's thread does."""
        held, self.waiting = self.waiting, []
        entries = [one for one in held if one.entry is not None]
        try:
            outcomes: Sequence[object] = keep(self._store, [e.entry for e in entries if e.entry])
        except StoreFull as error:
            outcomes = [error] * len(entries)
        for one, outcome in zip(entries, outcomes, strict=True):
            one.results.append(outcome)
        for one in held:
            if one.act is not None:
                try:
                    one.results.append(one.act())
                except StoreFull as error:
                    one.results.append(error)

    def break_down(self) -> None:
        """The writer dies once a batch is written and before it is committed."""
        write = self._store._keep

        def written_and_dead(*batch: Any) -> None:
            write(*batch)
            raise Dying

        with patch.object(self._store, "_keep", written_and_dead), suppress(Dying, StoreFull):
            keep(self._store, [held.entry for held in self.waiting if held.entry])

    def _held(self, held: Held) -> Held:
        self.waiting.append(held)
        return held


@dataclass
class Question:
    """A request that the node works on; `asked` is the world's own note of it."""

    working: Coroutine[Any, None, Reply]  # what may be sent in: nothing
    asked: Any  # the world's
    answer: Answered | None = None

    def go_on(self) -> None:
        try:
            self.working.send(None)
        except StopIteration as done:
            self.answer = done.value
        except EncrierError as error:
            self.answer = error

    def give_up(self) -> None:
        """The deadline passes; what waits for the writer may still be kept."""
        try:
            self.working.throw(StoreSilent(1))
        except EncrierError as error:
            self.answer = error


@dataclass
class Clock:
    """What the node takes for the time: the world's, and how wrong it is."""

    passed_s: float = 0.0
    wrong_s: float = 0.0

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.passed_s + self.wrong_s)

    def steady(self) -> float:
        return self.passed_s


class Worker:
    """One process that lets pupils in; the first stands for the keeper too, whom all share."""

    def __init__(self, folder: Path, clock: Clock, keeper: "Worker | None" = None) -> None:
        self._keeps = keeper is None
        if keeper is None:
            self.store = SqliteStore(folder, key=STORE_KEY, campaign=CAMPAIGN)
            self.store._write.pragma("wal_autocheckpoint", CHECKPOINT_EVERY)
            self.committer = HeldCommitter(self.store)
        else:
            self.store, self.committer = keeper.store, keeper.committer
        self.admissions = Admissions(
            self.store.admissions(), self.store.lists(), self.store.booklet_keys()
        )
        room, tickets = WaitingRoom(starts_a_s=FAST), Tickets(STORE_KEY)
        gate = Gate(self.admissions, room, tickets, clock.steady)
        self._pupils = Pupils(_zone(folder), gate=gate, keeping=self.committer, now=clock.now)
        self.questions: list[Question] = []
        self.all = [self]

    def ask(self, request: Request, asked: Any) -> Question:  # the world's note
        routes = {"save": self._pupils.save, "sign-in": self._pupils.sign_in, "list": self._admit}
        question = Question(routes[request.path](request), asked)
        question.go_on()
        if question.answer is None:
            self.questions.append(question)
        return question

    def commit(self) -> list[Question]:
        """Commit what waits; the questions that are answered by it."""
        self.committer.commit()
        for question in self.questions:
            question.go_on()
        answered = [q for q in self.questions if q.answer is not None]
        self.questions = [q for q in self.questions if q.answer is None]
        return answered

    def leave(self, *, cleanly: bool) -> None:
        """End; a process that is killed leaves its files as they are."""
        for question in self.questions:
            question.working.close()
        if not self._keeps:
            return
        if not cleanly:
            for connection in (self.store._write, self.store._look, self.store._scan):
                connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self.store.close()

    async def _admit(self, request: Request) -> Reply:
        """As the door of names, once a call is believed: on disk first, then in force."""
        taken = read_list(request.body, MANIFEST)
        if not self.admissions.already(taken.mark):
            await self.committer.run(lambda: self.store.admit(taken))
            for worker in self.all:
                worker.admissions.apply(taken)
        return reply(b"{}")


@dataclass
class SimulatedNode:
    """The processes of a node, which die together, and the folder, which stays."""

    folder: Path
    clock: Clock
    workers: list[Worker] = field(default_factory=list)
    torn: list[KeptSave] | None = None  # what the commit that was torn had written

    def start(self) -> None:
        self._lock = FolderLock(self.folder).__enter__()
        self._often = patch.multiple(recall, FOLD_FROM=7, LAG=5, AT_ONCE=2, MOST_KNOWN=3)
        self._often.start()  # so that each crash falls on a log half folded and half swept
        self.workers = []
        self.fork()

    @property
    def store(self) -> SqliteStore:
        return self.workers[0].store

    def another_starts(self) -> bool:
        """Whether a second server got the folder; it must not."""
        second = FolderLock(self.folder)
        try:
            with patch.object(folder, "LOCK_WAIT_S", -1.0):
                second.__enter__()
        except StoreRefused:
            return False
        finally:
            second.__exit__()
        return True

    def fork(self) -> None:
        """A second process of this node takes requests too."""
        keeper = self.workers[0] if self.workers else None
        self.workers.append(Worker(self.folder, self.clock, keeper))
        for worker in self.workers:
            worker.all = self.workers

    def fill_disk(self, *, at_once: bool) -> None:
        """Refuse from now on: before a batch, or in the middle of one, where a page is missing."""
        for worker in self.workers:
            if at_once:
                worker.store._room._is_enough, worker.store._room._looked_at = False, float("inf")
            else:
                write = worker.store._write
                write.pragma("max_page_count", write.pragma("page_count"))

    def mend_disk(self) -> None:
        for worker in self.workers:
            worker.store._room._is_enough = True
            worker.store._write.pragma("max_page_count", ALL)

    def leave(self, *, cleanly: bool = False) -> None:
        for worker in self.workers:
            worker.leave(cleanly=cleanly)
        self._often.stop()
        self._lock.__exit__()

    def tear(self, chance: int) -> None:
        """The power fails during a commit: any part of what it wrote is on the disk."""
        wal, worker = self.folder / f"{FILE}-wal", self.workers[chance % len(self.workers)]
        last = max((save.rank for save in everything(self.store, after=0)), default=0)
        before = wal.read_bytes()
        worker.store._write.pragma("wal_autocheckpoint", 0)  # comes after a sync, or not at all
        worker.committer.commit()
        self.torn = everything(self.store, after=last)
        after = wal.read_bytes()
        self.leave()
        wal.write_bytes(torn(before, after, chance))


def everything(store: SqliteStore, *, after: int) -> list[KeptSave]:
    return store.drain(after, at_most=ALL, at_most_bytes=ALL)


def torn(before: bytes, after: bytes, chance: int) -> bytes:
    """A file between two syncs: cut anywhere, or some sectors new and others not.

    SQLite syncs the first 32 bytes of a new log before it writes what follows them.
    """
    dice = random.Random(chance)  # noqa: S311 the same number tears the same way
    first = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    begins = max(32, len(before) if first is None else first)
    if dice.random() < 0.5:
        cut = dice.randint(begins, max(begins, len(after)))
        return after[:cut] + before[cut:]
    old = before.ljust(len(after), b"\0")
    pieces = [after[:begins]]
    for start in range(begins, len(after), SECTOR):
        stop = start + SECTOR - start % SECTOR
        pieces.append((old if dice.random() < 0.2 else after)[start:stop])
    return b"".join(pieces)


def _zone(folder: Path) -> Zone:
    return Zone(
        Settings(
            folder=folder,
            store_key=STORE_KEY,
            receipt_key=RECEIPT_KEY,
            node=NODE,
            manifest_file=folder,
            root_key=bytes(32),
            bundles=folder,
        ),
        MANIFEST,
        b"",
    )
