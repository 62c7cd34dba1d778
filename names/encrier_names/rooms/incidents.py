# SPDX-License-Identifier: AGPL-3.0-or-later
"""Incident notes: written in a room, kept sealed, read by the head, never sent anywhere."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from encrier import clock
from encrier_names import dates, downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.rooms import plan
from encrier_names.rooms.models import Incident, IncidentKind, Note, Session
from encrier_names.rooms.papers import sheets as papers
from encrier_names.rooms.papers.sheets import PaperIncident
from encrier_names.rooms.session_forms import IncidentForm
from encrier_names.rooms.session_views import WATCHERS
from encrier_names.schools.lists import in_order
from encrier_names.schools.models import Pupil, Role, School, Staff
from encrier_names.typesetting import on_paper


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*WATCHERS)
def new_incident(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Write down what broke a session."""
    session = rights.session(staff, wanted)
    named = in_order(seat.pupil for seat in session.seats.select_related("pupil"))
    sent = request.method == "POST"
    form = IncidentForm(
        request.POST if sent else None,
        pupils=[(str(pupil.id), pupil.identity.shown) for pupil in named],
        initial={"start": f"{clock.now().astimezone(plan.clock_of(session.school)):%H:%M}"},
    )
    if sent and form.is_valid():
        _write(form, session, staff)
        record(Action.INCIDENT_WRITTEN, staff.id, n_pupils=len(form.cleaned_data["pupils"]))
        return redirect("session-board", session.id)
    record(Action.SESSION_BOARD, staff.id, n_pupils=len(named))
    context = {"staff": staff, "session": session, "form": form, "known": of_session(session)}
    return render(request, "incident-new.html", context)


@require_safe
@rights.for_staff(Role.HEAD)
def incidents(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The incident notes of the school, the last first."""
    found = _of_school(rights.school(staff))
    record(Action.INCIDENTS_READ, staff.id, n_pupils=_n_named(found))
    context = {"staff": staff, "school": staff.school, "incidents": shown(reversed(found))}
    return render(request, "incidents.html", context)


@require_safe
@rights.for_staff(Role.HEAD)
def incidents_paper(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """The same on paper, the first first."""
    school = rights.school(staff)
    found = _of_school(school)
    record(Action.INCIDENTS_READ, staff.id, n_pupils=_n_named(found))
    with on_paper.of_school(school):
        notes = shown(found)
    content = papers.incidents_pdf(school, notes, zone.current().manifest, dated=clock.now())
    return downloads.pdf(content, "incidents")


def of_session(session: Session) -> list[PaperIncident]:
    """The incident notes of a session, in the order in which they were written."""
    return shown(session.incidents.select_related("session").order_by("written_at"))


def shown(found: Iterable[Incident]) -> list[PaperIncident]:
    """Notes with the names they speak of."""
    notes = [(incident.session, incident.note) for incident in found]
    pupils = Pupil.objects.in_bulk({pupil for _s, note in notes for pupil in note.pupils})
    people = Staff.objects.select_related("user").in_bulk({note.by for _s, note in notes})
    return [_shown(session, note, pupils, people) for session, note in notes]


def _shown(
    session: Session, note: Note, pupils: dict[UUID, Pupil], people: dict[UUID, Staff]
) -> PaperIncident:
    names = [pupils[pupil].identity.shown for pupil in note.pupils if pupil in pupils]
    hours = {"day": dates.day(note.starts_at), "start": dates.hour(note.starts_at)}
    when = _("%(day)s, depuis %(start)s") % hours
    if note.ends_at is not None:
        hours["end"] = dates.hour(note.ends_at)
        when = _("%(day)s, de %(start)s à %(end)s") % hours
    return PaperIncident(
        when=when,
        where=f"{session.place} – {session.label}",
        kind=str(note.kind.label),
        touched=", ".join([*names, *([note.computers] if note.computers else [])]),
        done=note.done,
        by=people[note.by].user.username if note.by in people else "",
    )


def _write(form: IncidentForm, session: Session, staff: Staff) -> None:
    given, clock_there = form.cleaned_data, plan.clock_of(session.school)
    day = plan.moment(session.starts_at, clock_there).day

    def at(hour: time) -> datetime:
        return plan.at(day, hour.hour * 3600 + hour.minute * 60, clock_there)

    incident = Incident(school=session.school, session=session, written_at=clock.now())
    incident.note = Note(
        kind=IncidentKind(given["kind"]),
        starts_at=at(given["start"]),
        ends_at=at(given["end"]) if given["end"] else None,
        pupils=tuple(UUID(pupil) for pupil in given["pupils"]),
        computers=given["computers"],
        done=given["done"],
        by=staff.id,
    )
    incident.save()


def _of_school(school: School) -> list[Incident]:
    found = Incident.objects.filter(school=school).select_related("session")
    return list(found.order_by("written_at"))


def _n_named(found: Iterable[Incident]) -> int:
    return len({pupil for incident in found for pupil in incident.note.pupils})
