# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may attach a means of signing in: who signed in a moment ago, or bears an invitation.

A session left open on a shared computer is not enough: it must be fresh.
"""

from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.audit.models import Action
from encrier_names.audit.record import record_staff
from encrier_names.people import invitations
from encrier_names.people.models import Invitation
from encrier_names.schools.models import Staff
from encrier_names.signin import sessions

FRESH: Final = timedelta(minutes=15)
_KEPT: Final = "invited"  # in the session: the id of the invitation whose code was given


class SignInAgain(EncrierError):
    what = "Vous êtes connecté depuis plus d’un quart d’heure\u00a0: rien n’a été changé."
    next_step = (
        "Déconnectez-vous, reconnectez-vous, puis recommencez\u00a0: c’est ainsi que personne ne "
        "change vos moyens de connexion sur un ordinateur laissé ouvert."
    )
    status = 409


class Bearer(NamedTuple):
    """Whose account a means is attached to, and by which right."""

    staff: Staff
    invitation: Invitation | None  # None: she is signed in


def keep(request: HttpRequest, invitation: Invitation) -> None:
    """Remember that this browser has shown the code of an invitation; nobody stays signed in."""
    request.session.flush()
    request.session[_KEPT] = str(invitation.id)


def bearer(request: HttpRequest) -> Bearer:
    """Who asks: by invitation, else by a fresh session; else 404 or a refusal."""
    kept = request.session.get(_KEPT)
    if isinstance(kept, str):
        invitation = invitations.again(UUID(kept))
        return Bearer(invitation.staff, invitation)
    user = request.user
    staff = (
        Staff.objects.select_related("user", "school").filter(user=user).first()
        if isinstance(user, User)
        else None
    )
    if staff is None:
        raise Http404
    if not fresh(request):
        raise SignInAgain
    return Bearer(staff, None)


def fresh(request: HttpRequest) -> bool:
    """Whether the session began a moment ago."""
    now = clock.now()
    return now - sessions.terms_of(request.session, now=now).began_at < FRESH


def use(who: Bearer, action: Action) -> None:
    """In the transaction that attaches the means: write it, and let the invitation be used."""
    if who.invitation is not None:
        invitations.use(who.invitation)
        record_staff(Action.STAFF_JOINED, who.staff.id)
    record_staff(action, who.staff.id)


def attached(request: HttpRequest, who: Bearer) -> HttpResponse:
    """After a means was attached: in, for who was invited; back to her account otherwise."""
    if who.invitation is None:
        return redirect("account")
    request.session.flush()
    sessions.begin(request, who.staff, own=False)
    return redirect("home")
