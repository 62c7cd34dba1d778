# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions: which ones there are, one more, where and when one is, who watches over it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.language.said import Said
from encrier_names.rooms import plan
from encrier_names.rooms.forms import hour_of
from encrier_names.rooms.models import Seat, Session
from encrier_names.rooms.planning.conflicts import conflicts
from encrier_names.rooms.planning.problem import length_min
from encrier_names.rooms.session_forms import NewSessionForm, SupervisorsForm, TimesForm
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, Pupil, Role, School, Staff

WATCHERS = (Role.HEAD, Role.TEACHER, Role.SUPERVISOR)


class SessionBegun(EncrierError):
    what = "Cette séance a commencé\u00a0: elle ne peut plus être supprimée."
    next_step = "Fermez-la depuis son suivi, et signalez-y ce qui s’est passé."
    status = 409


class NobodyToSeat(EncrierError):
    what = "Aucun élève de ces classes n’est à placer\u00a0: la séance n’a pas été ouverte."
    next_step = "Choisissez une autre classe ou une autre moitié."
    status = 409


@require_safe
@rights.for_staff(*WATCHERS)
def sessions(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The sessions one runs, the next first; a head's are those of the school. Nobody's name."""
    found = rights.sessions_of(staff).annotate(n_seats=Count("seats"))
    now = clock.now()
    context = {
        "staff": staff,
        "school": staff.school,
        "coming": found.filter(ends_at__gte=now).order_by("starts_at", "place"),
        "past": found.filter(ends_at__lt=now).order_by("-starts_at", "place"),
        "open_to_me": set(rights.rooms_now(staff).values_list("id", flat=True)),
    }
    return render(request, "sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*WATCHERS)
def new_session(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Open a session that nobody planned, now or later; who opens it watches over it."""
    school = rights.school(staff)
    rules = plan.rules_of(school)
    sent = request.method == "POST"
    starts = plan.moment(clock.now(), plan.clock_of(school))
    ends = min(starts.minute + length_min(rules, []), 23 * 60 + 55)
    form = NewSessionForm(
        request.POST if sent else None,
        school=school,
        divisions=rights.divisions_of(staff),
        initial={"day": starts.day, "start": hour_of(starts.minute), "end": hour_of(ends)},
    )
    if sent and form.is_valid():
        session = _opened(form, school, staff)
        record(Action.SESSION_MADE, staff.id, n_pupils=session.seats.count())
        return redirect(
            "session-setup" if staff.role == Role.HEAD else "sessions", *_to(session, staff)
        )
    return render(request, "session-new.html", {"staff": staff, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def session_setup(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Lock, move or remove a session, and say who watches over it."""
    session = rights.session(staff, wanted)
    act = request.POST.get("act")
    slot = plan.slot_of(session, locked=True)
    initial: dict[str, object] = {
        "room": session.room_id,
        "day": slot.day,
        "start": hour_of(slot.start),
        "end": hour_of(slot.end),
    }
    times = TimesForm(
        request.POST if act == "move" else None, school=session.school, initial=initial
    )
    watchers = SupervisorsForm(
        request.POST if act == "supervisors" else None, session=session, staff=_watchers(session)
    )
    objections: list[Said] = []
    done = _simple(act, session)
    if act == "supervisors" and watchers.is_valid():
        session.supervisors.set(watchers.cleaned_data["supervisors"])
        done = True
    if act == "move" and times.is_valid():
        objections = _moved(session, times)
        done = not objections
    if done:
        action = Action.SESSION_REMOVED if act == "remove" else Action.SESSION_CHANGED
        record(action, staff.id, n_pupils=0)
        return redirect("plan")
    context = {
        "staff": staff,
        "session": session,
        "n_seats": session.seats.count(),
        "times": times,
        "watchers": watchers,
        "objections": objections,
    }
    return render(request, "session-setup.html", context)


def _simple(act: str | None, session: Session) -> bool:
    """Lock, unlock or remove; whether it was one of these."""
    match act:
        case "lock" | "unlock":
            Session.objects.filter(id=session.id).update(is_locked=act == "lock")
        case "remove":
            if session.opened_at is not None or session.receipts.exists():
                raise SessionBegun
            session.delete()
        case _:
            return False
    return True


def _moved(session: Session, form: TimesForm) -> list[Said]:
    """Put a session elsewhere and lock it, or say what speaks against it."""
    problem = plan.problem_of(session.school, zone.current().manifest)
    room, (day, start, end) = form.cleaned_data["room"], form.minutes()
    others = plan.sessions_of(session.school).exclude(id=session.id)
    zone_there = plan.clock_of(session.school)
    slot = msgspec.structs.replace(
        plan.slot_of(session, locked=True), space=room.id, day=day, start=start, end=end
    )
    found = conflicts(problem, slot, plan.slots_of(others, locked=True))
    if not found:
        session.room, session.place = room, room.name
        session.starts_at = plan.at(day, start * 60, zone_there)
        session.ends_at = plan.at(day, end * 60, zone_there)
        session.begins_at = plan.begins_alone(problem.rules, session.school, session.starts_at)
        session.is_locked = True
        session.revision = plan.next_revision(session.school)
        session.changed_at = clock.now()
        session.save()
    return found


def _opened(form: NewSessionForm, school: School, staff: Staff) -> Session:
    given = form.cleaned_data
    day, start, end = form.minutes()
    zone_there = plan.clock_of(school)
    starts_at = plan.at(day, start * 60, zone_there)
    seats = [
        (division, _half(pupils_of(division), given["half"])) for division in given["divisions"]
    ]
    if not any(pupils for _division, pupils in seats):
        raise NobodyToSeat
    room = given["room"]
    with transaction.atomic():
        session = Session.objects.create(
            school=school,
            room=room,
            place=room.name if room else given["place"],
            label=_label(given["divisions"], given["half"]),
            sequence=given["sequence"],
            starts_at=starts_at,
            ends_at=plan.at(day, end * 60, zone_there),
            begins_at=plan.begins_alone(plan.rules_of(school), school, starts_at),
            revision=plan.next_revision(school),
            changed_at=clock.now(),
        )
        rank, of = (1, 1) if given["half"] == "all" else (int(given["half"]), 2)
        Seat.objects.bulk_create(
            Seat(session=session, pupil=pupil, group=division.id, rank=rank, of=of)
            for division, pupils in seats
            for pupil in pupils
        )
        if staff.role != Role.HEAD:
            session.supervisors.add(staff)
    return session


def _half(pupils: Sequence[Pupil], half: str) -> Sequence[Pupil]:
    """The pupils who are awaited, all or one half of them."""
    awaited = [pupil for pupil in pupils if pupil.closure_box is None]
    middle = -(-len(awaited) // 2)
    return {"1": awaited[:middle], "2": awaited[middle:]}.get(half, awaited)


def _label(divisions: Sequence[Division], half: str) -> str:
    named = " et ".join(division.label for division in divisions)
    return (named if half == "all" else f"{named}, groupe {half} sur 2")[:200]


def _watchers(session: Session) -> QuerySet[Staff]:
    found = Staff.objects.filter(school=session.school, role__in=(Role.TEACHER, Role.SUPERVISOR))
    return found.select_related("user").order_by("user__username")


def _to(session: Session, staff: Staff) -> tuple[UUID, ...]:
    return (session.id,) if staff.role == Role.HEAD else ()
