# SPDX-License-Identifier: AGPL-3.0-or-later
"""How staff are called, and how an account opens and closes.

An account that the operator opened by hand has no name but its user name.
"""

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.people import lookup
from encrier_names.people.models import Account, Person
from encrier_names.schools.models import Role, School, Staff


class LastMeans(EncrierError):
    what = "C’est votre dernier moyen de connexion\u00a0: il n’a pas été retiré."
    next_step = "Ajoutez d’abord un autre moyen, puis retirez celui-ci."
    status = 409


def person_of(staff: Staff) -> Person:
    """How a member of staff is called."""
    account = Account.objects.filter(staff=staff).first()
    return account.person if account else Person(staff.user.username)


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """How these members of staff are called; an account that is gone has no name."""
    found = Staff.objects.filter(id__in=set(ids)).select_related("user", "account")
    return {staff.id: shown(staff) for staff in found}


def account_of(staff: Staff) -> Account:
    """The account of a member of staff, opened if it is the first time it is needed."""
    account = Account.objects.filter(staff=staff).first()
    if account is None:
        account = Account(staff=staff)
        account.person = Person(staff.user.username)
        account.save(force_insert=True)
    return account


@transaction.atomic
def open_account(
    person: Person, role: Role, *, school: School | None = None, academy: str = ""
) -> Staff:
    """Open an account that nobody can sign in to yet: an invitation gives its first means."""
    user = User(username=f"compte-{secrets.token_hex(8)}")
    user.set_unusable_password()
    user.save(force_insert=True)
    staff = Staff.objects.create(user=user, role=role, school=school, academy=academy)
    account = Account(staff=staff)
    account.person = person
    account.save(force_insert=True)
    return staff


def prove_address(account: Account, address: str) -> None:
    """Write that an address was proved to be hers: sign-in links may go there."""
    account.person = Person(account.person.shown, address)
    account.address_index = lookup.of_address(address)
    account.save(update_fields=["person_box", "address_index"])


def end_sessions(staff: Staff) -> None:
    """End every session of a member of staff, on every computer."""
    account = account_of(staff)
    account.sessions_since = clock.now()
    account.save(update_fields=["sessions_since"])


def n_means(staff: Staff) -> int:
    """How many ways a member of staff has to sign in."""
    password = staff.user.has_usable_password()
    address = Account.objects.filter(staff=staff).exclude(address_index="").exists()
    return int(password) + int(address) + staff.passkeys.count() + staff.identities.count()


def refuse_last(staff: Staff) -> None:
    """Refuse to take away the last means of signing in."""
    if n_means(staff) <= 1:
        raise LastMeans


def shown(staff: Staff) -> str:
    """How a member of staff is called, her account read beforehand (`select_related`)."""
    account: Account | None = getattr(staff, "account", None)
    return account.person.shown if account else staff.user.username
