# SPDX-License-Identifier: AGPL-3.0-or-later
"""Faults of the answers zone, simulated: how many steps without anything lost, twice or forged.

The world of the tests (`tests/stagecraft/simulation.py`), with the node's own code on a real file,
lives again and again, each time under the next seed, and comes to rest at the end of each life.
A law that is broken stops the run; what is printed then plays the same world again.

    python bench/simulate.py [--steps 1000000] [--seed 0] [--write] [--json]
"""

import argparse
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page

from stagecraft.simulated_truth import KINDS, Violation
from stagecraft.simulation import World, live

LIFE: Final = 2_000  # steps of one world
SAY_EVERY: Final = 100_000
SHOWN: Final = 8  # last events of a world whose law was broken
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 a disk's wait adds nothing: crashes are simulated
FAULTS: Final = {
    "the_node_crashes": "crashes of the node",
    "crashes, before": "– before a commit",
    "crashes, torn": "– during a commit, its sectors written in part",
    "commits torn, undone": "– – with saves, undone as a whole",
    "commits torn, whole": "– – with saves, kept as a whole",
    "crashes, after": "– after a commit, the replies lost",
    "crashes, writer": "– by a writer that dies in the middle of a batch",
    "the_node_is_told_to_stop": "stops and starts",
    "another_process_starts": "second servers, refused; second workers",
    "full disks": "times that the disk was filled",
    "saves refused, StoreSilent": "saves answered 503",
    "saves refused, SittingClosed": "saves refused after the end",
    "requests given up": "replies that a slow disk lost",
    "jumps of the clock": "jumps of the clock",
    "messages that came twice": "messages that came twice",
    "messages dropped": "messages dropped",
    "messages altered": "messages cut or altered",
    "pages that died": "pages that died",
    "computers wiped": "– with their computer",
    "names_sends_a_list": "lists sent that open, close or extend",
    "forged requests": "forged requests",
    "forged receipts": "forged receipts",
}


def lived(seed: int, n_steps: int) -> tuple[World, Violation | None]:
    """One life, and the law that it broke."""
    world = World(IN_MEMORY if IN_MEMORY.is_dir() else None)
    try:
        live(world, seed=seed, n_steps=n_steps)
    except Violation as broken:
        return world, broken
    finally:
        world.close()
    return world, None


def how_to_replay(world: World, broken: Violation, seed: int) -> str:
    """What to type to see it again, and the last that happened."""
    last = "\n".join(f"  {event} {number}" for event, number in world.history[-SHOWN:])
    again = f"python bench/simulate.py --seed {seed} --steps {len(world.history)}"
    return f"{broken}\nlast events:\n{last}\nto see it again: {again}"


def section(figures: dict[str, object], counts: Counter[str], *, command: str, on: str) -> str:
    """The figures as a section of docs/performance.md. on: which machine."""
    words = dict.fromkeys(KINDS) | {"broken": "other laws broken"}
    laws = [f"| {words[kind] or kind} | 0 | {figures[kind]} |" for kind in KINDS]
    faults = [f"| {words} | | {counts[name]:,} |" for name, words in FAULTS.items()]
    lines = [
        "## Fault simulation, answers",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}.",
        on,
        f"Worlds of {LIFE:,} events, the store on a file in memory; each comes to rest at its end.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| steps | 1,000,000 | {figures['steps']:,} |",
        *laws,
        f"| saves sealed | | {counts['saves']:,} |",
        f"| replies that acknowledged one | | {counts['acknowledged']:,} |",
        *faults,
        f"| steps a second | | {figures['steps_per_s']:,} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Live as many steps as asked; exit 1 if a law was broken."""
    asked = argparse.ArgumentParser(description="Simulate faults of the answers zone.")
    asked.add_argument("--steps", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=0, help="of the first world")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    counts: Counter[str] = Counter()
    on = ground.machine(postgres=False)
    n_steps, seed, began = 0, given.seed, time.perf_counter()
    broken: Violation | None = None
    while n_steps < given.steps and broken is None:
        world, broken = lived(seed, min(LIFE, given.steps - n_steps))
        counts += world.counts
        n_steps += len(world.history)
        if broken is not None:
            print(how_to_replay(world, broken, seed), file=sys.stderr)
        elif n_steps % SAY_EVERY == 0:
            print(f"{n_steps:,} steps", file=sys.stderr)
        seed += 1
    figures: dict[str, object] = {"steps": n_steps, "seed": given.seed}
    figures |= {kind: int(broken is not None and broken.kind == kind) for kind in KINDS}
    figures["steps_per_s"] = round(n_steps / (time.perf_counter() - began))
    if given.write:
        command = f"python bench/simulate.py --steps {given.steps} --seed {given.seed} --write"
        performance_page.put(section(figures, counts, command=command, on=on))
    shown = figures | dict(sorted(counts.items()))
    print(json.dumps(shown) if given.json else "\n".join(f"{k}: {v}" for k, v in shown.items()))
    return 0 if broken is None else 1


if __name__ == "__main__":
    sys.exit(main())
