# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation, code sheets and the exchange with answers, from the command line."""

import argparse
import os
import sys
import time
from pathlib import Path

import msgspec

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.codesheets.sheet import sheet_pdf
from encrier_names.codesheets.validation import validate as validate_division
from encrier_names.commands import say
from encrier_names.commands.bar import Bar
from encrier_names.commands.lists import UnknownSchool
from encrier_names.documents import whole_school
from encrier_names.doors import exchange as answers
from encrier_names.figures import participation
from encrier_names.followup import tallies
from encrier_names.schools.models import Division, School
from encrier_names.validation import declarations
from encrier_names.validation.many import validate_many


class NoClassNamed(EncrierError):
    what = "Which classes are to be validated?"
    next_step = "Give --school UAI, with --division LABEL for one class, or --all."


def validate(asked: argparse.Namespace) -> int:
    """Validate a class, all those of a school, or all there are."""
    if asked.division is None:
        return _validate_many(asked)
    division = _division(asked)
    done = validate_division(division)
    declarations.keep(division.id, None, n_pupils=done.pupils)
    tallies.recount(division.school_id)
    sentence = f"{done.pupils} pupils, {done.drawn} codes drawn, admission list {done.serial}"
    say(msgspec.to_builtins(done), sentence, as_json=asked.json)
    return 0


def _validate_many(asked: argparse.Namespace) -> int:
    divisions = Division.objects.all()
    if asked.school:
        divisions = divisions.filter(school__uai=asked.school)
        if not divisions.exists():
            raise UnknownSchool
    elif not asked.all:
        raise NoClassNamed
    done = validate_many(divisions, said=Bar("keys", to=sys.stderr))
    sentence = (
        f"{done.classes} classes validated, {done.pupils} pupils, {done.drawn} codes drawn,"
        f" {done.derived} keys derived, {done.admitted} admission lists"
    )
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


def documents(asked: argparse.Namespace) -> int:
    """Write every paper of a school into a folder; readable by its owner alone."""
    school = School.objects.filter(uai=asked.school).first()
    if school is None:
        raise UnknownSchool
    papers = whole_school.papers_of(school, zone.current().manifest, large=asked.large_print)
    refused, size_bytes, n_files = [], 0, 0
    for document in whole_school.made(papers):
        if document.refused:
            refused.append(document.paper.place)
            continue
        file = Path(asked.out) / document.paper.place
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(str(file), document.content)
        tallies.printed(*document.codes_of)
        n_files, size_bytes = n_files + 1, size_bytes + len(document.content)
        sys.stderr.write(f"\r{n_files} of {len(papers)}: {document.paper.place}\033[K")
    sys.stderr.write("\n")
    result = {"files": n_files, "bytes": size_bytes, "refused": refused}
    say(result, f"{n_files} files in {asked.out}, {len(refused)} refused", as_json=asked.json)
    return 1 if refused else 0


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
        participation.keep_if_due(clock.now())
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
