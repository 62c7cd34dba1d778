# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives the key under which sealed things are found again, and draws it the first time."""

import secrets
from typing import Final

from encrier.secret import Secret
from encrier_names.settings import KEY_SIZE
from encrier_names.upkeep.models import LookupKey

_ONLY: Final = 1


def lookup_key() -> Secret:
    """The key of blind indexes: the same for the life of the databases, whatever else rotates."""
    kept = LookupKey.objects.filter(id=_ONLY).first()
    if kept is None:
        new = LookupKey(id=_ONLY)
        new.key = secrets.token_bytes(KEY_SIZE)
        # Two processes may come first at once: one row is kept, and both read that one.
        LookupKey.objects.bulk_create([new], ignore_conflicts=True)
        kept = LookupKey.objects.get(id=_ONLY)
    return Secret(kept.key)
