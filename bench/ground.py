# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the benchmarks of the names zone stand on: a PostgreSQL, memory watched, the machine."""

import os
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parents[1]
for _part in ("demo", "tests", "tools"):
    sys.path.insert(0, str(ROOT / _part))

from encrier_answers.rehearsal.server import below, cpu_s, pss_kb  # noqa: E402
from stage import Stage  # noqa: E402
from stagecraft.cluster import Cluster  # noqa: E402
from stagecraft.postgres import ROLES  # noqa: E402

_EVERY_S: Final = 0.5


@contextmanager
def stage_in(folder: Path, *, postgres: bool) -> Iterator[Stage]:
    """Three zones with their keys; names migrated, on SQLite or on a durable PostgreSQL."""
    stage = Stage(folder)
    stage.draw_keys()
    if not postgres:
        stage.names.run("migrate")
        yield stage
        return
    cluster = Cluster(durable=True)
    try:
        stage.names.set(**{name: cluster.url(role, "country") for name, role in ROLES.items()})
        cluster.psql(stage.names.run("roles"))
        stage.names.run("migrate")
        yield stage
    finally:
        cluster.stop()


class Worked:
    """Processor seconds of what was run inside: our processes, and PostgreSQL's of this run."""

    def __init__(self, stage: Stage) -> None:
        self._folder = stage.names.settings.get("ENCRIER_NAMES_DATABASE", "").rpartition("host=")[2]
        self.ours_s = self.postgres_s = 0.0

    def __enter__(self) -> Self:
        self._before = _children_s(), self._postgres()
        return self

    def __exit__(self, *_fault: object) -> None:
        ours, postgres = self._before
        self.ours_s = round(_children_s() - ours, 1)
        self.postgres_s = round(self._postgres() - postgres, 1)

    def _postgres(self) -> float:
        if not self._folder:
            return 0.0
        written = (Path(self._folder) / "data" / "postmaster.pid").read_text(encoding="ascii")
        first = int(written.split()[0])
        return sum(map(_ticks, (first, *below(first)))) / os.sysconf("SC_CLK_TCK")


class Memory:
    """The most that all processes below this one held at once, what they share counted once.

    with_this: count this process too.
    """

    def __init__(self, *, with_this: bool = False) -> None:
        self.peak_mb = 0
        self._these = [os.getpid()] if with_this else []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            held = sum(map(pss_kb, (*self._these, *below(os.getpid()))))
            self.peak_mb = max(self.peak_mb, held // 1024)


def machine(*, postgres: bool) -> str:
    """One line about what a benchmark ran on."""
    database = "PostgreSQL, fsync on, on the same processors" if postgres else "SQLite"
    load = os.getloadavg()[0]
    return f"{os.uname().machine}, {os.cpu_count()} processors, {database}; load {load:.1f} before."


def spent_s(process: int) -> float:
    """Processor seconds of a process and all below it so far, without those that have ended."""
    return sum(map(cpu_s, (process, *below(process))))


def held_kb(process: int) -> int:
    """KiB that a process and all below it hold now, what they share counted once."""
    return sum(map(pss_kb, (process, *below(process))))


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ticks(process: int) -> int:
    """Of a process and of those it waited for."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return 0
    return sum(map(int, fields.split()[11:15]))
