# SPDX-License-Identifier: AGPL-3.0-or-later
"""One connection of the load: as little HTTP/1.1 as a save needs, so that its own cost stays small.

One request in flight; what comes due meanwhile waits in the connection's queue, and its wait counts
from the moment it was due. Knows no clock but the loop's, and nothing of what it carries.
"""

import asyncio
import random
import re
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, cast

FIRST_WAIT_S: Final = 1.0  # before a connection that was lost is opened again …
LONGEST_WAIT_S: Final = 15.0  # … doubled each time up to this
LONGEST_ASKED_S: Final = 60.0
OK: Final = 200
WAITS: Final = frozenset({429, 503})
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "
_RETRY: Final = re.compile(rb"(?i)\r\nretry-after: *(\d{1,4})")
_SLOW_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d{1,10})")


class Ask(Protocol):
    """Something to be asked of the server."""

    def request(self) -> bytes:
        """The whole request, made when it is sent."""
        ...


class Hears(Protocol):
    """Who is told what happens on connections."""

    def replied(self, ask: Ask, status: int, body: bytes) -> None: ...
    def refused(self) -> None: ...
    def sent(self, ask: Ask) -> None: ...
    def opened(self) -> None: ...
    def closed(self, *, by_itself: bool) -> None: ...


class Line(asyncio.Protocol):
    """A connection that opens itself when it has something to send, and again when it was lost."""

    __slots__ = (
        "_ask",
        "_dial",
        "_failures",
        "_hears",
        "_is_cut",
        "_leaving",
        "_loop",
        "_opening",
        "_queue",
        "_rest",
        "_wire",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        hears: Hears,
        dial: "Callable[[Line], object]",
    ) -> None:
        """dial: opens a connection for this protocol."""
        self._loop, self._hears, self._dial = loop, hears, dial
        self._queue: deque[Ask] = deque()
        self._ask: Ask | None = None
        self._wire: asyncio.Transport | None = None
        self._opening = self._is_cut = False
        self._failures = self._leaving = 0
        self._rest = b""

    def put(self, ask: Ask) -> None:
        """Ask as soon as what was asked before is answered."""
        if self._ask is None and self._wire is not None and not self._queue:
            self._send(ask)
            return
        self._queue.append(ask)
        self._next()

    def cut(self) -> None:
        """Lose the network: what was in flight will be sent again."""
        self._is_cut = True
        self._drop()

    def back(self) -> None:
        """Have the network again."""
        self._is_cut = False
        self._next()

    def reopen(self) -> None:
        """Leave this connection, as a page that is loaded again does, for a new one."""
        self._drop()

    def waiting(self) -> list[Ask]:
        """What has no answer yet."""
        return [*([self._ask] if self._ask else []), *self._queue]

    def close(self) -> None:
        """End it for good."""
        self._queue.clear()
        self._ask = None
        self.cut()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._opening, self._failures = False, 0
        self._wire = cast("asyncio.Transport", transport)  # uvloop's own is no subclass of it
        self._hears.opened()
        if self._is_cut:
            self._drop()
        else:
            self._next()

    def connection_lost(self, _fault: Exception | None) -> None:
        if self._leaving:  # one that we left ourselves; another may be open by now
            self._leaving -= 1
            return
        self._wire = None
        self._hears.closed(by_itself=True)
        self._again()
        self._later()

    def data_received(self, chunk: bytes) -> None:
        if self._rest:
            chunk = self._rest + chunk
        end = chunk.find(_END)
        if end < 0:
            self._rest = chunk
            return
        start = end + 4
        size = start + _length(chunk, end)
        if len(chunk) < size:
            self._rest = chunk
            return
        self._rest = chunk[size:]
        status = int(chunk[9:12])
        ask, self._ask = self._ask, None
        if ask is None:
            return  # a reply that nobody asked for: the server closes an idle connection so
        if status in WAITS:
            self._hears.refused()
            self._ask_later(ask, chunk[: end + 2])
        else:
            self._hears.replied(ask, status, chunk[start:size])
        if self._queue:
            self._next()

    def could_not_open(self) -> None:
        """Called by `dial` when there is nobody."""
        self._opening = False
        self._later()

    def _send(self, ask: Ask) -> None:
        self._ask = ask
        assert self._wire is not None  # noqa: S101 both callers looked
        self._wire.write(ask.request())
        self._hears.sent(ask)

    def _next(self) -> None:
        if self._is_cut or self._ask is not None or not self._queue:
            return
        if self._wire is not None:
            self._send(self._queue.popleft())
        elif not self._opening:
            self._opening = True
            self._dial(self)

    def _ask_later(self, ask: Ask, head: bytes) -> None:
        """As the player does: after what the server asked for, spread over half of it again."""
        said = _RETRY.search(head)
        wait_s = min(float(said[1]) if said else FIRST_WAIT_S, LONGEST_ASKED_S)
        self._loop.call_later(wait_s * (1 + random.random() / 2), self.put, ask)  # noqa: S311 no secret

    def _later(self) -> None:
        wait_s = min(FIRST_WAIT_S * 2**self._failures, LONGEST_WAIT_S)
        self._failures = min(self._failures + 1, 10)
        self._loop.call_later(wait_s * (0.5 + random.random() / 2), self._next)  # noqa: S311 no secret

    def _again(self) -> None:
        """What was in flight is the next to be sent."""
        self._rest = b""
        if self._ask is not None:
            self._queue.appendleft(self._ask)
            self._ask = None

    def _drop(self) -> None:
        wire, self._wire = self._wire, None
        self._again()
        if wire is not None:
            self._leaving += 1
            wire.abort()
            self._hears.closed(by_itself=False)


def _length(chunk: bytes, end: int) -> int:
    at = chunk.find(_LENGTH, 0, end)
    if at >= 0:
        return int(chunk[at + 16 : chunk.find(b"\r", at)])
    said = _SLOW_LENGTH.search(chunk, 0, end + 2)
    return int(said[1]) if said else 0
