# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many durable saves a second one machine acknowledges, client and server on its own cores.

Closed loop over loopback without TLS: each connection sends its next save when the last receipt
has come, so latency is that of a saturated server and says nothing of a calm one. The client
spends CPU on the same cores and checks no signature; the server checks each sign-in secret, signs
each receipt and answers after fsync into the encrypted store. Envelopes have the real size
(2,227 bytes) and a real header; their inside is random, which the server cannot tell. After the
run every acknowledged save is looked for in what results would pull.

    python bench/save.py [--seconds 10] [--connections 1000] [--workers 1] [--postgres] [--write]

--postgres: the store is in a PostgreSQL of its own, durable, on the same cores; its processor time
is not the server's.
"""

import argparse
import asyncio
import json
import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, cast

import ground
import performance_page
import uvloop

from encrier import seal, uploads
from encrier.ids import SittingId
from stagecraft.cluster import Cluster
from stagecraft.node import Campaign, Pupil, Server

MAX_SECONDS: Final = 10.0
PUPILS_EACH: Final = 20  # of a connection
POOL: Final = 65_536  # bytes: what is sealed is a slice of them, another each time
HEAD: Final = b"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
SEALED_SIZE: Final = 1120 + 1024 + 16  # encapsulation, smallest bucket, tag
BOX: Final = bytes(512)


@dataclass
class Bench:
    """A campaign, its pupils, and the server that takes their saves."""

    server: Server
    pupils: list[Pupil]
    pool: bytes = secrets.token_bytes(POOL + SEALED_SIZE)

    def save(self, rank: int, seq: int) -> bytes:
        """The body of one save of one pupil."""
        pupil = self.pupils[rank % len(self.pupils)]
        header = self.server.campaign.header(pupil, seq=seq, progress=50)
        at = (rank * 31 + seq) % POOL
        envelope = header.to_bytes() + self.pool[at : at + SEALED_SIZE]
        return uploads.pack_save(uploads.Save(pupil.auth, 1, envelope, BOX))

    def count_missing(self, acknowledged: dict[bytes, int]) -> int:
        """How many sittings lack their last acknowledged save or a later one."""
        headers = (seal.read_header(row.envelope) for row in self.server.drain())
        found = {header.sid: header.seq for header in headers}
        return sum(found.get(SittingId(sid), -1) < seq for sid, seq in acknowledged.items())


@contextmanager
def database(*, wanted: bool) -> Iterator[dict[str, str]]:
    """The settings of a new database on a PostgreSQL of its own, where one is wanted."""
    if not wanted:
        yield {}
        return
    cluster = Cluster(durable=True)
    try:
        yield {"database": cluster.new_database()}
    finally:
        cluster.stop()


@contextmanager
def serving(*, postgres: bool, connections: int, workers: int) -> Iterator[Bench]:
    """The server's own processes, with its pupils admitted."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(wanted=postgres) as more,
        Server(Campaign(Path(folder)), workers=str(workers), **more) as server,
    ):
        pupils = [server.campaign.pupil() for _ in range(PUPILS_EACH * connections)]
        server.admit(*(server.campaign.admission(one) for one in pupils))
        yield Bench(server, pupils)


class Connection(asyncio.Protocol):
    """One connection that saves for one pupil after another, the next when the last is kept."""

    def __init__(self, bench: Bench, rank: int, until: float, waits_s: list[float]) -> None:
        self._bench, self._rank, self._until, self._waits_s = bench, rank, until, waits_s
        self.acknowledged: dict[bytes, int] = {}
        self.ended = asyncio.get_running_loop().create_future()
        self._turn = 0
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, content: bytes) -> None:
        self._heard += content
        end = self._heard.find(b"\r\n\r\n")
        if end < 0 or len(self._heard) < end + 4 + size_of(self._heard):
            return
        if not self._heard.startswith(b"HTTP/1.1 200"):
            self.ended.set_exception(SystemExit(f"refused: {self._heard[:40]!r}"))
            return
        self._waits_s.append(time.perf_counter() - self._began)
        self.acknowledged[self._bench.pupils[self._mine].sid] = self._seq
        self._heard = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self._transport.close()
            self.ended.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or SystemExit("the server closed a connection"))

    def _ask(self) -> None:
        self._mine = self._rank * PUPILS_EACH + self._turn % PUPILS_EACH
        self._seq = self._turn // PUPILS_EACH
        self._turn += 1
        body = self._bench.save(self._mine, self._seq)
        self._began = time.perf_counter()
        self._transport.write(HEAD % len(body) + body)


