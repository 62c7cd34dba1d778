# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many durable saves a second one machine acknowledges, client and server on its own cores.

Closed loop over loopback without TLS: each connection sends its next save when the last receipt
has come, so latency is that of a saturated server and says nothing of a calm one. The client
spends CPU on the same cores and checks no signature; the server checks each sign-in secret, signs
each receipt and answers after fsync into the encrypted store. Envelopes have the real size
(2,227 bytes) and a real header; their inside is random, which the server cannot tell. After the
run every acknowledged save is looked for in what results would pull.

    python bench/save.py [--seconds 10] [--connections 64] [--postgres] [--json] [--write]

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
from pathlib import Path
from typing import Final

import ground
import performance_page
import uvloop

from encrier import seal, uploads
from encrier.ids import SittingId
from stagecraft.cluster import Cluster
from stagecraft.node import Campaign, Pupil, Server

MAX_SECONDS: Final = 10.0
N_PUPILS: Final = 256 * 20
SEALED_SIZE: Final = 1120 + 1024 + 16  # encapsulation, smallest bucket, tag
BOX: Final = bytes(512)


@dataclass
class Bench:
    """A campaign, its pupils, and the server that takes their saves."""

    server: Server
    pupils: list[Pupil]

    def save(self, rank: int, seq: int) -> bytes:
        """The body of one save of one pupil."""
        pupil = self.pupils[rank % len(self.pupils)]
        header = self.server.campaign.header(pupil, seq=seq, progress=50)
        envelope = header.to_bytes() + secrets.token_bytes(SEALED_SIZE)
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
def serving(*, postgres: bool) -> Iterator[Bench]:
    """The server's own processes, with its pupils admitted."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(wanted=postgres) as more,
        Server(Campaign(Path(folder)), **more) as server,
    ):
        pupils = [server.campaign.pupil() for _ in range(N_PUPILS)]
        server.admit(*(server.campaign.admission(one) for one in pupils))
        yield Bench(server, pupils)


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its children so far, user and system."""
    ticks = 0
    for of in [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
        fields = Path(f"/proc/{of}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def size_of(head: bytes) -> int:
    """What a reply's head says of its body, in bytes."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])


async def pupil(bench: Bench, rank: int, until: float, waits_s: list[float]) -> dict[bytes, int]:
    """One connection that saves for one pupil after another; the last number acknowledged."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.server.port)
    acknowledged: dict[bytes, int] = {}
    n_mine = len(bench.pupils) // 256
    turn = 0
    while time.perf_counter() < until:
        mine, seq = rank * n_mine + turn % n_mine, turn // n_mine
        body = bench.save(mine, seq)
        began = time.perf_counter()
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        reply = await reader.readuntil(b"\r\n\r\n")
        if not reply.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"refused: {reply[:40]!r}")
        await reader.readexactly(size_of(reply))
        waits_s.append(time.perf_counter() - began)
        acknowledged[bench.pupils[mine].sid] = seq
        turn += 1
    writer.close()
    return acknowledged


async def hammer(
    bench: Bench, *, seconds: float, connections: int
) -> tuple[list[float], dict[bytes, int], float]:
    """Latencies, last acknowledged number of each sitting, and how long it took."""
    waits_s: list[float] = []
    began = time.perf_counter()
    tasks = [pupil(bench, rank, began + seconds, waits_s) for rank in range(connections)]
    acknowledged: dict[bytes, int] = {}
    for done in await asyncio.gather(*tasks):
        acknowledged |= done
    return waits_s, acknowledged, time.perf_counter() - began


def section(figures: dict[str, object], *, postgres: bool) -> str:
    """The figures as a section of docs/performance.md."""
    store = "PostgreSQL" if postgres else "SQLite"
    command = f"python bench/save.py --connections {figures['connections']}"
    command += " --postgres --write" if postgres else " --write"
    lines = [
        f"## Durable saves, {store}",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=postgres),
        "Closed loop without TLS, client on the same cores, an fsync before each receipt.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| saves a second | 15,000 | {figures['saves_per_s']:,} |",
        f"| wait, median, ms | | {figures['p50_ms']} |",
        f"| wait, 99 %, ms | 250 | {figures['p99_ms']} |",
        f"| processor time of the server a save, µs | 80 | {figures['server_cpu_us_per_save']} |",
        f"| acknowledged and not found afterwards | 0 | {figures['acknowledged_but_missing']} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if an acknowledged save is missing."""
    asked = argparse.ArgumentParser(description="Measure durable saves of the answers zone.")
    asked.add_argument("--seconds", type=float, default=MAX_SECONDS)
    asked.add_argument("--connections", type=int, default=64, choices=range(1, 257))
    asked.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    seconds = min(given.seconds, MAX_SECONDS)
    with serving(postgres=given.postgres) as bench:
        before = cpu_s(bench.server.process.pid)
        waits_s, acknowledged, took_s = uvloop.run(
            hammer(bench, seconds=seconds, connections=given.connections)
        )
        server_s = cpu_s(bench.server.process.pid) - before
        missing = bench.count_missing(acknowledged)
    cuts = statistics.quantiles(waits_s, n=100)
    figures = {
        "saves_per_s": round(len(waits_s) / took_s),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "server_cpu_us_per_save": round(server_s / len(waits_s) * 1e6),
        "saves": len(waits_s),
        "acknowledged_but_missing": missing,
        "connections": given.connections,
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
