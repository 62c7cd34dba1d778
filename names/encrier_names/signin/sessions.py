# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a session lasts: teachers' room computers are shared, and people forget to leave.

Twenty minutes without a page end it, four hours end it in any case; two hours without a page
where she said that the computer is hers. Knows no password and no pupil.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from encrier import clock
from encrier.records import Record
from encrier_names.audit.models import Action
from encrier_names.audit.record import record_staff
from encrier_names.people.models import Account
from encrier_names.schools.models import Staff

IDLE_SHARED: Final = timedelta(minutes=20)
IDLE_OWN: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=4)
GRAIN: Final = timedelta(minutes=1)  # how precisely the last page is remembered: fewer writes
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
Why = Literal["inactif", "duree", "partout"]


class Terms(Record, frozen=True):
    """When a session began, was last used, and whose computer it runs on."""

    began_at: datetime
    seen_at: datetime
    own: bool = False

    @property
    def idle_until(self) -> datetime:
        """When it ends if no page is asked for."""
        idle = IDLE_OWN if self.own else IDLE_SHARED
        return min(self.seen_at + idle, self.until)

    @property
    def until(self) -> datetime:
        """When it ends in any case."""
        return self.began_at + LONGEST


def over(terms: Terms, *, now: datetime, since: datetime | None) -> Why | None:
    """Why a session is over, if it is. `since`: sessions begun before were all ended. Pure."""
    if since is not None and terms.began_at < since:
        return "partout"
    if now >= terms.until:
        return "duree"
    return "inactif" if now >= terms.idle_until else None


def begin(request: HttpRequest, staff: Staff, *, own: bool) -> None:
    """Open a session under a new key, which whoever knew the old one does not know."""
    login(request, staff.user, backend=BACKEND)
    request.session.cycle_key()
    now = clock.now()
    write(request.session, Terms(now, now, own))
    record_staff(Action.SIGNED_IN, staff.id)


def terms_of(session: SessionBase, *, now: datetime) -> Terms:
    """The terms that a session carries; one that carries none begins now."""
    written = session.get("terms")
    if not isinstance(written, list):
        return Terms(now, now)
    began, seen, own = written
    return Terms(datetime.fromisoformat(began), datetime.fromisoformat(seen), bool(own))


def write(session: SessionBase, terms: Terms) -> None:
    """Keep the terms in the session."""
    session["terms"] = [terms.began_at.isoformat(), terms.seen_at.isoformat(), terms.own]


class SessionEnds:
    """Ends sessions that are over, and remembers that the others are used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.session.session_key else None
        if not isinstance(user, User):
            return self._get_response(request)
        now = clock.now()
        terms = terms_of(request.session, now=now)
        account = Account.objects.filter(staff__user=user).only("sessions_since").first()
        why = over(terms, now=now, since=account.sessions_since if account else None)
        if why is not None:
            return _ended(request, why)
        if now - terms.seen_at >= GRAIN or "terms" not in request.session:
            write(request.session, Terms(terms.began_at, now, terms.own))
        return self._get_response(request)


def _ended(request: HttpRequest, why: Why) -> HttpResponse:
    """Send to the sign-in page, which says why, and back to the page afterwards."""
    logout(request)
    asked: dict[str, str] = {"fin": why}
    if request.method == "GET":
        asked["next"] = request.get_full_path()
    return redirect(f"{reverse('sign-in')}?{urlencode(asked)}")
