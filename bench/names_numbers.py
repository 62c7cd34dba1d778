# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415 - the models of names can be imported only once the zone has started
"""How long numbers and codes of a country take: drawn and stored, keys derived, slips on paper.

    python bench/names_numbers.py [--pupils 830000] [--postgres] [--json] [--write]

Numbers and codes are really drawn for so many pupils; keys and slips are measured for some
seconds, and what a country takes is computed from the rate. Slips: classes of 26, all the pages
of their code sheets, in one process and in as many as there are processors.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page

from encrier.codes import DEFAULT_ITERATIONS

COUNTRY: Final = 830_000
HEADING: Final = "## Numbers, codes and slips of a country"
BATCH: Final = 10_000  # pupils a transaction, as a validation of many classes draws
CLASS: Final = 26
CLASSES: Final = 12
SECONDS: Final = 8.0  # of each rate

FIRST: Final = (
    "Léa Emma Jade Louise Alice Chloé Lina Rose Anna Mila Léo Gabriel Raphaël Arthur Louis Jules "
    "Adam Maël Lucas Hugo Noah Liam Nolan Éden Jean-Baptiste Marie-Capucine"
)
FAMILIES: Final = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEROY "
    "LEFEBVRE ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE "
    "MARTIN-FOURNIER CHEVALLIER-ROUSSEAU"
)

Figures = dict[str, float | int]


def _started(environ: dict[str, str]) -> None:
    from encrier_names import zone

    zone.start(environ)


def drawn(n_pupils: int) -> Figures:
    """Draw and store for so many pupils; processor seconds are of this process alone."""
    from encrier_names.pseudonyms import drawing

    began, used = time.monotonic(), time.process_time()
    for at in range(0, n_pupils, BATCH):
        drawing.draw_for(uuid.uuid4() for _ in range(min(BATCH, n_pupils - at)))
    return {
        "drawn_s": round(time.monotonic() - began, 1),
        "drawn_processor_s": round(time.process_time() - used, 1),
    }


def derived() -> Figures:
    """Keys a second on one core, in one thread, and on all, with what is read and stored."""
    from encrier import codes
    from encrier_names import zone
    from encrier_names.pseudonyms import drawing

    campaign, n = zone.current().manifest.campaign_id, 0
    used = time.process_time()
    while time.process_time() - used < SECONDS:
        codes.derive(codes.draw(), campaign, iterations=DEFAULT_ITERATIONS)
        n += 1
    a_core = n / (time.process_time() - used)
    began, done = time.monotonic(), 0

    class Enough(Exception):
        pass

    def said(n_done: int, _of: int) -> None:
        nonlocal done
        done = n_done
        if time.monotonic() - began > SECONDS:
            raise Enough

    used = time.process_time()
    with suppress(Enough):
        drawing.derive_all(zone.current().manifest, said=said)
    seconds, worked = time.monotonic() - began, time.process_time() - used
    return {
        "keys_a_core_s": round(a_core, 1),
        "keys_s": round(done / seconds, 1),
        "keys_processor_ms": round(1000 * worked / max(done, 1), 1),
    }


def _classes(environ: dict[str, str]) -> None:
    """Bring in a school of validated classes."""
    _started(environ)
    from encrier_names.codesheets.validation import validate
    from encrier_names.schools.models import Division, Identity, Pupil, School

    school = School.objects.create(uai="9990001X", name="Collège de l’Encrier")
    for n in range(CLASSES):
        division = Division.objects.create(school=school, label=f"6{n}")
        families = FAMILIES.split()
        for family, first in zip(families[n:] + families[:n], FIRST.split(), strict=True):
            pupil = Pupil(division=division, level="6E")
            pupil.identity = Identity(last_name=family, first_name=first)
            pupil.save()
        validate(division)


def _slips(number: int, environ: dict[str, str], seconds: float) -> tuple[int, float]:
    """Make the code sheets of the classes again and again; give pages and processor seconds."""
    _started(environ)
    from encrier_names import zone
    from encrier_names.codesheets import sheet
    from encrier_names.schools.models import Division

    manifest, divisions = zone.current().manifest, list(Division.objects.select_related("school"))
    a_class = sheet.n_pages_of(divisions)
    began, used, n_pages = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < seconds:
        division = divisions[number % len(divisions)]
        sheet.sheet_pdf(division, manifest)
        n_pages, number = n_pages + a_class[division.id], number + 1
    return n_pages, time.process_time() - used


def slips(environ: dict[str, str]) -> Figures:
    """Pages a second in one process, then in all."""
    figures: Figures = {}
    with ProcessPoolExecutor(1) as pool:
        pool.submit(_classes, environ).result()
    for n_processes in (1, os.cpu_count() or 1):
        with ProcessPoolExecutor(n_processes) as pool:
            list(pool.map(_slips, range(n_processes), [environ] * n_processes, [1.0] * n_processes))
            began = time.monotonic()
            done = list(
                pool.map(
                    _slips, range(n_processes), [environ] * n_processes, [SECONDS] * n_processes
                )
            )
            seconds = time.monotonic() - began
        pages = sum(n for n, _used in done)
        name = "one" if n_processes == 1 else "all"
        figures[f"pages_{name}_s"] = round(pages / seconds, 1)
        figures[f"pages_{name}_processor_ms"] = round(
            1000 * sum(used for _n, used in done) / pages, 2
        )
    return figures


def measured(n_pupils: int, *, postgres: bool) -> Figures:
    """All figures of this machine."""
    figures: Figures = {"pupils": n_pupils, "postgres": int(postgres)}
    with (
        tempfile.TemporaryDirectory() as name,
        ground.stage_in(Path(name) / "zones", postgres=postgres) as stage,
    ):
        environ = stage.names.environ()
        figures |= slips(environ)
        _started(environ)
        figures |= drawn(n_pupils)
        figures |= derived()
        figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        from django.db import connections

        connections.close_all()
    return figures


def section(figures: Figures, machine: str) -> str:
    """The figures as a section of docs/performance.md."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    option = " --postgres" if figures["postgres"] else ""
    n, cores = int(figures["pupils"]), os.cpu_count() or 1
    hours = COUNTRY / (cores * figures["keys_a_core_s"]) / 3600
    lines = [
        HEADING,
        "",
        f"`python bench/names_numbers.py --pupils {n}{option} --write`, {when}.",
        machine,
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| numbers and codes of {n:,} pupils drawn and stored, s | 60 | {figures['drawn_s']} |",
        f"| of which this program’s processor time, s | | {figures['drawn_processor_s']} |",
        f"| keys a second, one core, {DEFAULT_ITERATIONS} rounds | | {figures['keys_a_core_s']} |",
        f"| keys a second on {cores} cores, stored | | {figures['keys_s']} |",
        f"| {COUNTRY:,} keys at the rate of {cores} free cores, hours | | {hours:.1f} |",
        f"| pages of code sheets a second, one process | | {figures['pages_one_s']} |",
        f"| pages of code sheets a second, {cores} processes | 200 | {figures['pages_all_s']} |",
        f"| processor time of a page, ms | | {figures['pages_all_processor_ms']} |",
        "",
        f"Classes of {CLASS} pupils: room sheet, slips and the supervisor’s page, one PDF a class.",
        "Rates by the clock are of what other work left of the processors; processor time is not.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pupils", type=int, default=COUNTRY)
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
