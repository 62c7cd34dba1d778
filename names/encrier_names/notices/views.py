# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of messages: written by the ministry and the académies, read by heads."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.followup import board
from encrier_names.followup.steps import SHOWN, STEP_SHOWN
from encrier_names.followup.views import FOLLOWERS
from encrier_names.notices import inbox
from encrier_names.notices.forms import MessageForm
from encrier_names.notices.models import Addressed
from encrier_names.schools.hours import PARIS_TIME, day_in_paris
from encrier_names.schools.models import Role, School, Staff

_SHOWN: Final = 100  # schools that have not read


class NobodyToWriteTo(EncrierError):
    what = "Aucun établissement ne répond à ce choix\u00a0: le message n’est pas parti."
    next_step = "Revenez au suivi, choisissez d’autres établissements, puis écrivez-leur."
    status = 409


@require_safe
@rights.for_staff(Role.HEAD, *FOLLOWERS)
def messages(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What a head has received; what an académie or the ministry has sent."""
    if staff.school is not None:
        context = {"staff": staff, "school": staff.school, "lines": inbox.received(staff.school)}
        return render(request, "messages-received.html", context)
    sent = list(inbox.sent_by(staff)[:_SHOWN])
    context = {"staff": staff, "sent": sent, "tab": "messages", "now": clock.now()}
    return render(request, "messages-sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*FOLLOWERS)
def write(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Write to the schools that the address asks for, as the board does."""
    asked, now = board.asked_of(request.GET.dict()), clock.now()
    schools = _addressed(staff, asked, now)
    sent = request.method == "POST"
    form = MessageForm(request.POST if sent else None, initial={"expires_on": _in_two_weeks(now)})
    if sent and form.is_valid():
        given = form.cleaned_data
        ids = list(schools.values_list("id", flat=True))
        if not ids:
            raise NobodyToWriteTo
        evening = datetime.combine(given["expires_on"], time(23, 59), tzinfo=PARIS_TIME)
        made = inbox.send(
            staff,
            ids,
            title=given["title"],
            text=given["text"],
            page=given["page"],
            expires_at=evening,
        )
        return redirect("message", made.id)
    context = {
        "staff": staff,
        "form": form,
        "asked": asked,
        "n_schools": schools.count(),
        "only": schools.first() if schools.count() == 1 else None,
        "colour": SHOWN.get(asked.colour),
        "step": STEP_SHOWN.get(asked.step),
        "tab": "messages",
    }
    return render(request, "message-write.html", context)


@require_safe
@rights.for_staff(*FOLLOWERS)
def message(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """A message that was sent, and who has not read it."""
    found = get_object_or_404(inbox.sent_by(staff), id=wanted)
    rows = Addressed.objects.filter(message=found, read_at=None).select_related("school")
    context = {
        "staff": staff,
        "message": found,
        "leads_to": inbox.PAGES.get(found.page),
        "waiting": rows.order_by("school__name")[:_SHOWN],
        "n_read": found.n_read,  # type: ignore[attr-defined]  # annotated by sent_by
        "n_schools": found.n_schools,  # type: ignore[attr-defined]  # idem
        "holds": found.withdrawn_at is None and found.expires_at > clock.now(),
        "most": _SHOWN,
        "tab": "messages",
    }
    return render(request, "message.html", context)


@require_POST
@rights.for_staff(Role.HEAD)
def read(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Say that one has read it."""
    if not inbox.mark_read(rights.school(staff), wanted):
        raise Http404
    return redirect("home")


@require_POST
@rights.for_staff(*FOLLOWERS)
def withdraw(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Take a message back: no head sees it any more."""
    found = get_object_or_404(inbox.sent_by(staff), id=wanted)
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    return redirect("message", found.id)


def _addressed(staff: Staff, asked: board.Asked, now: datetime) -> QuerySet[School]:
    manifest = zone.current().manifest
    all_of = board.found(rights.schools_of(staff), asked)
    return board.selected(all_of, asked, manifest, now)


def _in_two_weeks(now: datetime) -> str:
    return day_in_paris(now + timedelta(days=14)).isoformat()
