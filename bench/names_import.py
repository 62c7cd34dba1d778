# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a country's class lists take to come in: directory, then one file of all pupils, twice.

    python bench/names_import.py [--pupils 50000] [--postgres] [--json] [--write]

Real processes of `encrier names`, on a fresh database. The second file is the same list a night
later, in which one pupil in fifty has left and as many have come.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page

from encrier_names.rosters.identifiers import uai_letter
from stage import Stage

HEADING: Final = "## Class lists of a country"
SCHOOL_SIZE: Final = 115  # pupils of 6e of an average collège
CLASSES: Final = 5
LETTERS: Final = "ABCDEFGHIJKLMNOPRSTUVZ"

Figures = dict[str, float | int]


def uai(number: int) -> str:
    digits = f"{number:07}"
    return digits + uai_letter(digits)


def lists(n_pupils: int, *, gone: float, seed: int) -> Iterator[str]:
    """The lines of the national file, school after school; `gone`: the part that was replaced."""
    chance = random.Random(seed)  # noqa: S311 the same country each time
    left = random.Random(seed + 1)  # noqa: S311
    yield "UAI;Nom;Prénom;Date de naissance;Sexe;INE;Niveau;Classe"
    for n in range(n_pupils):
        name = "".join(chance.choices(LETTERS, k=9))
        first = "".join(chance.choices(LETTERS, k=6)).title()
        born = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2015"
        number = n + 10 * n_pupils if left.random() < gone else n
        ine = f"{number:09}{LETTERS[n % 22]}{LETTERS[n % 19]}"
        if number != n:
            name, first = f"NOUVEAU{name[:4]}", f"Venu{n}"
        sex, label = "FM"[n % 2], f"6{LETTERS[n % CLASSES]}"
        yield f"{uai(n // SCHOOL_SIZE)};{name};{first};{born};{sex};{ine};6e;{label}"


def measured(n_pupils: int, *, postgres: bool) -> Figures:
    """All figures of this machine."""
    figures: Figures = {"pupils": n_pupils, "schools": (n_pupils - 1) // SCHOOL_SIZE + 1}
    figures["postgres"] = int(postgres)
    with (
        tempfile.TemporaryDirectory() as name,
        ground.stage_in(Path(name) / "zones", postgres=postgres) as stage,
    ):
        folder = Path(name)
        directory = folder / "annuaire.csv"
        rows = (f"{uai(n)};Collège {n};COLLEGE;RENNES" for n in range(int(figures["schools"])))
        directory.write_text("\n".join(["uai;nom;type;academie", *rows]), "utf-8")
        figures["directory_s"] = _timed(stage, "import-schools", directory)
        inbox = folder / "inbox"
        inbox.mkdir()
        for night, gone in (("first", 0.0), ("next", 0.02)):
            with (inbox / f"{night}.csv").open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lists(n_pupils, gone=gone, seed=1))
            with ground.Memory() as memory, ground.Worked(stage) as worked:
                figures[f"{night}_s"] = _timed(stage, "feed", inbox)
            figures[f"{night}_ours_s"] = worked.ours_s
            figures[f"{night}_postgres_s"] = worked.postgres_s
            figures[f"{night}_per_s"] = round(n_pupils / figures[f"{night}_s"])
            figures[f"{night}_mb"] = memory.peak_mb
    return figures


def _timed(stage: Stage, *command: object) -> float:
    began = time.monotonic()
    stage.names.run(*command)
    return round(time.monotonic() - began, 1)


def section(figures: Figures, machine: str) -> str:
    """The figures as a section of docs/performance.md."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    postgres = bool(figures["postgres"])
    option = " --postgres" if postgres else ""
    lines = [
        HEADING + (", on PostgreSQL" if postgres else ""),
        "",
        f"`python bench/names_import.py --pupils {figures['pupils']}{option} --write`, {when}.",
        machine,
        f"{figures['schools']:,} schools of {SCHOOL_SIZE} pupils.",
        "Every row is judged, each school is compared with what is known and taken whole or not.",
        "",
        "| | by the clock, s | pupils a second | processor, ours, s | processor, PostgreSQL, s |",
        "|---|---|---|---|---|",
        f"| directory of schools | {figures['directory_s']} | – | – | – |",
        _row("first night: all are new", "first", figures),
        _row("next night: 2 % left, 2 % came", "next", figures),
        "",
        "By the clock counts what other work took of the processors; processor time does not.",
        f"Memory of all our processes together: {figures['first_mb']}, {figures['next_mb']} MB.",
        "",
    ]
    return "\n".join(lines)


def _row(words: str, night: str, figures: Figures) -> str:
    told = [figures[f"{night}_{name}"] for name in ("s", "per_s", "ours_s", "postgres_s")]
    return f"| {words} | " + " | ".join(f"{one:,}" for one in told) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pupils", type=int, default=50_000)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    asked = parser.parse_args()
    machine = ground.machine(postgres=asked.postgres)
    figures = measured(asked.pupils, postgres=asked.postgres)
    said = section(figures, machine)
    print(json.dumps(figures, indent=2) if asked.json else said)
    if asked.write:
        performance_page.put(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
