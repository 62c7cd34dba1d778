# SPDX-License-Identifier: AGPL-3.0-or-later
"""Group commit: one writer thread in front of the store, one fsync for all who wait.

Requests that arrive during a commit form the next batch. A reply is given only after the commit.
A writer that dies kills its process: better no server than one that takes answers and loses them.
Knows no SQL, no HTTP, no key.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from encrier.errors import EncrierError
from encrier_answers.store import Arrival, Keeps, Outcome, SignInMark, StoreFull
from encrier_answers.vitals.counts import Counts

LINGER_S: Final = 0.005  # waits a little for company: less CPU, measured
DEADLINE_S: Final = 10.0
MAX_WAITING: Final = 20_000
MAX_BATCH: Final = 2_000
EXIT_WRITER_DEAD: Final = 3
SAY_EVERY_S: Final = 60.0

T = TypeVar("T")
Entry = Arrival | SignInMark


class StoreSilent(EncrierError):
    what = "Tes réponses ne sont pas encore arrivées."
    next_step = "Garde cette page ouverte : l’envoi recommence tout seul."


class _Job:
    """Something to be done by the writer, and who waits for it."""

    __slots__ = ("act", "entry", "waiter")

    def __init__(
        self,
        waiter: "asyncio.Future[object] | None",
        *,
        entry: Entry | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        self.waiter, self.entry, self.act = waiter, entry, act


class Committer:
    """The writer thread and the queue before it. Made and called on the event loop's thread."""

    def __init__(
        self, store: Keeps, loop: asyncio.AbstractEventLoop, counts: Counts | None = None
    ) -> None:
        self._store, self._loop = store, loop
        self._counts = counts or Counts()
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()  # None: stop
        self._n_refused, self._said_at = 0, -SAY_EVERY_S
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the writer's thread runs."""
        return self._thread.is_alive()

    @property
    def n_waiting(self) -> int:
        """How many entries wait."""
        return self._queue.qsize()

    async def put(self, arrival: Arrival) -> Outcome:
        """What became of a save, once it is on disk; raises StoreSilent.

        After StoreSilent the save may still be kept later: sent again, it gets the same receipt.
        """
        outcome = await self._wait(_Job(self._loop.create_future(), entry=arrival), DEADLINE_S)
        assert isinstance(outcome, Outcome)  # noqa: S101 put_batch gives one an entry
        return outcome

    def note(self, mark: SignInMark) -> None:
        """Keep a sign-in some time soon; a full queue forgets it, nobody waits for it."""
        if self._queue.qsize() < MAX_WAITING:
            self._queue.put(_Job(None, entry=mark))

    async def run(self, act: Callable[[], T], *, deadline_s: float) -> T:
        """Do something else on the writer's thread, between two batches; raises StoreSilent."""
        done: list[T] = []
        job = _Job(self._loop.create_future(), act=lambda: done.append(act()))
        await self._wait(job, deadline_s)
        return done[0]

    def close(self) -> None:
        """Commit what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    async def _wait(self, job: _Job, deadline_s: float) -> object:
        if self._queue.qsize() >= MAX_WAITING:
            raise StoreSilent
        assert job.waiter is not None  # noqa: S101 both callers give one
        self._queue.put(job)
        try:
            return await asyncio.wait_for(job.waiter, deadline_s)
        except (TimeoutError, StoreFull) as error:
            raise StoreSilent from error

    def _run(self) -> None:
        try:
            going = True
            while going:
                jobs, going = self._take()
                self._commit([job for job in jobs if job.entry is not None])
                for job in jobs:
                    if job.act is not None:
                        self._do(job, job.act)
        except BaseException as error:  # noqa: BLE001 whatever it is, nothing more can be kept
            sys.stderr.write(f"event=writer-dead kind={type(error).__name__}\n")
            sys.stderr.flush()
            os._exit(EXIT_WRITER_DEAD)

    def _take(self) -> tuple[list[_Job], bool]:
        """All that waits, and whether to go on after it."""
        job = self._queue.get()
        jobs: list[_Job] = []
        if job is not None:
            time.sleep(LINGER_S)
        while job is not None:
            jobs.append(job)
            if len(jobs) == MAX_BATCH:
                return jobs, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: Sequence[_Job]) -> None:
        if not jobs:
            return
        entries, began = [job.entry for job in jobs if job.entry is not None], time.monotonic()
        try:
            outcomes = self._store.put_batch(entries)
        except StoreFull as error:
            self._counts.store_refused(len(jobs))
            self._say_refused(len(jobs))
            self._tell([(job, error) for job in jobs])
        else:
            self._counts.committed(entries, outcomes, time.monotonic() - began)
            self._tell(list(zip(jobs, outcomes, strict=True)))

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
        self._loop.call_soon_threadsafe(_settle, results)


def _settle(results: Sequence[tuple[_Job, object]]) -> None:
    for job, result in results:
        if job.waiter is None or job.waiter.done():
            continue
        if isinstance(result, StoreFull):
            job.waiter.set_exception(result)
        else:
            job.waiter.set_result(result)
