# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live pages of a room, and what a supervisor does there: for one, for some, for all.

Two screens: the supervisor's own, with names; the projector's, with the four letters of each
pupil's screen and no name. What refreshes itself carries no name either.
"""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.headers import refreshing
from encrier_names.rooms import live
from encrier_names.rooms.models import Absence, AbsenceReason, Seat, Session
from encrier_names.rooms.session_views import WATCHERS
from encrier_names.schools.models import Staff
from encrier_names.sittings import grants, supervision
from encrier_names.sittings.grants import EXTRA_TIMES
from encrier_names.sittings.models import Grant

_GRANTS: Final[Mapping[str, tuple[Action, Callable[[], Callable[[Grant], Grant]]]]] = {
    "pause": (Action.SITTING_PAUSED, lambda: grants.paused),
    "resume": (Action.SITTING_RESUMED, lambda: grants.resumed),
    "close": (Action.SITTING_CLOSED, lambda: grants.closed(clock.now())),
    "open": (Action.SITTING_REOPENED, lambda: lambda g: grants.reopened(grants.resumed(g))),
}


class NobodyTicked(EncrierError):
    what = "Aucun élève n’est coché\u00a0: rien n’a changé."
    next_step = "Revenez au suivi de la salle, cochez un ou plusieurs élèves, puis choisissez."
    status = 400


class UnknownAct(EncrierError):
    what = "Cette demande n’est pas prévue\u00a0: rien n’a changé."
    next_step = "Revenez au suivi de la salle et choisissez une action."
    status = 400


class NoSuchRoom(EncrierError):
    what = "Cette séance n’est pas une autre séance de l’établissement\u00a0: personne n’a bougé."
    next_step = "Revenez au suivi de la salle et choisissez une séance de la liste."
    status = 400


@require_safe
@refreshing
@rights.for_staff(*WATCHERS)
def session_board(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The room with names, and what can be done there."""
    session = rights.session(staff, wanted)
    board = live.board_of(session, now=clock.now())
    record(Action.SESSION_BOARD, staff.id, n_pupils=len(board.tiles))
    context = {
        "staff": staff,
        "session": session,
        "board": board,
        "waits": supervision.waits(),
        "n_paused": sum(tile.line.paused for tile in board.tiles),
        "absences": AbsenceReason.choices,
        "extra_times": EXTRA_TIMES,
        "others": _others(session),
        "n_incidents": session.incidents.count(),
        "view": "table" if request.GET.get("vue") == "tableau" else "tiles",
        "is_still": request.GET.get("fixe") == "1",
    }
    return render(request, "session-board.html", context)


@require_safe
@rights.for_staff(*WATCHERS)
def session_states(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """What has changed since, by seat: states and counts. No name, hence no row in the audit."""
    session = rights.session(staff, wanted)
    board = live.board_of(session, now=clock.now())
    context = {"board": board, "session": session, "again": True, "waits": supervision.waits()}
    return render(request, "session-states.html", context)


@require_safe
@refreshing
@rights.for_staff(*WATCHERS)
def session_wall(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The room for the projector: letters, no name."""
    session = rights.session(staff, wanted)
    board = live.board_of(session, now=clock.now())
    context = {
        "session": session,
        "board": board,
        "tiles": live.by_letters(t for t in board.tiles if t.line.order and t.state != "absent"),
        "is_still": request.GET.get("fixe") == "1",
    }
    return render(request, "session-wall.html", context)


@require_POST
@rights.for_staff(*WATCHERS)
def session_act(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Do something for the pupils that are ticked, or for the whole room."""
    session = rights.session(staff, wanted)
    seats = _asked(request, session)
    act = request.POST.get("act", "")
    pupils = [seat.pupil_id for seat in seats]
    match act:
        case "open" | "close" | "pause" | "resume":
            action, how = _GRANTS[act]
            supervision.apply(pupils, how())
            if request.POST.get("all") == "yes":
                _stamp(session, act)
        case "extra":
            action = Action.EXTRA_TIME
            supervision.apply(pupils, _with_extra(request.POST.get("extra_time", "")))
        case "move":
            action = Action.SEAT_MOVED
            _move(seats, session, request.POST.get("to", ""))
        case "absent" | "present":
            action = Action.SEAT_ABSENT if act == "absent" else Action.SEAT_PRESENT
            _note(seats, staff, reason=request.POST.get("reason", "") if act == "absent" else None)
        case _:
            raise UnknownAct
    only = pupils[0] if len(pupils) == 1 else None
    record(action, staff.id, n_pupils=len(pupils), pupil=only)
    return redirect("session-board", session.id)


def _asked(request: HttpRequest, session: Session) -> list[Seat]:
    """The seats that are ticked, or all."""
    seats = list(session.seats.all())
    if request.POST.get("all") == "yes":
        return seats
    ticked = set(request.POST.getlist("seat"))
    if not ticked:
        raise NobodyTicked
    found = [seat for seat in seats if str(seat.id) in ticked]
    if len(found) != len(ticked):
        raise Http404
    return found


def _stamp(session: Session, act: str) -> None:
    """Note when the whole room was opened first, and closed last."""
    if act == "close":
        Session.objects.filter(id=session.id).update(closed_at=clock.now())
    if act == "open":
        Session.objects.filter(id=session.id).update(closed_at=None)
        Session.objects.filter(id=session.id, opened_at=None).update(opened_at=clock.now())


def _with_extra(percent: str) -> Callable[[Grant], Grant]:
    if percent not in {str(known) for known in EXTRA_TIMES}:
        raise UnknownAct
    return lambda grant: msgspec.structs.replace(grant, extra_time=int(percent))


def _move(seats: list[Seat], session: Session, to: str) -> None:
    target = next((other for other in _others(session) if str(other.id) == to), None)
    if target is None:
        raise NoSuchRoom
    with transaction.atomic():
        there = set(target.seats.values_list("pupil_id", flat=True))
        for seat in seats:
            if seat.pupil_id in there:
                seat.delete()
            else:
                seat.session = target
                seat.save(update_fields=["session"])


def _others(session: Session) -> list[Session]:
    """Where a pupil of this session may go: the same sequence, the same school, not over yet."""
    found = Session.objects.filter(
        school=session.school, sequence=session.sequence, ends_at__gte=clock.now()
    )
    found = found.exclude(id=session.id).annotate(n_seats=Count("seats"))
    return list(found.order_by("starts_at", "place"))


def _note(seats: list[Seat], staff: Staff, *, reason: str | None) -> None:
    if reason is not None and reason not in AbsenceReason.values:
        raise UnknownAct
    with transaction.atomic():
        for seat in seats:
            absence = (
                None if reason is None else Absence(AbsenceReason(reason), clock.now(), staff.id)
            )
            seat.note(absence)
            seat.save(update_fields=["absence_box"])
