# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slows down whoever guesses: by name, by place, and by both. No name and no address is stored.

Five failures of one name from one place make that place wait for that name; a stranger elsewhere
does not lock its owner out. A name guessed from many places, or many names from one place, wait
too, at numbers that a school behind one address does not reach. What is stored is a keyed hash;
that of a place changes every day, and rows older than an hour go.
"""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from encrier import clock
from encrier_names import zone
from encrier_names.signin.models import Failure

WAIT: Final = timedelta(minutes=15)
FORGET: Final = timedelta(hours=1)
FREE: Final = 5  # failures of one name from one place before it has to wait
FREE_NAME: Final = 40  # … of one name from anywhere
FREE_PLACE: Final = 200  # … of all names from one place
_PREFIX: Final = {4: 24, 6: 48}  # bits of an address that are one place


def must_wait(count: int, last_at: datetime, *, now: datetime, free: int = FREE) -> bool:
    """Whether who has this many failures is refused without a look at what is given."""
    return count >= free and now < last_at + WAIT


def place_of(request: HttpRequest) -> str:
    """The network that a call comes from: enough to slow it down, too little to find a person."""
    address = request.META.get("REMOTE_ADDR", "")
    if zone.current().settings.proxy == "trusted":
        # Our own proxy adds the last one; whoever calls may have written the others.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, _PREFIX[parsed.version]), strict=False))


def limits(what: str, name: str, place: str, *, free: int = FREE) -> dict[str, int]:
    """The counts that one attempt adds to: hash -> how many failures are free. Pure but the key."""
    named = name.strip().casefold()
    today = clock.now().date().isoformat()
    return {
        _hash(what, named, place, today): free,
        _hash(what, named): FREE_NAME,
        _hash(what, place, today): FREE_PLACE,
    }


def by_place(what: str, place: str, *, free: int) -> dict[str, int]:
    """The count of an attempt that names nobody: nobody elsewhere waits for it."""
    return {_hash(what, place, clock.now().date().isoformat()): free}


def waits(counted: Mapping[str, int], *, now: datetime) -> bool:
    """Whether this attempt is refused unseen."""
    rows = Failure.objects.filter(who__in=counted)
    return any(must_wait(r.count, r.last_at, now=now, free=counted[r.who]) for r in rows)


def count(counted: Mapping[str, int], *, now: datetime) -> None:
    """Count one failure, and forget what is old."""
    Failure.objects.filter(last_at__lt=now - FORGET).delete()
    Failure.objects.filter(who__in=counted, last_at__lte=now - WAIT).delete()
    for who in counted:
        _row, created = Failure.objects.get_or_create(
            who=who, defaults={"count": 1, "last_at": now}
        )
        if not created:
            Failure.objects.filter(who=who).update(count=F("count") + 1, last_at=now)


def forgive(counted: Mapping[str, int]) -> None:
    """Forget the failures of a name where it was right at last; those of its place stay."""
    Failure.objects.filter(who__in=list(counted)[:2]).delete()


def _hash(*words: str) -> str:
    return salted_hmac("encrier.sign-in", "\0".join(words), algorithm="sha256").hexdigest()
