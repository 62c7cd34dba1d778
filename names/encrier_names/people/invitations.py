# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations: a code, by mail or on paper, that attaches a first means to an account, once.

Sixteen letters without a vowel or one that is misread carry 68 bits; only a keyed hash is kept.
Who bears the code is taken for the person invited: it is handed over like a key.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from encrier import clock, codes
from encrier.errors import EncrierError
from encrier_names.people import accounts, lookup
from encrier_names.people.models import Invitation
from encrier_names.schools.models import Staff

LASTS: Final = timedelta(days=14)
LENGTH: Final = 16
GROUP: Final = 4


class NoInvitation(EncrierError):
    what = "Ce code d’invitation n’existe pas, a déjà servi ou n’est plus valable."
    next_step = (
        "Comparez-le avec votre invitation, lettre par lettre. S’il a plus de quatorze jours, "
        "demandez-en un autre à votre chef d’établissement."
    )
    status = 400


def shown(code: str) -> str:
    """The code as it is printed: four groups of four letters."""
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def tidied(typed: str) -> str:
    """The letters of a code, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


@transaction.atomic
def invite(
    staff: Staff, *, by: UUID | None, by_mail: bool = False, wanted: UUID | None = None
) -> tuple[Invitation, str]:
    """Draw a code for an account; any earlier one of it is worth nothing from now on.

    wanted: the id of the invitation, by which a form that is sent twice is recognised.
    """
    now = clock.now()
    withdraw(staff, now=now)
    code = "".join(secrets.choice(codes.LETTERS) for _ in range(LENGTH))
    made = Invitation(
        staff=staff,
        code_hash=lookup.hashed("invitation", code),
        by=by,
        by_mail=by_mail,
        made_at=now,
        expires_at=now + LASTS,
    )
    if wanted is not None:
        made.id = wanted
    made.save(force_insert=True)
    return made, code


def withdraw(staff: Staff, *, now: datetime) -> None:
    """Let the invitations of an account that still wait be worth nothing."""
    waiting = Invitation.objects.filter(staff=staff, used_at=None, expires_at__gt=now)
    waiting.update(expires_at=now)


def find(code: str) -> Invitation:
    """The invitation that a code opens, or NoInvitation."""
    return _valid(code_hash=lookup.hashed("invitation", tidied(code)))


def again(wanted: UUID) -> Invitation:
    """The invitation that a browser has shown the code of, if it still is worth something."""
    return _valid(id=wanted)


def use(invitation: Invitation) -> None:
    """Write that it was used, once; if it came by mail, the address is proved. NoInvitation."""
    now = clock.now()
    valid = Invitation.objects.filter(id=invitation.id, used_at=None, expires_at__gt=now)
    if not valid.update(used_at=now):
        raise NoInvitation
    account = accounts.account_of(invitation.staff)
    if invitation.by_mail and account.person.address:
        accounts.prove_address(account, account.person.address)


def _valid(**which: object) -> Invitation:
    found = (
        Invitation.objects.select_related("staff__user", "staff__school")
        .filter(used_at=None, expires_at__gt=clock.now(), **which)
        .first()
    )
    if found is None or not found.staff.user.is_active:
        raise NoInvitation
    return found
