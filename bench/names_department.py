# SPDX-License-Identifier: AGPL-3.0-or-later
"""A département from one file of class lists to the printed codes of every class, by the clock.

    python bench/names_department.py [--postgres] [--json] [--write]

The collèges of Ille-et-Vilaine that the ministry's open data knows, each with its own number
of pupils of 6e in the autumn of 2021, under invented names (ENCRIER_SHARED says where that data
is). Real processes of `encrier names`, run as an operator does: directory, feed, validation of
all classes with the derivation of every key at 100,000 rounds, then a PDF for each class.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page

from stage import Stage

SHARED: Final = Path(os.environ.get("ENCRIER_SHARED", ground.ROOT.parent / "shared"))
FOLDER: Final = SHARED / "data" / "schools" / "dept35"
DIRECTORY: Final = FOLDER / "fr-en-annuaire-education.csv"
PUPILS: Final = FOLDER / "fr-en-college-effectifs-niveau-sexe-lv.csv"
HEADING: Final = "## A département, from file to paper"
CLASS: Final = 26
YEAR: Final = "2021"
OF_SIXTH: Final = "Nombre total de 6èmes"
LETTERS: Final = "ABCDEFGHIJKLMNOPRSTUVZ"

Figures = dict[str, float | int]


def schools() -> dict[str, int]:
    """The number of pupils of 6e of each collège."""
    with PUPILS.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return {
            row["Numéro du collège"]: int(row[OF_SIXTH])
            for row in rows
            if row["Rentrée scolaire"] == YEAR and int(row[OF_SIXTH])
        }


def lists(sizes: dict[str, int]) -> Iterator[str]:
    """One table of all of them, under invented names."""
    chance = random.Random(35)  # noqa: S311 the same pupils each time
    yield "UAI;Nom;Prénom;Date de naissance;Sexe;INE;Niveau;Classe"
    n = 0
    for uai, size in sorted(sizes.items()):
        n_classes = -(-size // CLASS)
        for place in range(size):
            n += 1
            name = "".join(chance.choices(LETTERS, k=9))
            first = "".join(chance.choices(LETTERS, k=6)).title()
            born = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2015"
            ine = f"{n:09}{LETTERS[n % 22]}{LETTERS[n % 19]}"
            label = f"6{place % n_classes + 1}"
            yield f"{uai};{name};{first};{born};{'FM'[n % 2]};{ine};6e;{label}"


def measured(*, postgres: bool) -> Figures:
    """All figures of this machine."""
    sizes = schools()
    figures: Figures = {"schools": len(sizes), "pupils": sum(sizes.values())}
    figures["postgres"] = int(postgres)
    with (
        tempfile.TemporaryDirectory() as name,
        ground.stage_in(Path(name) / "zones", postgres=postgres) as stage,
    ):
        inbox = Path(name) / "inbox"
        inbox.mkdir()
        (inbox / "35.csv").write_text("\n".join(lists(sizes)), "utf-8")
        figures["classes"] = sum(-(-size // CLASS) for size in sizes.values())
        with ground.Worked(stage) as worked:
            figures["directory_s"] = _timed(stage, "import-schools", DIRECTORY)
            figures["feed_s"] = _timed(stage, "feed", inbox)
            figures["validate_s"] = _timed(stage, "validate", "--all")
            figures["print_s"], figures["pages"] = _printed(stage, Path(name) / "paper", sizes)
        figures["ours_s"] = worked.ours_s
        steps = ("directory_s", "feed_s", "validate_s", "print_s")
        figures["total_s"] = round(sum(figures[step] for step in steps), 1)
    return figures


def _timed(stage: Stage, *command: object) -> float:
    began = time.monotonic()
    stage.names.run(*command)
    return round(time.monotonic() - began, 1)


def _printed(stage: Stage, folder: Path, sizes: dict[str, int]) -> tuple[float, int]:
    """Write the PDF of every class, with as many processes as processors; seconds and pages."""
    folder.mkdir()
    n_processes = os.cpu_count() or 1
    uais = sorted(sizes)
    script = str(Path(__file__).with_name("names_paper.py"))
    began = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, script, str(folder), *uais[place::n_processes]],
            env=stage.names.environ(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in range(n_processes)
    ]
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise SystemExit("a code sheet could not be printed")
    return round(time.monotonic() - began, 1), sum(int(pages) for pages in said)


def section(figures: Figures, machine: str) -> str:
    """The figures as a section of docs/performance.md."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    option = " --postgres" if figures["postgres"] else ""
    lines = [
        HEADING,
        "",
        f"`python bench/names_department.py{option} --write`, {when}.",
        machine,
        f"{figures['schools']} collèges, {figures['classes']} classes, {figures['pupils']} pupils.",
        "",
        f"Processor time of our processes: {figures['ours_s']} s; the rest is others' work.",
        "",
        "| | seconds by the clock |",
        "|---|---|",
        f"| directory of schools | {figures['directory_s']} |",
        f"| class lists, read, judged, taken in | {figures['feed_s']} |",
        f"| classes validated, keys derived, admission lists queued | {figures['validate_s']} |",
        f"| {figures['pages']:,} pages in {figures['classes']} PDFs | {figures['print_s']} |",
        f"| **together** (goal: 300) | **{figures['total_s']}** |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    asked = parser.parse_args()
    if not PUPILS.is_file():
        sys.stderr.write("The data of the département is not here: set ENCRIER_SHARED.\n")
        return 1
    machine = ground.machine(postgres=asked.postgres)
    figures = measured(postgres=asked.postgres)
    said = section(figures, machine)
    print(json.dumps(figures, indent=2) if asked.json else said)
    if asked.write:
        performance_page.put(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
