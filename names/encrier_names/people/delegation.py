# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head decides about the people of his school; each decision is a row of the audit.

Knows classes and staff; no pupil.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from encrier import clock
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record_staff
from encrier_names.people import accounts, invitations
from encrier_names.people.models import Invitation, Person
from encrier_names.schools.models import Division, Role, School, Staff

_OF_SCHOOL: Final = (Role.TEACHER, Role.SUPERVISOR, Role.HEAD)


class InvitedTwice(EncrierError):
    what = "Cette invitation est déjà faite\u00a0: la personne n’a pas été invitée deux fois."
    next_step = (
        "Retrouvez-la dans «\u00a0Personnes\u00a0»\u00a0; "
        "une nouvelle invitation s’y fait d’un bouton."
    )
    status = 409


class Line(Record, frozen=True):
    """One member of staff, as the page of the head lists her."""

    id: UUID
    shown: str
    role: str
    divisions: list[tuple[str, datetime]]  # label, and since when
    since: datetime
    state: str  # open, invited, expired, closed


def people_of(school: School) -> QuerySet[Staff]:
    """Who has an account of this school, the head included."""
    return (
        Staff.objects.filter(school=school, role__in=[role.value for role in _OF_SCHOOL])
        .select_related("user", "account")
        .prefetch_related("divisions", "invitations", "passkeys", "identities")
    )


def lines(school: School) -> list[Line]:
    """The people of a school, by name."""
    people = list(people_of(school))
    given = _given([one.id for one in people])
    now = clock.now()
    found = [
        Line(
            id=one.id,
            shown=accounts.shown(one),
            role=one.role,
            divisions=sorted(
                (d.label, given.get((one.id, d.id), one.user.date_joined))
                for d in one.divisions.all()
            ),
            since=one.user.date_joined,
            state=state(one, now=now),
        )
        for one in people
    ]
    return sorted(found, key=lambda line: (line.state == "closed", line.shown.casefold()))


def state(staff: Staff, *, now: datetime) -> str:
    """Whether an account is open, waits for its first use, or is closed."""
    if not staff.user.is_active:
        return "closed"
    if accounts.n_means(staff):
        return "open"
    waiting = [one for one in staff.invitations.all() if _waits(one, now)]
    return "invited" if waiting else "expired"


@transaction.atomic
def invite(
    by: Staff, school: School, person: Person, role: Role, *, wanted: UUID
) -> tuple[Invitation, str]:
    """Open an account of a school and draw its first code."""
    if Invitation.objects.filter(id=wanted).exists():
        raise InvitedTwice
    staff = accounts.open_account(person, role, school=school)
    made = invitations.invite(staff, by=by.id, by_mail=bool(person.address), wanted=wanted)
    record_staff(Action.STAFF_INVITED, by.id, about=staff.id)
    return made


@transaction.atomic
def invite_again(by: Staff, staff: Staff, *, by_mail: bool) -> tuple[Invitation, str]:
    """Draw another code: a means more, for who lost hers. The means she has go on."""
    record_staff(Action.STAFF_INVITED, by.id, about=staff.id)
    return invitations.invite(staff, by=by.id, by_mail=by_mail)


@transaction.atomic
def set_classes(by: Staff, staff: Staff, divisions: Iterable[Division]) -> None:
    """Give and take back classes, so that these and no other are hers."""
    wanted, had = set(divisions), set(staff.divisions.all())
    staff.divisions.set(wanted)
    for division in sorted(wanted - had, key=lambda one: one.label):
        record_staff(Action.CLASS_GIVEN, by.id, about=staff.id, division=division.id)
    for division in sorted(had - wanted, key=lambda one: one.label):
        record_staff(Action.CLASS_TAKEN, by.id, about=staff.id, division=division.id)


@transaction.atomic
def close(by: Staff, staff: Staff) -> None:
    """Close an account at once: its sessions end and its invitations are worth nothing."""
    staff.user.is_active = False
    staff.user.save(update_fields=["is_active"])
    accounts.end_sessions(staff)
    invitations.withdraw(staff, now=clock.now())
    record_staff(Action.STAFF_CLOSED, by.id, about=staff.id)


@transaction.atomic
def reopen(by: Staff, staff: Staff) -> None:
    """Open an account again, with the means and classes that it had."""
    staff.user.is_active = True
    staff.user.save(update_fields=["is_active"])
    record_staff(Action.STAFF_REOPENED, by.id, about=staff.id)


def changes_about(staff: Staff) -> QuerySet[Access]:
    """What was changed of an account, newest first."""
    return Access.objects.filter(about=staff.id).order_by("-id")


def _given(ids: list[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    """When each class was last given to each."""
    rows = Access.objects.filter(action=Action.CLASS_GIVEN, about__in=ids).order_by("id")
    return {(row.about, row.division): row.at for row in rows if row.about and row.division}


def _waits(invitation: Invitation, now: datetime) -> bool:
    return invitation.used_at is None and invitation.expires_at > now
