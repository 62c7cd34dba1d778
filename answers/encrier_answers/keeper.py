# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that alone holds the store: workers let saves in, this one keeps them.

Knows the disk, the key of receipts and the doors to the other zones; never sees a connection, an
address, or the secret that a pupil shows. Ends when the process that started it closes its pipe
or dies, after committing what waits. Docs: docs/decisions/0014-one-keeper-several-workers.md.
"""

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final, cast

import uvloop

from encrier import receipts, seal
from encrier.clock import Clock, now
from encrier.errors import EncrierError
from encrier.ids import SittingId
from encrier_answers import disks
from encrier_answers.admission import Admissions
from encrier_answers.commit import Committer
from encrier_answers.configuration import Zone
from encrier_answers.doors import Doors
from encrier_answers.frames import (
    Ask,
    Entry,
    Found,
    Heard,
    Last,
    Message,
    News,
    Outcomes,
    Put,
    Reading,
    Told,
    written,
)
from encrier_answers.health import READY, Readiness
from encrier_answers.sittings import boxes_since, to_minute
from encrier_answers.statuses import busy, refused
from encrier_answers.store import ListMark, Outcome, SignInMark, StoreFull, Taken, TakenList
from encrier_answers.vitals import shared

FORGET_EVERY_S: Final = 600.0
TIDY_EVERY_S: Final = 0.5
LOOK_EVERY_S: Final = 1.0
NEWS_DEADLINE_S: Final = 10.0
ROWS: Final = 5_000  # of what is known, in one part
MAX_FRAME_WAITING: Final = 64 * 1024 * 1024  # bytes for one worker that does not read


class Line(asyncio.Protocol):
    """What one worker asks."""

    def __init__(self, keeper: "Keeper") -> None:
        self._keeper, self._reading = keeper, Reading()
        self._transport: asyncio.Transport | None = None
        self.heard = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's says no more of itself
        self._transport.set_write_buffer_limits(high=MAX_FRAME_WAITING)
        self._keeper.greet(self)

    def data_received(self, content: bytes) -> None:
        for message in self._reading.feed(content):
            self._keeper.hear(message, self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        self._keeper.lines.discard(self)
        self.heard.set()

    def say(self, message: Message) -> None:
        """Send it, if the worker is still there."""
        if self._transport is not None:
            self._transport.write(written(message))


class Keeper:
    """The store and who may ask it. Lives on one event loop."""

    def __init__(self, zone: Zone, loop: asyncio.AbstractEventLoop, clock: Clock = now) -> None:
        self._loop, self._clock, self._manifest = loop, clock, zone.manifest
        self._store = store = disks.opened(zone)
        self._admissions = Admissions(store.admissions(), store.lists(), store.booklet_keys())
        key = zone.settings.receipt_key
        self._counts = counts = shared.counts_of_this_process(zone.settings.folder)
        self._committer = committer = Committer(
            store, loop, sign=lambda said: receipts.sign_all(said, key=key), counts=counts
        )
        self._readiness = Readiness(store=store, committer=committer)
        self._doors = Doors(
            zone,
            store=store,
            admissions=self._admissions,
            writing=self,
            now=clock,
        )
        self.lines: set[Line] = set()
        self._asked: set[asyncio.Task[None]] = set()
        loop.call_soon(self._forget_boxes)
        loop.call_later(TIDY_EVERY_S, self._tidy)
        loop.call_soon(self._look)

    def greet(self, line: Line) -> None:
        """Tell a worker all that is known, before anything else."""
        self.lines.add(line)
        for part in _parts(self._admissions, self._store.id):
            line.say(part)

    def hear(self, message: Message, line: Line) -> None:
        """Do what a worker asks."""
        if isinstance(message, Put):
            self._put(message, line)
        elif isinstance(message, Last):
            self._start(self._last(message, line))
        elif isinstance(message, Ask):
            self._start(self._ask(message, line))
        elif isinstance(message, Heard):
            line.heard.set()

    def close(self) -> None:
        """Commit what waits, and shut the store."""
        self._committer.close()
        self._store.close()

    def _put(self, message: Put, line: Line) -> None:
        entries = [_taken(entry) for entry in message.entries]
        marks = [SignInMark(SittingId(sid), minute) for sid, minute in message.marks]

        def tell(result: list[Outcome] | StoreFull) -> None:
            kept = None if isinstance(result, StoreFull) else result[: len(entries)]
            line.say(Outcomes(message.n, kept))

        self._committer.put([*entries, *marks], tell)

    async def _last(self, message: Last, line: Line) -> None:
        sid = SittingId(message.sid)
        try:
            if self._store.is_remote:
                found = await asyncio.to_thread(self._store.last, sid)
            else:
                found = self._store.last(sid)  # some microseconds, from memory
        except StoreFull:
            line.say(Found(message.n, None, is_silent=True))
        else:
            line.say(Found(message.n, found))

    async def _ask(self, message: Ask, line: Line) -> None:
        try:
            if message.request.path == READY:
                reply = await self._readiness.answer()
            else:
                reply = await self._doors.answer(message.request)
        except EncrierError as error:
            reply = refused(error)
        except Exception as error:  # noqa: BLE001 a fault of ours: said without its content
            path = message.request.path
            sys.stderr.write(f"event=fault kind={type(error).__name__} route={path}\n")
            reply = busy(500, "Le serveur a eu un incident.", "Demande plus tard.")
        line.say(Told(message.n, reply))

    async def admit(self, taken: TakenList) -> None:
        """Keep a list, then take it into memory, here and in every worker."""
        await self._committer.run(lambda: self._store.admit(taken))
        self._admissions.apply(taken)
        for line in self.lines:
            line.heard.clear()
            line.say(News(taken))
        hearing = [line.heard.wait() for line in self.lines]
        with suppress(TimeoutError):  # a worker that hears it later lets pupils in later
            await asyncio.wait_for(asyncio.gather(*hearing), NEWS_DEADLINE_S)

    async def note_pulled(self, rank: int) -> None:
        """Note how far results has pulled; a store that refuses is told again at the next pull."""
        with suppress(StoreFull):  # results says it again at its next pull
            await self._committer.run(lambda: self._store.note_pulled(rank))

    def _look(self) -> None:
        self._counts.note_waiting(self._committer.n_waiting)
        self._loop.call_later(LOOK_EVERY_S, self._look)

    def _tidy(self) -> None:
        self._start(self._tidy_once())

    async def _tidy_once(self) -> None:
        await asyncio.to_thread(self._store.tidy)
        self._loop.call_later(TIDY_EVERY_S, self._tidy)

    def _forget_boxes(self) -> None:
        before = boxes_since(self._manifest, now_minute=to_minute(self._clock()))
        self._start(self._forget(before))
        self._loop.call_later(FORGET_EVERY_S, self._forget_boxes)

    async def _forget(self, before: int) -> None:
        with suppress(StoreFull):  # a store that refuses now is asked again at the next turn
            await self._committer.run(lambda: self._store.forget(boxes_before=before))

    def _start(self, doing: Coroutine[object, object, None]) -> None:
        task = self._loop.create_task(doing)
        self._asked.add(task)  # the loop alone would let it be collected
        task.add_done_callback(self._asked.discard)


@contextmanager
def keeping(zone: Zone) -> Iterator[Path]:
    """The keeper in a process of its own, and the socket to which workers come.

    Raises StoreRefused before it starts. Nothing is listening yet when workers may start: they
    find the socket bound. On leaving, what waits is committed.
    """
    # Made here as well: a store that is refused is told before anything has started.
    disks.opened(zone).close()
    with tempfile.TemporaryDirectory(prefix="encrier-") as folder:  # short: a socket's path is 107
        address = Path(folder) / "keeper"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(address))
        listening.listen()
        until_closed, ours = os.pipe()
        fork = multiprocessing.get_context("fork")
        process = fork.Process(target=_run, args=(zone, listening, until_closed, ours))
        process.start()
        listening.close()
        os.close(until_closed)
        try:
            yield address
        finally:
            os.close(ours)
            process.join()


def _run(zone: Zone, listening: socket.socket, until_closed: int, not_ours: int) -> None:
    os.close(not_ours)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # sent to the whole group: workers end first
    uvloop.run(_keep(zone, listening, until_closed))


async def _keep(zone: Zone, listening: socket.socket, until_closed: int) -> None:
    loop = asyncio.get_running_loop()
    keeper = Keeper(zone, loop)
    ended = asyncio.Event()
    loop.add_reader(until_closed, ended.set)
    server = await loop.create_unix_server(lambda: Line(keeper), sock=listening)
    await ended.wait()
    server.close()
    keeper.close()


def _taken(entry: Entry) -> Taken:
    envelope, statement, unsent, box, minute = entry
    return Taken(seal.read_header(envelope), envelope, statement, unsent, box, minute)


def _parts(known: Admissions, store: bytes) -> Iterator[News]:
    """All that is known, in parts that one message holds."""
    rows = iter(known)
    mark = known.last_mark or ListMark(-1, b"", 0)
    part = list(islice(rows, ROWS))
    while part:
        yield News(TakenList(mark, part, {}), more=True, store=store)
        part = list(islice(rows, ROWS))
    yield News(TakenList(mark, [], dict(known.keys)), store=store)
