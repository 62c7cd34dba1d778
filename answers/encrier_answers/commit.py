# SPDX-License-Identifier: AGPL-3.0-or-later
"""Group commit: one writer thread in front of the store, one fsync for all who wait.

What arrives during a commit forms the next batch, under one signature. An answer is given only
after the commit. A writer that dies kills its process: better no server than one that takes
answers and loses them. Knows no SQL, no HTTP; the key that signs is behind `sign`.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final, TypeVar

from encrier_answers.store import Arrival, Keeps, Outcome, SignInMark, StoreFull, Taken
from encrier_answers.vitals.counts import Counts

LINGER_S: Final = 0.02  # waits a little for company: a third less processor and disk, measured
LOOK_S: Final = 0.005
COMPANY: Final = 200  # entries that need wait for no more
MAX_BATCH: Final = 2_000  # entries; fewer than receipts can share a signature
EXIT_WRITER_DEAD: Final = 3
SAY_EVERY_S: Final = 60.0

T = TypeVar("T")
Entry = Taken | SignInMark
Tell = Callable[["list[Outcome] | StoreFull"], None]
Sign = Callable[[Sequence[bytes]], Sequence[bytes]]  # statements, to receipts in order


class _Job:
    """Something to be done by the writer, and whom to tell on the loop's thread."""

    __slots__ = ("act", "entries", "tell")

    def __init__(
        self,
        tell: Callable[..., None],
        *,
        entries: Sequence[Entry] = (),
        act: Callable[[], object] | None = None,
    ) -> None:
        self.tell, self.entries, self.act = tell, entries, act


class Committer:
    """The writer thread and the queue before it. Made and called on the event loop's thread."""

    def __init__(
        self,
        store: Keeps,
        loop: asyncio.AbstractEventLoop,
        *,
        sign: Sign,
        counts: Counts | None = None,
    ) -> None:
        self._store, self._loop, self._sign = store, loop, sign
        self._counts = counts or Counts()
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()  # None: stop
        self._n_refused, self._said_at = 0, -SAY_EVERY_S
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def n_waiting(self) -> int:
        """How many questions wait for the writer."""
        return self._queue.qsize()

    def put(self, entries: Sequence[Entry], tell: Tell) -> None:
        """Keep entries, all in one batch; tell what became of each once it is on disk."""
        self._queue.put(_Job(tell, entries=entries))

    async def run(self, act: Callable[[], T]) -> T:
        """Do something else on the writer's thread, between two batches; raises StoreFull."""
        waiter: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(lambda result: _settle(waiter, result), act=act))
        return await waiter

    def close(self) -> None:
        """Commit what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            going = True
            while going:
                jobs, going = self._take()
                self._commit([job for job in jobs if job.act is None])
                for job in jobs:
                    if job.act is not None:
                        self._do(job, job.act)
        except BaseException as error:  # noqa: BLE001 whatever it is, nothing more can be kept
            sys.stderr.write(f"event=writer-dead kind={type(error).__name__}\n")
            sys.stderr.flush()
            os._exit(EXIT_WRITER_DEAD)

    def _take(self) -> tuple[list[_Job], bool]:
        """All that waits, and whether to go on after it."""
        jobs: list[_Job] = []
        n_entries, until = 0, None
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            n_entries += len(job.entries)
            until = until or time.monotonic() + LINGER_S
            if n_entries >= MAX_BATCH:
                return jobs, True
            while self._queue.empty():
                if n_entries >= COMPANY or time.monotonic() >= until:
                    return jobs, True
                time.sleep(LOOK_S)
            job = self._queue.get()
        return jobs, False

    def _commit(self, jobs: Sequence[_Job]) -> None:
        entries = [entry for job in jobs for entry in job.entries]
        if not entries:
            return
        began = time.monotonic()
        try:
            outcomes = self._store.put_batch(signed(entries, self._sign))
        except StoreFull as error:
            self._counts.store_refused(len(entries))
            self._say_refused(len(entries))
            self._tell([(job, error) for job in jobs])
            return
        self._counts.committed(entries, outcomes, time.monotonic() - began)
        told, at = [], 0
        for job in jobs:
            told.append((job, outcomes[at : at + len(job.entries)]))
            at += len(job.entries)
        self._tell(told)

    def _say_refused(self, n_entries: int) -> None:
        """Say in the log how much the store has refused, at most once a minute."""
        self._n_refused += n_entries
        now = time.monotonic()
        if now - self._said_at >= SAY_EVERY_S:
            sys.stderr.write(f"event=store-refuses entries={self._n_refused}\n")
            sys.stderr.flush()
            self._n_refused, self._said_at = 0, now

    def _do(self, job: _Job, act: Callable[[], object]) -> None:
        try:
            result = act()
        except StoreFull as error:
            self._tell([(job, error)])
        else:
            self._tell([(job, result)])

    def _tell(self, results: Sequence[tuple[_Job, object]]) -> None:
        """Wake those who wait, on their own thread, all at once."""
        self._loop.call_soon_threadsafe(_tell_all, results)


def signed(entries: Sequence[Entry], sign: Sign) -> list[Arrival | SignInMark]:
    """The entries with their receipts, which nobody sees before they are on disk."""
    statements = [entry.statement for entry in entries if isinstance(entry, Taken)]
    receipts = iter(sign(statements)) if statements else iter(())
    return [
        entry.with_receipt(next(receipts)) if isinstance(entry, Taken) else entry
        for entry in entries
    ]


def _tell_all(results: Sequence[tuple[_Job, object]]) -> None:
    for job, result in results:
        job.tell(result)


def _settle(waiter: "asyncio.Future[T]", result: T | StoreFull) -> None:
    if waiter.done():
        return
    if isinstance(result, StoreFull):
        waiter.set_exception(result)
    else:
        waiter.set_result(result)
