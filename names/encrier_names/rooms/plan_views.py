# SPDX-License-Identifier: AGPL-3.0-or-later
"""The head's pages of planning: rooms, rules, the plan, what is given away of it. No pupil's name.

A head alone plans; who supervises finds her sessions on her own page.
"""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier.errors import EncrierError
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.rooms import plan
from encrier_names.rooms.forms import HALF_SHOWN, RoomForm, RulesForm
from encrier_names.rooms.models import Room, Session
from encrier_names.rooms.papers import agenda
from encrier_names.rooms.papers import sheets as papers
from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.problem import HALVES, Rules, length_min
from encrier_names.rooms.planning.remedies import explained
from encrier_names.schools.models import Role, School, Staff


class NothingPlanned(EncrierError):
    what = "Il n’y a pas encore de planning."
    next_step = "Décrivez les salles, puis demandez une proposition."
    status = 409


@require_safe
@rights.for_staff(Role.HEAD)
def plan_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Rooms, rules, and the plan as it stands with what is missing in it."""
    school = rights.school(staff)
    problem = plan.problem_of(school, zone.current().manifest)
    usable = {space.id: capacity(problem, space) for space in problem.spaces}
    sessions = _sessions(school)
    shown = explained(problem, plan.current(school, problem)) if sessions else ()
    context = {
        "staff": staff,
        "school": school,
        "rooms": [
            (room, usable[room.id], _taken(room, problem.rules)) for room in plan.rooms_of(school)
        ],
        "rules": problem.rules,
        "length": length_min(problem.rules, []),
        "half_days": [HALF_SHOWN[half] for half in HALVES if half in problem.rules.halves],
        "half_days_off": [HALF_SHOWN[half] for half in HALVES if half not in problem.rules.halves],
        "n_pupils": sum(len(group.pupils) for group in problem.groups),
        "n_classes": len(problem.groups),
        "days": _by_day(sessions),
        "n_sessions": len(sessions),
        "sentences": shown,
    }
    return render(request, "plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def add_room(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Describe a room."""
    return _room_page(request, staff, None)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def edit_room(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Describe a room better."""
    room = get_object_or_404(Room, id=wanted, school=rights.school(staff))
    return _room_page(request, staff, room)


@require_POST
@rights.for_staff(Role.HEAD)
def remove_room(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Take a room off the list; the sessions that are planned there stay, and say its name."""
    get_object_or_404(Room, id=wanted, school=rights.school(staff)).delete()
    return redirect("plan")


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def rules_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The hours of the school, and what the assessment asks."""
    school = rights.school(staff)
    sent = request.method == "POST"
    initial = RulesForm.initial_of(plan.rules_of(school))
    form = RulesForm(request.POST if sent else None, initial=initial)
    if sent and form.is_valid():
        plan.keep_rules(school, form.rules())
        return redirect("plan")
    return render(request, "plan-rules.html", {"staff": staff, "form": form})


@require_POST
@rights.for_staff(Role.HEAD)
def propose_plan(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """Propose a plan around what is locked or past."""
    kept = plan.propose_and_keep(rights.school(staff), zone.current().manifest)
    n_pupils = len({pupil for slot in kept.slots for pupil in slot.pupils})
    record(Action.PLAN_PROPOSED, staff.id, n_pupils=n_pupils)
    return redirect("plan")


@require_safe
@rights.for_staff(Role.HEAD, Role.TEACHER, Role.SUPERVISOR)
def plan_calendar(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """The sessions as a calendar file: a head's are those of the school. Names no pupil."""
    sessions = rights.sessions_of(staff).annotate(n_seats=Count("seats")).order_by("starts_at")
    content = agenda.calendar_of(sessions, label=zone.current().manifest.label)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    return downloads.kept_as(response, "passations.ics")


@require_safe
@rights.for_staff(Role.HEAD)
def plan_doors(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """One sheet a room, to post on its door. Names no pupil."""
    school = rights.school(staff)
    sessions = _sessions(school)
    if not sessions:
        raise NothingPlanned
    content = papers.doors_pdf(school, sessions, zone.current().manifest)
    return downloads.pdf(content, "portes")


def _room_page(request: HttpRequest, staff: Staff, room: Room | None) -> HttpResponse:
    school = rights.school(staff)
    sent = request.method == "POST"
    form = RoomForm(request.POST if sent else None, school=school, room=room)
    if sent and form.is_valid():
        form.write(room or Room(school=school)).save()
        return redirect("plan")
    return render(request, "room-form.html", {"staff": staff, "form": form, "room": room})


def _sessions(school: School) -> list[Session]:
    found = plan.sessions_of(school).annotate(n_seats=Count("seats", distinct=True))
    found = found.prefetch_related("supervisors__user")
    return list(found.order_by("starts_at", "place", "label"))


def _by_day(sessions: Iterable[Session]) -> list[tuple[object, list[Session]]]:
    days = groupby(sessions, key=lambda s: timezone.localtime(s.starts_at).date())
    return [(day, list(held)) for day, held in days]


def _taken(room: Room, rules: Rules) -> list[object]:
    """The half-days of the school on which a room is not free."""
    free = room.halves.split()
    return [HALF_SHOWN[half] for half in HALVES if half in rules.halves and half not in free]
