# SPDX-License-Identifier: AGPL-3.0-or-later
"""Class lists from the command line. Prints counts and defects, never a name."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from encrier.errors import EncrierError
from encrier_names.commands import say
from encrier_names.followup import tallies
from encrier_names.imports.nightly.feed import feed
from encrier_names.imports.reading import read_list, school_named
from encrier_names.imports.take_in import take_in
from encrier_names.rosters import RosterRefused, summarise
from encrier_names.rosters.identifiers import Uai, parse_uai
from encrier_names.schools.directory import enrol
from encrier_names.schools.models import School


class UnknownSchool(EncrierError):
    what = "This school, or one of these classes, is not in the database."
    next_step = "Import it first: encrier names import-schools FILE, then its class list."


class SchoolNotSaid(EncrierError):
    what = "This file does not say of which school it is."
    next_step = "Name the school with --school, or let the file's name begin with its UAI."


class FileUnreadable(EncrierError):
    what = "This file cannot be read."
    next_step = "Check its name and who may read it."


def import_schools(asked: argparse.Namespace) -> int:
    """Bring the directory of schools in."""
    done = enrol(content_of(asked.file))
    tallies.follow_directory(even_if_all_there=True)
    sentence = f"{done.schools} schools, of which {done.new} new; {len(done.refused)} lines refused"
    say(msgspec.to_builtins(done), sentence, as_json=asked.json)
    return 0


def import_list(asked: argparse.Namespace) -> int:
    """Read each file and explain it; without --check, take it in."""
    refused = False
    for file in asked.files:
        result, sentence, is_refused = _one_list(file, asked)
        say({"file": file.name, **result}, f"{file.name}: {sentence}", as_json=asked.json)
        refused |= is_refused
    return 1 if refused else 0


def feed_folder(asked: argparse.Namespace) -> int:
    """Take in what registers leave in a folder, once or again and again."""
    while True:
        refused = False
        for fed in feed(asked.folder):
            sentence = f"{fed.file}: {fed.schools} schools, {fed.pupils} pupils"
            say(msgspec.to_builtins(fed), f"{sentence} {fed.refused}".strip(), as_json=asked.json)
            sys.stdout.flush()
            refused |= bool(fed.refused or fed.unknown or fed.failed)
        if asked.watch is None:
            return 1 if refused else 0
        time.sleep(asked.watch)


def _one_list(file: Path, asked: argparse.Namespace) -> tuple[dict[str, object], str, bool]:
    """What one file gives, as a record and as a sentence, and whether something is refused."""
    try:
        reading = read_list(content_of(file), file_name=file.name, uai=_school_of(file, asked))
    except RosterRefused as error:
        if not asked.check:
            raise
        said = {"what": error.what_happened, "next": error.what_next}
        return {"refused": said}, f"{error.what_happened} {error.what_next}", True
    summary = summarise(reading)
    for defect in summary.defects:
        sys.stderr.write(f"{defect.severity}: {defect.sentence} {defect.advice}\n")
    result: dict[str, object] = {"read": msgspec.to_builtins(summary)}
    sentence = f"{summary.n_pupils} pupils read, {len(summary.defects)} remarks"
    if asked.check:
        return result, sentence, any(d.severity == "refused" for d in summary.defects)
    school = _school(_school_of(file, asked) or summary.uai, asked.school_name)
    taken = take_in(reading, school)
    tallies.recount(school.id)
    result["taken"] = msgspec.to_builtins(taken)
    sentence += f"; {taken.added} added, {taken.kept} kept, {taken.removed} removed"
    return result, sentence, False


def _school_of(file: Path, asked: argparse.Namespace) -> Uai | None:
    """The school that is asked for, else the one whose number begins the file's name."""
    if asked.school:
        return parse_uai(asked.school)
    return school_named(file.name)


def _school(uai: str | None, name: str | None) -> School:
    if uai is None:
        raise SchoolNotSaid
    school, _created = School.objects.get_or_create(uai=uai, defaults={"name": name or uai})
    return school


def content_of(file: Path) -> bytes:
    """Read a file that was named (`FileUnreadable`)."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable from error
