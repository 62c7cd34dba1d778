# SPDX-License-Identifier: AGPL-3.0-or-later
"""Class lists and accounts from the command line. Prints counts and defects, never a name."""

import argparse
import secrets
import sys
import time
from pathlib import Path

import msgspec
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from encrier.errors import EncrierError
from encrier_names.commands import say
from encrier_names.followup import tallies
from encrier_names.imports.feed import feed
from encrier_names.imports.reading import read_list, school_named
from encrier_names.imports.take_in import take_in
from encrier_names.rosters import RosterRefused, summarise
from encrier_names.rosters.identifiers import Uai, parse_uai
from encrier_names.schools.directory import enrol
from encrier_names.schools.models import Role, School, Staff


class UnknownSchool(EncrierError):
    what = "This school, or one of these classes, is not in the database."
    next_step = "Import it first: encrier names import-schools FILE, then its class list."


class UnknownAcademy(EncrierError):
    what = "An account of an académie names one; no other account does."
    next_step = "Give --academy with the name that the directory of schools writes."


class SchoolNotSaid(EncrierError):
    what = "This file does not say of which school it is."
    next_step = "Name the school with --school, or let the file's name begin with its UAI."


class AccountRefused(EncrierError):
    what = "This account cannot be opened."
    next_step = "Choose another user name, or a password of twelve characters at least."


class FileUnreadable(EncrierError):
    what = "This file cannot be read."
    next_step = "Check its name and who may read it."


def import_schools(asked: argparse.Namespace) -> int:
    """Bring the directory of schools in."""
    done = enrol(content_of(asked.file))
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
            refused |= bool(fed.refused or fed.unknown)
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


def add_staff(asked: argparse.Namespace) -> int:
    """Open an account."""
    role = Role(asked.role)
    school = School.objects.filter(uai=asked.school).first() if asked.school else None
    labels = [label.strip() for label in asked.divisions.split(",") if label.strip()]
    divisions = list(school.divisions.filter(label__in=labels)) if school else []
    if len(divisions) != len(labels) or (school is None) != (role in {Role.MINISTRY, Role.ACADEMY}):
        raise UnknownSchool
    academy = asked.academy or ""
    if (role == Role.ACADEMY) != School.objects.filter(academy=academy).exclude(
        academy=""
    ).exists():
        raise UnknownAcademy
    password = _password(asked)
    with transaction.atomic():
        if User.objects.filter(username=asked.user).exists():
            raise AccountRefused
        user = User.objects.create_user(asked.user, password=password)
        staff = Staff.objects.create(user=user, role=role, school=school, academy=academy)
        staff.divisions.set(divisions)
    shown = {} if asked.password_file else {"password": password}
    sentence = f"{asked.user} {password}" if shown else asked.user
    say({"user": asked.user, "role": role.value, **shown}, sentence, as_json=asked.json)
    return 0


def _password(asked: argparse.Namespace) -> str:
    """The password of the file, or one drawn: 96 bits."""
    if asked.password_file is None:
        return secrets.token_urlsafe(12)
    try:
        written: str = asked.password_file.read_text(encoding="utf-8").strip()
        validate_password(written)
    except OSError as error:
        raise FileUnreadable from error
    except ValidationError as error:
        raise AccountRefused from error
    return written
