# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Accounts and their means. Names and addresses are sealed; what is looked up is a keyed hash.

A copy of these tables without the keys of the zone gives no name, no address, no code that
still opens anything, and no link between an account and an identity elsewhere.
"""

import uuid

from django.db import models

from encrier.records import Record
from encrier_names.encryption import Boxed
from encrier_names.schools.models import Staff

HASH = 64  # characters of a SHA-256 in hexadecimal


class Person(Record, frozen=True):
    """How a member of staff is called and written to."""

    shown: str  # "Mme Hélène Duprat"; a user name where nothing else is known
    address: str | None = None  # of electronic mail


class Account(models.Model):
    """What we keep of a member of staff beside what she may see. Opened when first needed."""

    staff = models.OneToOneField(
        Staff, on_delete=models.CASCADE, primary_key=True, related_name="account"
    )
    person_box = models.BinaryField()
    person = Boxed(Person, column="person_box")
    # Keyed hash of the address, once it was proved to be hers; not unique: one may teach in two.
    address_index = models.CharField(max_length=HASH, default="", db_index=True)
    sessions_since = models.DateTimeField(null=True)  # sessions begun before it are over


class Invitation(models.Model):
    """A code that lets its bearer attach a means of signing in to an account, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=HASH, unique=True)
    by = models.UUIDField(null=True)  # a member of staff; None: the operator
    by_mail = models.BooleanField(default=False)  # who has the code then reads that address
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class OutsideIdentity(models.Model):
    """An identity at the provider of OpenID Connect, known by a keyed hash alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="identities")
    who = models.CharField(max_length=HASH, unique=True)  # of issuer, identity provider and sub
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PasskeyName(Record, frozen=True):
    """How its owner calls a key."""

    shown: str


class Passkey(models.Model):
    """A public key of WebAuthn; the private one never leaves its device."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.BinaryField()  # the device's own id of it
    credential_hash = models.CharField(max_length=HASH, unique=True)
    public_key = models.BinaryField()  # COSE
    sign_count = models.PositiveBigIntegerField()
    name_box = models.BinaryField()
    name = Boxed(PasskeyName, column="name_box")
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class MailLink(models.Model):
    """A link that was asked for; also where the address is nobody's, so that both look alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token_hash = models.CharField(max_length=HASH, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, null=True)
    browser_hash = models.CharField(max_length=HASH)  # of what only the browser that asked has
    address_box = models.BinaryField(null=True)  # an address that its use confirms
    address = Boxed(str, column="address_box")
    own_computer = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