def size_of(head: bytes) -> int:
    """What a reply's head says of its body, in bytes."""
    return int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])


async def hammer(
    bench: Bench, *, seconds: float, connections: int
) -> tuple[list[float], dict[bytes, int], float]:
    """Latencies, last acknowledged number of each sitting, and how long it took."""
    loop = asyncio.get_running_loop()
    waits_s: list[float] = []
    began = time.perf_counter()
    lines = [Connection(bench, rank, began + seconds, waits_s) for rank in range(connections)]
    for line in lines:
        await loop.create_connection(partial(_same, line), "127.0.0.1", bench.server.port)
    acknowledged: dict[bytes, int] = {}
    for line in lines:
        await line.ended
        acknowledged |= line.acknowledged
    return waits_s, acknowledged, time.perf_counter() - began


def _same(line: Connection) -> Connection:
    return line


def section(figures: dict[str, object], *, postgres: bool) -> str:
    """The figures as a section of docs/performance.md."""
    store = "PostgreSQL" if postgres else "SQLite"
    command = f"python bench/save.py --workers {figures['workers']}"
    command += " --postgres --write" if postgres else " --write"
    lines = [
        f"## Durable saves, {store}",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=postgres),
        f"{figures['connections']:,} connections, workers: {figures['workers']}.",
        "Closed loop without TLS, client on the same cores, an fsync before each receipt.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| saves a second | 15,000 | {figures['saves_per_s']:,} |",
        f"| wait, median, ms | | {figures['p50_ms']} |",
        f"| wait, 99 %, ms | 250 | {figures['p99_ms']} |",
        f"| processor time of the server a save, µs | 80 | {figures['server_cpu_us_per_save']} |",
        f"| and of the client, µs | | {figures['client_cpu_us_per_save']} |",
        f"| acknowledged and not found afterwards | 0 | {figures['acknowledged_but_missing']} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if an acknowledged save is missing."""
    asked = argparse.ArgumentParser(description="Measure durable saves of the answers zone.")
    asked.add_argument("--seconds", type=float, default=MAX_SECONDS)
    asked.add_argument("--connections", type=int, default=1000, choices=range(1, 5001), metavar="N")
    asked.add_argument("--workers", type=int, default=1, metavar="N")
    asked.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    seconds = min(given.seconds, MAX_SECONDS)
    with serving(
        postgres=given.postgres, connections=given.connections, workers=given.workers
    ) as bench:
        before, mine = ground.spent_s(bench.server.process.pid), time.process_time()
        waits_s, acknowledged, took_s = uvloop.run(
            hammer(bench, seconds=seconds, connections=given.connections)
        )
        server_s = ground.spent_s(bench.server.process.pid) - before
        client_s = time.process_time() - mine
        missing = bench.count_missing(acknowledged)
    cuts = statistics.quantiles(waits_s, n=100)
    figures = {
        "saves_per_s": round(len(waits_s) / took_s),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "server_cpu_us_per_save": round(server_s / len(waits_s) * 1e6),
        "saves": len(waits_s),
        "acknowledged_but_missing": missing,
        "client_cpu_us_per_save": round(client_s / len(waits_s) * 1e6),
        "connections": given.connections,
        "workers": given.workers,
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }
    if given.write:
        performance_page.put(section(figures, postgres=given.postgres))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
