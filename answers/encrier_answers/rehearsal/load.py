# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process of the load: its pupils, each at her moment, whatever the server does (open loop).

Says that it is ready, is told when to begin, leaves files: what it counted, every receipt as it
came, the last save it sent for each pupil, and the bodies of the sample as they left.
"""

import asyncio
import gc
import ssl
import struct
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from heapq import heapify, heappop, heapreplace
from pathlib import Path
from typing import Final

import uvloop

from encrier import uploads
from encrier.errors import BadRecord
from encrier.records import from_bytes, to_bytes
from encrier_answers.pupils import SUPERSEDED
from encrier_answers.rehearsal import shape
from encrier_answers.rehearsal.client import OK, Ask, Line
from encrier_answers.rehearsal.letters import Letters, Script, Who, header, seal_ahead, who
from encrier_answers.rehearsal.shape import Event, Kind
from encrier_answers.rehearsal.tally import Tallied, Tally

PUPILS_A_SCHOOL: Final = 200  # come from one address
MOST_LINES: Final = 18_000  # of a process: it may open 20,000 files where nobody allowed more
RECORD: Final = struct.Struct("<IIIBBH")  # rank, nth, seq, epoch, kind, size of the receipt
_TICK_S: Final = 0.001
_LOOK_S: Final = 0.2
_SAVE: Final = (
    b"POST /v1/save HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
    b"Content-Digest: %s\r\nContent-Length: %d\r\n\r\n%s"
)
_SIGN_IN: Final = (
    b"POST /v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)


class Pupil:
    """Where one pupil is in her day."""

    __slots__ = ("acknowledged", "auth", "events", "line", "next", "rank", "sent", "sid")

    def __init__(self, rank: int, identity: Who, events: Iterator[Event], line: Line) -> None:
        self.rank, self.sid, self.auth = rank, identity.sid, identity.auth
        self.events, self.line, self.next = events, line, next(events)
        self.sent = -1  # nth of the last save sent
        self.acknowledged = (-1, -1)  # the newest: epoch, seq


class Due:
    """One request of one pupil, and when it was due."""

    __slots__ = ("at_s", "event", "load", "pupil", "ticket")

    def __init__(self, load: "Load", pupil: Pupil, event: Event) -> None:
        self.load, self.pupil, self.event, self.at_s = load, pupil, event, event.at_s
        self.ticket = b""  # of the place at which she waits to start

    def request(self) -> bytes:
        """The whole request."""
        return self.load.request_of(self)


class Load:
    """The pupils of one process and their connections."""

    def __init__(self, script: Script, process: int, stack: ExitStack) -> None:
        self._script, self._process = script, process
        self._folder = Path(script.folder)
        self._loop = asyncio.get_running_loop()
        self._letters = Letters(script, process)
        self._tls = (
            ssl.create_default_context(cafile=script.authority) if script.authority else None
        )
        self._tally = Tally(int(script.day.seconds + script.drain_s) + 2)
        self._receipts, self._bodies = (
            stack.enter_context((self._folder / f"{name}-{process}.bin").open("wb", 1 << 20))
            for name in ("receipts", "bodies")
        )
        self._sampled = script.sampled
        self._n_open = self._n_waiting = self._n_requests = 0
        self._n_superseded = self._n_behind = 0
        self._dialling: set[asyncio.Task[None]] = set()
        self._lines: dict[int, Line] = {}
        self._pupils = [self._pupil(rank) for rank in script.ranks(process)]
        self._heap = [(pupil.next.at_s, n) for n, pupil in enumerate(self._pupils)]
        heapify(self._heap)
        self._began = 0.0

    async def run(self, began: float) -> Tallied:
        """Do what was due since `began` (monotonic) and what will be; then what was counted."""
        self._began = began
        before = time.process_time()
        self._tick()
        last_s = self._script.day.seconds
        while self._now() < last_s + self._script.drain_s:
            await asyncio.sleep(_LOOK_S)
            self._tally.lines[self._tally.second(self._now())] = self._n_open
            if not self._heap and not self._n_waiting:
                break
        cpu_s = time.process_time() - before
        waiting = [ask for line in self._lines.values() for ask in line.waiting()]
        for line in self._lines.values():
            line.close()
        sent = array("i", (pupil.sent for pupil in self._pupils))
        (self._folder / f"sent-{self._process}.bin").write_bytes(sent.tobytes())
        return Tallied(
            seconds=self._tally.written(),
            statuses=self._tally.statuses,
            unanswered=sum(isinstance(a, Due) and a.event.kind in shape.SAVES for a in waiting),
            superseded=self._n_superseded,
            resumed_behind=self._n_behind,
            requests=self._n_requests,
            cpu_s=cpu_s,
            sealing_s=before,
        )

    def request_of(self, due: Due) -> bytes:
        """A save or a sign-in as it travels."""
        pupil, event = due.pupil, due.event
        if event.kind not in shape.SAVES:
            shown = to_bytes(uploads.SignIn(pupil.sid, pupil.auth, due.ticket))
            return _SIGN_IN % (len(shown), shown)
        head = header(self._script, pupil.sid, event).to_bytes()
        envelope, box = self._letters.letter(pupil.rank, event, head)
        body = uploads.pack_save(uploads.Save(pupil.auth, 0, envelope, box))
        if pupil.rank in self._sampled:
            self._bodies.write(body)
        pupil.sent = max(pupil.sent, event.nth)
        return _SAVE % (uploads.content_digest(body).encode(), len(body), body)

    def sent(self, ask: Ask) -> None:
        """Count what left."""
        self._n_requests += 1
        assert isinstance(ask, Due)  # noqa: S101 we ask nothing else
        if ask.event.kind in shape.SAVES:
            self._tally.count("sent", self._now())

    def replied(self, ask: Ask, status: int, body: bytes) -> None:
        """Take a receipt, or whatever else came."""
        assert isinstance(ask, Due)  # noqa: S101 we ask nothing else
        self._n_waiting -= 1
        now = self._now()
        if status != OK:
            self._tally.count("failed", now)
            said = str(status)
            self._tally.statuses[said] = self._tally.statuses.get(said, 0) + 1
        elif ask.event.kind in shape.SAVES:
            self._kept(ask, body, now)
        else:
            self._let_in(ask, body, now)

    def held(self, ask: Ask, body: bytes) -> None:
        """Keep the ticket of a place: it is shown at the next asking."""
        assert isinstance(ask, Due)  # noqa: S101 we ask nothing else
        ask.ticket = from_bytes(body, uploads.Waiting).ticket
        self._tally.count("held", self._now())

    def refused(self) -> None:
        """Count a request that will be asked again."""
        self._tally.count("refused", self._now())

    def opened(self) -> None:
        """Count a connection."""
        self._n_open += 1

    def closed(self, *, by_itself: bool) -> None:
        """Count one less."""
        self._n_open -= 1
        if by_itself:
            self._tally.count("lost_lines", self._now())

    def _kept(self, due: Due, receipt: bytes, now: float) -> None:
        event, pupil = due.event, due.pupil
        if receipt == SUPERSEDED.body:
            self._n_superseded += 1
            receipt = b""
        self._receipts.write(
            RECORD.pack(pupil.rank, event.nth, event.seq, event.epoch, event.kind, len(receipt))
            + receipt
        )
        self._tally.kept(due_s=due.at_s, now_s=now)
        if (place := (event.epoch, event.seq)) > pupil.acknowledged:
            pupil.acknowledged = place

    def _let_in(self, due: Due, body: bytes, now: float) -> None:
        self._tally.count("starts", now)
        self._tally.starts[self._tally.second(due.at_s)].add(now - due.at_s)
        if due.event.kind is Kind.ARRIVE:
            return
        try:
            last = from_bytes(body, uploads.SignedIn).last
        except BadRecord:
            last = None
        self._n_behind += due.pupil.acknowledged > ((last.epoch, last.seq) if last else (-1, -1))

    def _pupil(self, rank: int) -> Pupil:
        script = self._script
        n_lines = script.n_lines // script.n_processes
        mine = rank // script.n_processes
        at = mine % n_lines if n_lines else mine
        line = self._lines.get(at)
        if line is None:
            self._lines[at] = line = Line(self._loop, self, self._dial_from(rank))
        return Pupil(rank, who(script, rank), shape.events(script.day, rank), line)

    def _dial_from(self, rank: int) -> "Dial":
        school = rank // PUPILS_A_SCHOOL
        return Dial(self, f"127.1.{school >> 8}.{school & 255}")

    async def connect(self, line: Line, address: str) -> None:
        """Open a connection from one of this machine's many addresses."""
        try:
            await self._loop.create_connection(
                lambda: line,
                self._script.host,
                self._script.port,
                ssl=self._tls,
                server_hostname="localhost" if self._tls else None,
                local_addr=(address, 0),
            )
        except OSError:  # ssl.SSLError is one
            line.could_not_open()

    def dial(self, line: Line, address: str) -> None:
        """Begin to open a connection."""
        task = self._loop.create_task(self.connect(line, address))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _tick(self) -> None:
        """Do all that is due."""
        heap, now = self._heap, self._now()
        while heap and heap[0][0] <= now:
            n = heap[0][1]
            pupil = self._pupils[n]
            self._do(pupil, pupil.next)
            following = next(pupil.events, None)
            if following is None:
                heappop(heap)
            else:
                pupil.next = following
                heapreplace(heap, (following.at_s, n))
        if heap:
            self._loop.call_later(max(_TICK_S, heap[0][0] - self._now()), self._tick)

    def _do(self, pupil: Pupil, event: Event) -> None:
        kind, line, is_shared = event.kind, pupil.line, self._script.n_lines > 0
        if kind in shape.SAVES:
            self._tally.count("due", event.at_s)
        elif kind is Kind.CUT and not is_shared:
            line.cut()
        elif kind is Kind.BACK and not is_shared:
            for ask in line.waiting():
                assert isinstance(ask, Due)  # noqa: S101 we ask nothing else
                ask.at_s = event.at_s  # what the pupil waited for was the network
            line.back()
        elif kind in shape.SIGN_INS and kind is not Kind.ARRIVE and not is_shared:
            line.reopen()
        if kind in shape.SAVES or kind in shape.SIGN_INS:
            self._n_waiting += 1
            line.put(Due(self, pupil, event))


class Dial:
    """Opens a line's connections from the address of its school."""

    __slots__ = ("_address", "_load")

    def __init__(self, load: Load, address: str) -> None:
        self._load, self._address = load, address

    def __call__(self, line: Line) -> None:
        self._load.dial(line, self._address)


async def _play(script: Script, process: int) -> Tallied:
    with ExitStack() as stack:
        load = Load(script, process, stack)
        gc.collect()
        gc.disable()  # pupils and connections stay: to walk them all was seen as waits of 0.8 s
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        began = float(sys.stdin.readline())
        return await load.run(began)


def main() -> int:
    """Play one process: `python -m encrier_answers.rehearsal.load SCRIPT PROCESS`."""
    script = from_bytes(Path(sys.argv[1]).read_bytes(), Script)
    process = int(sys.argv[2])
    seal_ahead(script, process)
    tallied = uvloop.run(_play(script, process))
    written = Path(script.folder) / f"tallied-{process}.json"
    written.write_bytes(to_bytes(tallied))
    return 0


if __name__ == "__main__":
    sys.exit(main())
