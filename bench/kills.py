# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kill -9 at random moments while pupils save: how soon receipts come again, and what is lost.

On SQLite every process of the server is killed and the server started again, as a machine does.
On PostgreSQL the server's processes and the database's are killed in turn. After the last kill
each acknowledged save is looked for in what results would pull.

    python bench/kills.py [--kills 200] [--postgres] [--json] [--write]
"""

import argparse
import asyncio
import ctypes
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page
from steady import Steady, lost

from stagecraft.cluster import Cluster
from stagecraft.node import Campaign, Server

PER_S: Final = 200
N_PUPILS: Final = 2_000
BETWEEN_S: Final = (0.2, 1.2)  # of saving before each kill
PR_SET_CHILD_SUBREAPER: Final = 36  # of <linux/prctl.h>
GIVEN_UP_S: Final = 60.0
MAX_SECONDS: Final = 1_800.0
Target = tuple[Callable[[], object], Callable[[], object]]


@dataclass
class Killed:
    """What may be killed and started again, and what the pupils then heard."""

    server: Server
    steady: Steady
    cluster: Cluster | None

    def targets(self) -> list[Target]:
        """What is killed in turn, and how it is started again."""
        server: Target = (self.server.kill, self.server.__enter__)
        return [server, (self.cluster.kill, self.cluster.start)] if self.cluster else [server]

    async def receipt_after(self, target: Target) -> float:
        """Kill and start again; how long until a receipt for a save that was sent afterwards."""
        kill, start = target
        began = time.perf_counter()
        await asyncio.to_thread(kill)
        killed = time.perf_counter()
        await asyncio.to_thread(start)
        while (came := self.steady.told.first_after(killed)) is None:
            if time.perf_counter() > began + GIVEN_UP_S:
                raise SystemExit("no receipt comes any more")
            await asyncio.sleep(0.01)
        return killed - began + came


@contextmanager
def killable(*, postgres: bool) -> Iterator[Killed]:
    """A server under load, on an encrypted file or on a durable PostgreSQL of its own."""
    cluster = Cluster(durable=True) if postgres else None
    more = {"database": cluster.new_database()} if cluster else {}
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            Server(Campaign(Path(folder)), **more) as server,
        ):
            pupils = [server.campaign.pupil() for _ in range(N_PUPILS)]
            server.admit(*(server.campaign.admission(one) for one in pupils))
            yield Killed(server, Steady(server, pupils, per_s=PER_S), cluster)
    finally:
        if cluster:
            cluster.stop()


async def kill_again(killed: Killed, *, times: int) -> list[float]:
    """Kill so many times under load; how long each time until receipts came again."""
    began, backs_s = time.perf_counter(), []
    running = asyncio.create_task(killed.steady.run())
    targets = killed.targets()
    for number in range(times):
        await asyncio.sleep(random.uniform(*BETWEEN_S))  # noqa: S311
        backs_s.append(await killed.receipt_after(targets[number % len(targets)]))
        if time.perf_counter() > began + MAX_SECONDS:
            break
    killed.steady.over.set()
    await running
    return backs_s


def adopt_orphans() -> None:
    """Be whom a dead database's processes are left to.

    The first process of a container may be slow to hear of them, and PostgreSQL does not start
    while one of those before still has an exit code.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(*, times: int, postgres: bool) -> dict[str, object]:
    """Run once; the figures."""
    adopt_orphans()
    with killable(postgres=postgres) as killed:
        backs_s = asyncio.run(kill_again(killed, times=times))
        n_lost, n_twice = lost(killed.server, killed.steady.told)
    return {
        "kills": len(backs_s),
        "acknowledged": len(killed.steady.told.waits_s),
        "lost": n_lost,
        "stored_twice": n_twice,
        "never_acknowledged": killed.steady.count_unheard(),
        "back_median_s": round(statistics.median(backs_s), 2),
        "back_max_s": round(max(backs_s), 2),
        "load_1min": round(os.getloadavg()[0], 1),
    }


def section(figures: dict[str, object], *, postgres: bool, on: str) -> str:
    """The figures as a section of docs/performance.md."""
    store = "PostgreSQL" if postgres else "SQLite"
    command = f"--kills {figures['kills']}{' --postgres' if postgres else ''} --write"
    what = "the server's processes, then the database's, in turn" if postgres else "the server's"
    lines = [
        f"## Killed at random moments, {store}",
        "",
        f"`python bench/kills.py {command}`, {datetime.now(UTC):%Y-%m-%d}.",
        on,
        f"{PER_S} saves a second while kill -9 ends {what}; each is started again at once.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| kill -9 | 200 | {figures['kills']} |",
        f"| saves acknowledged | | {figures['acknowledged']:,} |",
        f"| acknowledged and not found afterwards | 0 | {figures['lost']} |",
        f"| stored twice | 0 | {figures['stored_twice']} |",
        f"| still without one a minute after the last kill | | {figures['never_acknowledged']} |",
        f"| kill to the next receipt, median, s | | {figures['back_median_s']} |",
        f"| kill to the next receipt, longest, s | 3 | {figures['back_max_s']} |",
        "",
        "After each failure a page waits longer before it sends again, up to a minute.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if a save is missing, or is there twice."""
    asked = argparse.ArgumentParser(description="Kill the answers zone under load.")
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    on = ground.machine(postgres=given.postgres)
    figures = measure(times=given.kills, postgres=given.postgres)
    if given.write:
        performance_page.put(section(figures, postgres=given.postgres, on=on))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 1 if figures["lost"] or figures["stored_twice"] else 0


if __name__ == "__main__":
    sys.exit(main())
