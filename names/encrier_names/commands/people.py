# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts and invitations from the command line. Prints secrets once, and never a name."""

import argparse
import secrets

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names import zone
from encrier_names.commands import say
from encrier_names.commands.lists import FileUnreadable, UnknownSchool
from encrier_names.people import accounts, invitations
from encrier_names.people.models import Person
from encrier_names.schools.models import Division, Role, School, Staff


class UnknownAcademy(EncrierError):
    what = "An account of an académie names one; no other account does."
    next_step = "Give --academy with the name that the directory of schools writes."


class AccountRefused(EncrierError):
    what = "This account cannot be opened."
    next_step = "Choose another user name, or a password of twelve characters at least."


class UnknownAccount(EncrierError):
    what = "There is no open account of this user name."
    next_step = "Copy the user name from the page Mon compte, or invite the person anew."


class _Place(Record, frozen=True):
    """Where an account belongs."""

    role: Role
    school: School | None
    academy: str
    divisions: list[Division]


def add_staff(asked: argparse.Namespace) -> int:
    """Open an account with a password."""
    place = _place(asked)
    password = _password(asked)
    with transaction.atomic():
        if User.objects.filter(username=asked.user).exists():
            raise AccountRefused
        user = User.objects.create_user(asked.user, password=password)
        staff = Staff.objects.create(
            user=user, role=place.role, school=place.school, academy=place.academy
        )
        staff.divisions.set(place.divisions)
    shown = {} if asked.password_file else {"password": password}
    sentence = f"{asked.user} {password}" if shown else asked.user
    say({"user": asked.user, "role": place.role.value, **shown}, sentence, as_json=asked.json)
    return 0


def invite(asked: argparse.Namespace) -> int:
    """Draw an invitation for a new account, or for one that lost its means."""
    with transaction.atomic():
        staff = _known(asked.again) if asked.again else _new(asked)
        made, code = invitations.invite(staff, by=None)
    host = zone.current().settings.host
    until = f"{made.expires_at:%Y-%m-%d}"
    shown = invitations.shown(code)
    sentence = f"{shown} serves once, until {until}, at https://{host}/invitation/"
    said = {"code": shown, "until": until, "user": staff.user.username}
    say(said, sentence, as_json=asked.json)
    return 0


def _known(user: str) -> Staff:
    staff = Staff.objects.filter(user__username=user, user__is_active=True).first()
    if staff is None:
        raise UnknownAccount
    return staff


def _new(asked: argparse.Namespace) -> Staff:
    place = _place(asked)
    person = Person(asked.called or str(place.role.label))
    staff = accounts.open_account(person, place.role, school=place.school, academy=place.academy)
    staff.divisions.set(place.divisions)
    return staff


def _place(asked: argparse.Namespace) -> _Place:
    """Where the account belongs, if the role and the place go together."""
    if asked.role is None:
        raise AccountRefused("A new account needs a role.", "Give --role.")
    role = Role(asked.role)
    school = School.objects.filter(uai=asked.school).first() if asked.school else None
    labels = [label.strip() for label in asked.divisions.split(",") if label.strip()]
    divisions = list(school.divisions.filter(label__in=labels)) if school else []
    of_none = {Role.MINISTRY, Role.ACADEMY, Role.AUDITOR}
    if len(divisions) != len(labels) or (school is None) != (role in of_none):
        raise UnknownSchool
    academy = asked.academy or ""
    known = School.objects.filter(academy=academy).exclude(academy="").exists()
    if (role == Role.ACADEMY) != known:
        raise UnknownAcademy
    return _Place(role, school, academy, divisions)


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
