# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rehearsals of which the figures are goals: a country's hour, its peak, its storm of starts.

Runs what `encrier answers rehearse` runs, then does what only results can: opens the envelopes of
the sample with the rehearsal's own key and compares each sheet with the one that was sealed.

    python bench/rehearse.py --preset country-hour [--pupils N] [--minutes M] [--postgres] [--write]

--pupils and --minutes make a preset smaller, to try it; its goals stay. --postgres: the store is
in a PostgreSQL of its own, durable, on the same cores; its processor time is not the server's.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import performance_page
from msgspec.structs import replace

from encrier.errors import EncrierError
from encrier.records import to_bytes
from encrier_answers.rehearsal import verb
from encrier_answers.rehearsal.rehearse import Asked
from encrier_answers.rehearsal.report.figures import Figures, Goals
from encrier_answers.rehearsal.report.page import section, verdict
from encrier_answers.rehearsal.shape import Day

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

from stagecraft.cluster import Cluster  # noqa: E402 the path comes first
from stagecraft.opened import count_opened  # noqa: E402 the path comes first


class Preset(NamedTuple):
    """A rehearsal and its goals."""

    title: str
    asked: Asked
    goals: Goals


PRESETS: Final = {
    "country-hour": Preset(
        "Rehearsal of a country's hour",
        Asked(Day(pupils=50_000, seconds=900, starts="hour")),
        Goals(p99_ms=150, server_cores=1, server_mb=2_048),
    ),
    "peak": Preset(
        "Rehearsal of a peak",
        Asked(Day(pupils=200_000, seconds=600, starts="spread"), n_lines=5_000, starts_per_s=5_000),
        Goals(p99_ms=250),
    ),
    "storm": Preset(
        "Rehearsal of a storm of starts",
        Asked(Day(pupils=50_000, seconds=900, starts="storm")),
        Goals(start_p99_ms=1_000),
    ),
}


@contextmanager
def database(*, wanted: bool) -> Iterator[str | None]:
    """The address of a database on a PostgreSQL of its own, where one is wanted."""
    if not wanted:
        yield None
        return
    cluster = Cluster(durable=True)
    try:
        yield cluster.new_database()
    finally:
        cluster.stop()


def smaller(asked: Asked, *, pupils: int | None, minutes: float | None) -> Asked:
    """The same rehearsal with fewer pupils, or shorter; as many of them on a connection."""
    day, n_pupils = asked.day, pupils or asked.day.pupils
    shrunk = Day(
        pupils=n_pupils,
        seconds=day.seconds if minutes is None else minutes * 60,
        starts=day.starts,
        save_every_s=day.save_every_s,
    )
    return replace(asked, day=shrunk, n_lines=asked.n_lines * n_pupils // day.pupils)


def command(given: argparse.Namespace) -> str:
    """What was typed, as it is written beside the figures."""
    said = f"python bench/rehearse.py --preset {given.preset}"
    if given.pupils is not None:
        said += f" --pupils {given.pupils}"
    if given.minutes is not None:
        said += f" --minutes {given.minutes:g}"
    if given.workers is not None:
        said += f" --workers {given.workers}"
    return said + (" --postgres" if given.postgres else "") + (" --write" if given.write else "")


def written(found: Figures, preset: Preset, given: argparse.Namespace, *, opened: str) -> str:
    """The section of docs/performance.md."""
    store = ", PostgreSQL" if given.postgres else ""
    made = section(found, preset.goals, title=preset.title + store, command=command(given))
    return f"{made.rstrip()}\n{opened}\n"


def main() -> int:
    """Run one preset; exit 1 if anything was lost, altered, made up, in clear or did not open."""
    asked = argparse.ArgumentParser(description="Rehearse a day of which the figures are goals.")
    asked.add_argument("--preset", choices=PRESETS, required=True)
    asked.add_argument("--pupils", type=int, help="fewer than the preset has")
    asked.add_argument("--minutes", type=float, help="shorter than the preset is")
    asked.add_argument("--workers", type=int, help="processes of the server")
    asked.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked.add_argument("--report", type=Path, help="folder of the page and its curves")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    preset = PRESETS[given.preset]
    day = smaller(preset.asked, pupils=given.pupils, minutes=given.minutes)
    folder = Path(tempfile.mkdtemp(prefix="encrier-rehearsal-"))
    try:
        with database(wanted=given.postgres) as url:
            whole = replace(day, database=url, workers=given.workers)
            found = verb.run_and_report(whole, preset.goals, keep=folder, report=given.report)[1]
            n_sampled, n_opened = count_opened(folder, database=url)
    except EncrierError as error:
        sys.exit(f"encrier: {error}")
    finally:
        shutil.rmtree(folder)
    opened = f"Opened with the key of results: {n_opened:,} of {n_sampled:,} of the sample, each to"
    opened += " the very sheet that was sealed."
    if given.write:
        performance_page.put(written(found, preset, given, opened=opened))
    print(to_bytes(found).decode() if given.json else f"{verdict(found, preset.goals)}\n{opened}")
    return 1 if found.faults or found.errors or n_opened != n_sampled else 0


if __name__ == "__main__":
    sys.exit(main())
