# SPDX-License-Identifier: AGPL-3.0-or-later
"""Class lists and accounts from the command line. Prints counts and defects, never a name."""

import argparse
import secrets
import sys

import msgspec
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from encrier.errors import EncrierError
from encrier_names.commands import say
from encrier_names.imports.reading import read_list
from encrier_names.imports.take_in import take_in
from encrier_names.rosters.identifiers import parse_uai
from encrier_names.rosters.reading import summarise
from encrier_names.schools.models import Role, School, Staff


class UnknownSchool(EncrierError):
    what = "This school, or one of these classes, is not in the database."
    next_step = "Import its class list first: encrier names import FILE --school UAI."


class AccountRefused(EncrierError):
    what = "This account cannot be opened."
    next_step = "Choose another user name, or a password of twelve characters at least."


class FileUnreadable(EncrierError):
    what = "This file cannot be read."
    next_step = "Check its name and who may read it."


def import_list(asked: argparse.Namespace) -> int:
    """Read a list; without --check, take it in."""
    uai = parse_uai(asked.school)
    try:
        content = asked.file.read_bytes()
    except OSError as error:
        raise FileUnreadable from error
    reading = read_list(content, file_name=asked.file.name, uai=uai)
    summary = summarise(reading)
    for defect in summary.defects:
        sys.stderr.write(f"{defect.severity}: {defect.sentence} {defect.advice}\n")
    result: dict[str, object] = {"read": msgspec.to_builtins(summary)}
    sentence = f"{summary.n_pupils} pupils read, {len(summary.defects)} remarks"
    if not asked.check:
        school, _created = School.objects.get_or_create(
            uai=uai, defaults={"name": asked.school_name or uai}
        )
        taken = take_in(reading, school)
        result["taken"] = msgspec.to_builtins(taken)
        sentence += f"; {taken.added} added, {taken.kept} kept, {taken.removed} removed"
    say(result, sentence, as_json=asked.json)
    refused = any(defect.severity == "refused" for defect in summary.defects)
    return 1 if asked.check and refused else 0


def add_staff(asked: argparse.Namespace) -> int:
    """Open an account."""
    role = Role(asked.role)
    school = School.objects.filter(uai=asked.school).first() if asked.school else None
    labels = [label.strip() for label in asked.divisions.split(",") if label.strip()]
    divisions = list(school.divisions.filter(label__in=labels)) if school else []
    if len(divisions) != len(labels) or (school is None) != (role == Role.MINISTRY):
        raise UnknownSchool
    password = _password(asked)
    with transaction.atomic():
        if User.objects.filter(username=asked.user).exists():
            raise AccountRefused
        user = User.objects.create_user(asked.user, password=password)
        staff = Staff.objects.create(user=user, role=role, school=school)
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
