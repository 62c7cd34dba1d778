# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker's line to the keeper: what it asks, and who waits for the answer.

Saves that arrive within two milliseconds leave together. Nobody waits longer than the deadline,
and no more wait than the keeper can take: who is refused asks again. Knows no disk and no key.
"""

import asyncio
import os
import random
import socket
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from encrier.ids import SittingId
from encrier_answers.frames import (
    Ask,
    Entry,
    Found,
    Heard,
    Last,
    Mark,
    Message,
    News,
    Outcomes,
    Put,
    Reading,
    Told,
    written,
)
from encrier_answers.pacing.pressure import Pressure
from encrier_answers.replies import Reply, Request
from encrier_answers.sittings import Sitting
from encrier_answers.store import Outcome, SignInMark, StoreSilent, Taken, TakenList

LINGER_S: Final = 0.002
DEADLINE_S: Final = 10.0
ASK_DEADLINE_S: Final = 120.0  # a country's list takes its time
LOOK_EVERY_S: Final = 1.0
DRAINED: Final = "/v1/drained"
DRAINED_FOR_S: Final = 10.0
MAX_WAITING: Final = 20_000  # saves
EXIT_KEEPER_GONE: Final = 5
_READ: Final = 1 << 20

Waiter = asyncio.Future[object]


class Line(asyncio.Protocol):
    """One line, for all requests of one worker. Called on the event loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hear: Callable[[TakenList], None]) -> None:
        """hear: is told each admission list."""
        self._loop, self._hear_news = loop, hear
        self._reading = Reading()
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes] = []  # written before the loop ran
        self._n = 0
        self._entries: list[Entry] = []
        self._marks: list[Mark] = []
        self._waiters: list[Waiter] = []  # of the entries not sent yet
        self._sent: dict[int, list[Waiter]] = {}  # by question
        self._due: deque[tuple[float, Waiter]] = deque()  # in the order of their deadlines
        self._n_waiting = 0
        self._pressure = Pressure()
        self._is_closing = False
        self._drained: tuple[float, Reply] | None = None  # when it was asked, what was said
        self._one_drained = asyncio.Lock()
        self.store = b""  # the id of the keeper's

    def open(self, address: Path) -> None:
        """Connect, and hear all that is known, before the first request."""
        end = socket.socket(socket.AF_UNIX)
        end.connect(str(address))
        more = True
        while more:
            content = end.recv(_READ)
            if not content:
                sys.exit(EXIT_KEEPER_GONE)
            for message in self._reading.feed(content):
                more = self._first_news(message)
        end.setblocking(False)
        self._loop.create_task(self._connect(end))
        self._loop.call_later(LOOK_EVERY_S, self._give_up)

    async def put(self, taken: Taken) -> Outcome:
        """What became of a save, once it is on disk; raises StoreSilent.

        After StoreSilent the save may still be kept later: sent again, it gets the same receipt.
        """
        if self._n_waiting >= MAX_WAITING:
            raise self._silent()
        self._linger()
        self._entries.append(
            (taken.envelope, taken.statement, taken.unsent, taken.box, taken.minute)
        )
        waiter = self._waiter()
        self._waiters.append(waiter)
        self._n_waiting += 1
        return cast("Outcome", await waiter)

    def note(self, mark: SignInMark) -> None:
        """Keep a sign-in some time soon; nobody waits for it."""
        self._linger()
        self._marks.append((mark.sid, mark.minute))

    async def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands; raises StoreSilent."""
        found = cast("Found", await self._question(self._waiter(), lambda n: Last(n, sid)))
        if found.is_silent:
            raise self._silent()
        return found.sitting

    async def ask(self, request: Request) -> Reply:
        """What another zone is to be told; raises StoreSilent."""
        waiter: Waiter = self._loop.create_future()
        self._loop.call_later(ASK_DEADLINE_S, self._silence, waiter)
        told = cast("Told", await self._question(waiter, lambda n: Ask(n, request)))
        return told.reply

    async def drained(self, _request: Request) -> Reply:
        """How far results has pulled: the same for all who ask, so the keeper is asked seldom."""
        async with self._one_drained:
            now = self._loop.time()
            if self._drained is None or now - self._drained[0] >= DRAINED_FOR_S:
                asked = Request("GET", DRAINED, query="", call="", body=b"")
                self._drained = now, await self.ask(asked)
            return self._drained[1]

    def close(self) -> None:
        """Send what lingers; nothing more is asked."""
        self._is_closing = True
        self._send()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.writelines(self._early)
        self._early.clear()

    def data_received(self, content: bytes) -> None:
        for message in self._reading.feed(content):
            self._hear(message)

    def connection_lost(self, _error: Exception | None) -> None:
        """Without the keeper nothing can be kept: end, and let the server be started again."""
        if not self._is_closing:
            sys.stderr.write("event=keeper-gone\n")
            sys.stderr.flush()
            os._exit(EXIT_KEEPER_GONE)

    async def _connect(self, end: socket.socket) -> None:
        await self._loop.create_unix_connection(lambda: self, sock=end)

    def _first_news(self, message: Message) -> bool:
        assert isinstance(message, News)  # noqa: S101 a keeper greets with nothing else
        self._hear_news(message.taken)
        self.store = message.store
        return message.more

    def _hear(self, message: Message) -> None:
        if isinstance(message, Outcomes):
            self._hear_outcomes(message)
        elif isinstance(message, Found | Told):
            for waiter in self._sent.pop(message.n, []):
                if not waiter.done():
                    waiter.set_result(message)
        elif isinstance(message, News):
            self._hear_news(message.taken)
            self._say(Heard())

    def _hear_outcomes(self, message: Outcomes) -> None:
        waiters = self._sent.pop(message.n, [])
        self._n_waiting -= len(waiters)
        if message.outcomes is None:
            self._pressure.refused(self._loop.time())
            for waiter in waiters:
                self._silence(waiter)
            return
        self._pressure.kept(len(waiters), self._loop.time())
        for waiter, outcome in zip(waiters, message.outcomes, strict=True):
            if not waiter.done():
                waiter.set_result(outcome)

    async def _question(self, waiter: Waiter, asked: Callable[[int], Message]) -> object:
        self._n += 1
        self._sent[self._n] = [waiter]
        self._say(asked(self._n))
        return await waiter

    def _waiter(self) -> Waiter:
        """Somebody who is told of silence at the deadline."""
        waiter: Waiter = self._loop.create_future()
        self._due.append((self._loop.time() + DEADLINE_S, waiter))
        return waiter

    def _linger(self) -> None:
        """Send soon what is about to be the first of a message."""
        if not (self._entries or self._marks):
            self._loop.call_later(LINGER_S, self._send)

    def _send(self) -> None:
        if not (self._entries or self._marks):
            return
        self._n += 1
        self._sent[self._n] = self._waiters
        self._pressure.began(self._loop.time())
        self._say(Put(self._n, self._entries, self._marks))
        self._entries, self._marks, self._waiters = [], [], []

    def _say(self, message: Message) -> None:
        if self._transport is None:
            self._early.append(written(message))
        else:
            self._transport.write(written(message))

    def _give_up(self) -> None:
        """Tell those who have waited too long: one look a second costs less than a timer each."""
        now = self._loop.time()
        while self._due and (self._due[0][1].done() or self._due[0][0] <= now):
            self._silence(self._due.popleft()[1])
        self._loop.call_later(LOOK_EVERY_S, self._give_up)

    def _silence(self, waiter: Waiter) -> None:
        if not waiter.done():
            waiter.set_exception(self._silent())

    def _silent(self) -> StoreSilent:
        """What those who cannot be served are told, each with a moment of her own."""
        now, chance = self._loop.time(), random.random()  # noqa: S311 spreads
        return StoreSilent(self._pressure.wait_s(self._n_waiting, now=now, chance=chance))
