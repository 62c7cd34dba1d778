# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupils who save at a steady pace whatever the server does, and send again as their pages do.

Open loop: a save is due when it is due, and waited for from then on. One that gets no receipt is
sent again, the same bytes, after as long as the player would wait; a pupil whose save is still
waiting when the next is due sends that one no more often. Some connections are kept for all of
them. Knows nothing of what is killed meanwhile.
"""

import asyncio
import hashlib
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Final

import ground  # noqa: F401 finds the tests' own modules
from save import BOX, SEALED_SIZE

from encrier import seal, uploads
from stagecraft.node import Campaign, Pupil, Server

HOST: Final = "127.0.0.1"
CONNECTIONS: Final = 128
FIRST_WAIT_S: Final = 1.0  # the player's own, of player/src/saving/outbox.js
MOST_WAIT_S: Final = 60.0
TURN_S: Final = 0.005
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Told:
    """What the pupils heard."""

    waits_s: list[float] = field(default_factory=list)  # from due to receipt
    heard_at: list[tuple[float, float]] = field(default_factory=list)  # sent and heard
    last: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)  # sid: seq, digest
    n_refused: int = 0  # 503
    n_cut: int = 0  # no reply at all

    def longest_silence_s(self) -> float:
        """The longest time in which nobody heard of a receipt."""
        moments = sorted(heard for _, heard in self.heard_at)
        return max((b - a for a, b in pairwise(moments)), default=0.0)

    def first_after(self, moment: float) -> float | None:
        """How long after a moment the first receipt came for what was sent after it."""
        late = takewhile(lambda one: one[1] > moment, reversed(self.heard_at))
        return min((heard - moment for sent, heard in late if sent > moment), default=None)


@dataclass
class Job:
    """One save of one pupil, as often as it takes."""

    pupil: Pupil
    seq: int
    due: float
    body: bytes
    digest: bytes
    failures: int = 0


class Steady:
    """So many saves a second of these pupils, each in her turn."""

    def __init__(self, server: Server, pupils: Sequence[Pupil], *, per_s: int) -> None:
        self._server, self._pupils, self._per_s = server, pupils, per_s
        self.told, self.over = Told(), asyncio.Event()
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._waiting: set[bytes] = set()

    async def run(self, *, drain_s: float = 60.0) -> None:
        """Save until `over` is set, then wait for what is still to be heard of."""
        connections = [asyncio.create_task(self._connection()) for _ in range(CONNECTIONS)]
        began, n_due = time.perf_counter(), 0
        while not self.over.is_set():
            wanted = int((time.perf_counter() - began) * self._per_s)
            for number in range(n_due, wanted):
                self._fall_due(number, began + number / self._per_s)
            n_due = wanted
            await asyncio.sleep(TURN_S)
        until = time.perf_counter() + drain_s
        while self._waiting and time.perf_counter() < until:  # noqa: ASYNC110 or until late
            await asyncio.sleep(TURN_S)
        for one in connections:
            one.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def count_unheard(self) -> int:
        """Saves that never got a receipt."""
        return len(self._waiting)

    def _fall_due(self, number: int, due: float) -> None:
        pupil = self._pupils[number % len(self._pupils)]
        if pupil.sid not in self._waiting:
            self._waiting.add(pupil.sid)
            seq = number // len(self._pupils)
            self._jobs.put_nowait(_job(self._server.campaign, pupil, seq=seq, due=due))

    async def _connection(self) -> None:
        line: Line | None = None
        while True:
            job = await self._jobs.get()
            sent = time.perf_counter()
            try:
                if line is None:
                    line = await asyncio.open_connection(HOST, self._server.port)
                status, asked_s = await _ask(line, job.body)
            except (OSError, EOFError):
                status, asked_s = 0, 0
                if line:
                    line[1].close()
                line = None
            self._hear(job, status, asked_s, sent)

    def _hear(self, job: Job, status: int, asked_s: int, sent: float) -> None:
        heard = time.perf_counter()
        if status == 200:  # noqa: PLR2004
            self.told.waits_s.append(heard - job.due)
            self.told.heard_at.append((sent, heard))
            self.told.last[job.pupil.sid] = (job.seq, job.digest)
            self._waiting.discard(job.pupil.sid)
            return
        if status not in {0, 503}:
            raise SystemExit(f"refused with {status}")
        self.told.n_refused += status > 0
        self.told.n_cut += status == 0
        wait_s = max(_own_wait_s(job.failures), asked_s * random.uniform(1, 1.5))  # noqa: S311
        job.failures += 1
        asyncio.get_running_loop().call_later(wait_s, self._jobs.put_nowait, job)


def lost(server: Server, told: Told) -> tuple[int, int]:
    """Acknowledged saves that results would not find, and saves that it would find twice."""
    found: dict[bytes, tuple[int, bytes]] = {}
    n_twice = 0
    for row in server.drain():
        header = seal.read_header(row.envelope)
        n_twice += header.sid in found  # one stream a pupil, one save a stream
        found[header.sid] = (header.seq, hashlib.sha256(row.envelope).digest())
    n_lost = sum(not _is_there(found.get(sid), *kept) for sid, kept in told.last.items())
    return n_lost, n_twice


def _is_there(found: tuple[int, bytes] | None, seq: int, digest: bytes) -> bool:
    """Itself, or a later save of the same pupil that was kept and not heard of."""
    return found is not None and (found[0] > seq or found == (seq, digest))


def _job(campaign: Campaign, pupil: Pupil, *, seq: int, due: float) -> Job:
    header = campaign.header(pupil, seq=seq, progress=50)
    envelope = header.to_bytes() + secrets.token_bytes(SEALED_SIZE)
    body = uploads.pack_save(uploads.Save(pupil.auth, 1, envelope, BOX))
    return Job(pupil, seq, due, body, hashlib.sha256(envelope).digest())


async def _ask(line: Line, body: bytes) -> tuple[int, int]:
    """The status of the reply, and how many seconds it asks to wait."""
    reader, writer = line
    head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    reply = (await reader.readuntil(b"\r\n\r\n")).lower()
    await reader.readexactly(_number(reply, b"content-length: "))
    return int(reply[9:12]), _number(reply, b"retry-after: ")


def _number(reply: bytes, name: bytes) -> int:
    return int(reply.partition(name)[2].partition(b"\r\n")[0] or 0)


def _own_wait_s(failures: int) -> float:
    return min(FIRST_WAIT_S * 2**failures, MOST_WAIT_S) * random.uniform(0.5, 1)  # noqa: S311
