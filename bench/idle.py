# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an idle pupil costs: memory of the server for each open connection that says nothing.

Connections are opened from several loopback addresses, each asks once and then stays; the growth
of the proportional memory of all server processes is divided by their number.

    python bench/idle.py [--connections 4000] [--write]
"""

import argparse
import asyncio
import json
import ssl
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page
import uvloop

from encrier_answers.rehearsal.campaign import Campaign
from encrier_answers.rehearsal.server import Door, Server, free_port

GOAL_KIB: Final = 30
AT_ONCE: Final = 50
FROM: Final = 20_000  # connections a source address
ASK: Final = b"GET /v1/manifest HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def open_all(port: int, n: int, trusted: ssl.SSLContext | None) -> list[asyncio.StreamWriter]:
    """Connections that have asked once each and heard the whole reply."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(rank: int) -> asyncio.StreamWriter:
        async with gate:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1",
                port,
                ssl=trusted,
                local_addr=(f"127.0.0.{2 + rank // FROM}", 0),
            )
            writer.write(ASK)
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(size)
            return writer

    return await asyncio.gather(*(one(rank) for rank in range(n)))


async def grown(port: int, pid: int, n: int, trusted: ssl.SSLContext | None) -> tuple[float, float]:
    """KiB of memory a connection, and seconds that all took to open."""
    await open_all(port, 200, trusted)  # what the first ones cost is not theirs
    before = ground.held_kb(pid)
    began = time.perf_counter()
    held = await open_all(port, n, trusted)
    took_s = time.perf_counter() - began
    after = ground.held_kb(pid)
    for writer in held:
        writer.transport.abort()
    return (after - before) / n, took_s


def measured(n: int, *, tls: bool) -> dict[str, float]:
    """The figures of one server and its idle connections."""
    with tempfile.TemporaryDirectory() as folder:
        campaign, port = Campaign(Path(folder)), free_port()
        trusted = ssl.create_default_context(cafile=str(campaign.authority)) if tls else None
        door = Door("127.0.0.1", port, campaign.authority if tls else None)
        environ = campaign.environ(port=port, tls=tls)
        with Server(environ, door=door, log=Path(folder) / "log") as server:
            assert server.pid is not None  # noqa: S101 it has started
            kib, took_s = uvloop.run(grown(port, server.pid, n, trusted))
    return {"kib": round(kib, 1), "opened_a_s": round(n / took_s)}


def section(n: int, plain: dict[str, float], tls: dict[str, float]) -> str:
    """The figures as a section of docs/performance.md."""
    lines = [
        "## Idle connections",
        "",
        f"`python bench/idle.py --write`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=False),
        f"{n:,} connections that have asked once, then say nothing; all processes of the server.",
        "",
        "| | goal | without TLS | TLS 1.3 |",
        "|---|---|---|---|",
        f"| memory a connection, KiB | {GOAL_KIB} | {plain['kib']} | {tls['kib']} |",
        f"| opened and answered a second | | {plain['opened_a_s']:,} | {tls['opened_a_s']:,} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure with and without TLS and print the figures."""
    asked = argparse.ArgumentParser(description="Measure what an idle connection costs.")
    asked.add_argument("--connections", type=int, default=4000, choices=range(100, 15_001))
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    plain, tls = (measured(given.connections, tls=one) for one in (False, True))
    if given.write:
        performance_page.put(section(given.connections, plain, tls))
    print(json.dumps({"plain": plain, "tls": tls}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
