# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier answers rehearse`: reads what is asked, says what it will take and what came of it."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from encrier.records import to_bytes
from encrier_answers.rehearsal.rehearse import (
    MB,
    Asked,
    Done,
    check,
    free_memory_mb,
    most_files,
    needs,
    rehearse,
)
from encrier_answers.rehearsal.report.figures import Figures, Goals
from encrier_answers.rehearsal.report.page import verdict, write
from encrier_answers.rehearsal.shape import Day

if TYPE_CHECKING:
    from encrier.cli import Commands

PURPOSE = "rehearse a school day on this machine, against the real server"


def add(commands: "Commands") -> None:
    """Add the verb."""
    verb = commands.add_parser(
        "rehearse",
        help=PURPOSE,
        description=f"{PURPOSE.capitalize()}. See docs/operate/rehearsal.md.",
        usage="encrier answers rehearse --pupils N [options]",
        epilog="example: encrier answers rehearse --pupils 2000 --minutes 5 --report rehearsal",
    )
    verb.add_argument("--pupils", type=int, required=True, metavar="N", help="at most 250,000")
    verb.add_argument("--minutes", type=float, default=5.0, metavar="M", help="at most 60")
    verb.add_argument("--starts", choices=("spread", "hour", "storm"), default="hour")
    verb.add_argument("--saves-every", type=float, default=20.0, metavar="S", help="20 s")
    verb.add_argument("--connections", type=int, default=0, metavar="N", help="shared by pupils")
    verb.add_argument("--sample", type=int, default=200, metavar="N", help="pupils really sealed")
    verb.add_argument("--kills", type=int, default=0, metavar="N", help="kill -9 of the server")
    verb.add_argument("--starts-per-s", type=float, metavar="N", help="before others wait")
    verb.add_argument("--workers", type=int, metavar="N", help="processes of the server")
    verb.add_argument("--plain", action="store_true", help="without TLS")
    verb.add_argument("--database", metavar="URL", help="store in an empty PostgreSQL database")
    verb.add_argument("--server", metavar="URL", help="one started with --keep's campaign")
    verb.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same day")
    verb.add_argument("--keep", type=Path, metavar="FOLDER", help="leave keys, letters, logs")
    verb.add_argument("--report", type=Path, metavar="FOLDER", help="page, curves, figures")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Rehearse once; 1 where something was lost, altered, made up or found in clear."""
    goals = Goals()
    found = run_and_report(asked_of(given), goals, keep=given.keep, report=given.report)[1]
    said = to_bytes(found).decode() if given.json else verdict(found, goals)
    sys.stdout.write(f"{said}\n")
    return 1 if found.faults or found.errors else 0


def asked_of(given: argparse.Namespace) -> Asked:
    """What was asked."""
    day = Day(
        pupils=given.pupils,
        seconds=given.minutes * 60,
        starts=given.starts,
        save_every_s=given.saves_every,
        seed=given.seed,
    )
    return Asked(
        day,
        n_sample=given.sample,
        n_lines=given.connections,
        plain=given.plain,
        server=given.server,
        database=given.database,
        workers=given.workers,
        starts_per_s=given.starts_per_s,
        kills=given.kills,
    )


def run_and_report(
    asked: Asked, goals: Goals, *, keep: Path | None, report: Path | None
) -> tuple[Done, Figures]:
    """Refuse what this machine cannot hold, else rehearse and write the report where it is wanted.

    keep: a folder of which the keys, letters and logs are left; else all of it goes.
    """
    with _folder(keep) as folder:
        needed = needs(asked)
        free_mb = shutil.disk_usage(folder).free // MB
        memory_mb, files = free_memory_mb(), most_files()
        check(asked, needed, memory_mb=memory_mb, disk_mb=free_mb, files=files)
        sys.stderr.write(f"rehearsing {asked.day.pupils:,} pupils: {needed}\n")
        done = rehearse(asked, folder)
        with tempfile.TemporaryDirectory() as nowhere:
            return done, write(done, goals, report or Path(nowhere))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="encrier-rehearsal-") as folder:
        yield Path(folder)
