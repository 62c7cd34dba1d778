# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation, code sheets and the exchange with answers, from the command line."""

import argparse
import os
import sys
import time

import msgspec

from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.codesheets.sheet import sheet_pdf
from encrier_names.codesheets.validation import validate as validate_division
from encrier_names.commands import say
from encrier_names.commands.lists import UnknownSchool
from encrier_names.doors import exchange as answers
from encrier_names.followup import tallies
from encrier_names.schools.models import Division


def validate(asked: argparse.Namespace) -> int:
    """Validate a class."""
    division = _division(asked)
    done = validate_division(division)
    tallies.recount(division.school_id)
    sentence = f"{done.pupils} pupils, {done.drawn} codes drawn, admission list {done.serial}"
    say(msgspec.to_builtins(done), sentence, as_json=asked.json)
    return 0


def codesheet(asked: argparse.Namespace) -> int:
    """Write the PDF of a class; readable by its owner alone."""
    division = _division(asked)
    content = sheet_pdf(division, zone.current().manifest)
    _write_private(str(asked.out), content)
    tallies.printed(division.id)
    n_pupils = division.pupils.count()
    result = {"file": str(asked.out), "pupils": n_pupils}
    say(result, f"{n_pupils} pupils: {asked.out}", as_json=asked.json)
    return 0


def exchange(asked: argparse.Namespace) -> int:
    """Exchange once, or again and again."""
    running = zone.current()

    def once() -> None:
        settings = running.settings
        done = answers.exchange(
            running.manifest, door_key=settings.door_key, booklet_keys=settings.booklet_keys
        )
        sentence = (
            f"{done.lists_sent} lists ({done.rows_sent} rows) sent,"
            f" {done.sittings_seen} sittings seen"
        )
        say(msgspec.to_builtins(done), sentence, as_json=asked.json)
        sys.stdout.flush()

    if asked.watch is None:
        once()
        return 0
    while True:
        try:
            once()
        except EncrierError as error:  # answers may be down for an hour: say it, go on
            sys.stderr.write(f"encrier: {error}\n")
        time.sleep(asked.watch)


def _division(asked: argparse.Namespace) -> Division:
    found = (
        Division.objects.select_related("school")
        .filter(school__uai=asked.school, label=asked.division)
        .first()
    )
    if found is None:
        raise UnknownSchool
    return found


def _write_private(file: str, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
