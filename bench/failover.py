# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pupils notice when the primary of a PostgreSQL pair is unplugged while they save.

One node of answers before a real pair under Patroni (deploy/answers/pair), all of it and the
clients on this machine. Half-way through, every process of the primary and its agent gets SIGKILL
at once; nobody is asked. Afterwards each acknowledged save is looked for in what results would
pull.

    python bench/failover.py [--saves-per-s 2000] [--seconds 30] [--json] [--write]
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page
from steady import Steady, lost

from stagecraft.node import Campaign, Server
from stagecraft.pair import Machine, Pair

SAVE_EVERY_S: Final = 20  # a pupil
MAX_SECONDS: Final = 60


async def pulled_half_way(steady: Steady, primary: Machine, *, seconds: float) -> float:
    """Run, and end the primary in the middle; the moment of it."""
    running = asyncio.create_task(steady.run())
    await asyncio.sleep(seconds / 2)
    moment = time.perf_counter()
    await asyncio.to_thread(primary.kill)
    await asyncio.sleep(seconds / 2)
    steady.over.set()
    await running
    return moment


def measure(*, per_s: int, seconds: float) -> dict[str, object]:
    """Run once; the figures."""
    with tempfile.TemporaryDirectory() as folder, Pair(durable=True) as pair:
        database = pair.new_database()
        with Server(Campaign(Path(folder)), database=database) as server:
            pupils = [server.campaign.pupil() for _ in range(per_s * SAVE_EVERY_S)]
            server.admit(*(server.campaign.admission(one) for one in pupils))
            steady = Steady(server, pupils, per_s=per_s)
            moment = asyncio.run(pulled_half_way(steady, pair.primary, seconds=seconds))
            n_lost, n_twice = lost(server, steady.told)
    told = steady.told
    before = [
        wait for wait, (_, at) in zip(told.waits_s, told.heard_at, strict=True) if at < moment
    ]
    return {
        "offered_per_s": per_s,
        "seconds": seconds,
        "acknowledged": len(told.waits_s),
        "lost": n_lost,
        "stored_twice": n_twice,
        "never_acknowledged": steady.count_unheard(),
        "longest_stall_s": round(told.longest_silence_s(), 1),
        "p99_before_ms": round(statistics.quantiles(before, n=100)[98] * 1000, 1),
        "p99_s": round(statistics.quantiles(told.waits_s, n=100)[98], 1),
        "longest_wait_s": round(max(told.waits_s), 1),
        "refused_503": told.n_refused,
        "cut": told.n_cut,
        "load_1min": round(os.getloadavg()[0], 1),
    }


def section(figures: dict[str, object], *, on: str) -> str:
    """The figures as a section of docs/performance.md."""
    command = f"--saves-per-s {figures['offered_per_s']} --seconds {figures['seconds']:g}"
    lines = [
        "## The primary of a pair unplugged",
        "",
        f"`python bench/failover.py {command} --write`, {datetime.now(UTC):%Y-%m-%d}.",
        on,
        "A node, two PostgreSQL with fsync, etcd and the clients share these processors.",
        f"Offered: {figures['offered_per_s']:,} saves a second, open loop, without TLS.",
        "Half-way through, kill -9 of all that is the primary.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| acknowledged | | {figures['acknowledged']:,} |",
        f"| acknowledged and not found afterwards | 0 | {figures['lost']} |",
        f"| longest time without a receipt for anybody, s | 10 | {figures['longest_stall_s']} |",
        f"| wait before the kill, 99 %, ms | | {figures['p99_before_ms']} |",
        f"| wait of all, 99 %, s | | {figures['p99_s']} |",
        f"| longest wait, s | | {figures['longest_wait_s']} |",
        f"| saves that never got a receipt | 0 | {figures['never_acknowledged']} |",
        "",
        "A wait begins when the save is due; a page lets 5 s or more pass before it sends again.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if an acknowledged save is missing."""
    asked = argparse.ArgumentParser(description="Unplug the primary of a pair under load.")
    asked.add_argument("--saves-per-s", type=int, default=2000)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    on = ground.machine(postgres=True)
    figures = measure(per_s=given.saves_per_s, seconds=min(given.seconds, MAX_SECONDS))
    if given.write:
        performance_page.put(section(figures, on=on))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 1 if figures["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
