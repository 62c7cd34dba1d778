# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has not come, who is writing, who has finished; and what the supervisor does about it."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import downloads
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record, record_pupil
from encrier_names.keying import levels
from encrier_names.rooms.way_back import way_back
from encrier_names.schools.models import Role, Staff
from encrier_names.sittings import board, grants, pnp, progress, supervision
from encrier_names.sittings.forms import GrantForm
from encrier_names.sittings.models import Grant

MAX_PROFILE: Final = 256 * 1024  # bytes
SUPERVISORS: Final = (Role.SUPERVISOR, Role.TEACHER, Role.HEAD)
_ACTS: Final[Mapping[str, tuple[Action, Callable[[], Callable[[Grant], Grant]]]]] = {
    "pause": (Action.SITTING_PAUSED, lambda: grants.paused),
    "resume": (Action.SITTING_RESUMED, lambda: grants.resumed),
    "close": (Action.SITTING_CLOSED, lambda: grants.closed(clock.now())),
    "reopen": (Action.SITTING_REOPENED, lambda: grants.reopened),
}


class UnknownAct(EncrierError):
    what = "Cette demande n’est pas prévue\u00a0: rien n’a changé."
    next_step = "Revenez à la page de la passation et choisissez une action."
    status = 400


@require_safe
@rights.for_staff(*SUPERVISORS, Role.MINISTRY)
def class_progress(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The progress of a class, pupil by pupil."""
    division = rights.division(staff, wanted)
    lines = board.lines(division)
    record(Action.CLASS_PROGRESS, staff.id, n_pupils=len(lines), division=division.id)
    on_screen = [line for line in lines if not line.keyed]
    context = {
        "staff": staff,
        "division": division,
        "lines": lines,
        "is_keyed": bool(lines) and not on_screen,
        "states": Counter(line.state for line in lines),
        "unsent": sum(line.unsent for line in lines),
        "pulled_at": progress.pulled_at(),
        "may_act": staff.role in SUPERVISORS and any(line.order for line in lines),
        "n_on_screen": len(on_screen),
        "n_paused": sum(line.paused for line in on_screen),
        "n_closed": sum(line.closed for line in on_screen),
        "waits": supervision.waits(),
        "tab": "progress",
    }
    return render(request, "class-progress.html", context)


@require_POST
@rights.for_staff(*SUPERVISORS)
def supervise(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Pause, go on, end or open again: the whole class, or one of its pupils."""
    division = rights.division(staff, wanted)
    if request.POST.get("act") not in _ACTS:
        raise UnknownAct
    action, how = _ACTS[request.POST["act"]]
    # Nobody of a room closes what a teacher keys.
    pupils = list(division.pupils.filter(levels.on_screen()).values_list("id", flat=True))
    one = request.POST.get("pupil")
    if one is not None:
        pupils = [pupil for pupil in pupils if str(pupil) == one]
        if not pupils:
            raise Http404
    n_changed = supervision.apply(pupils, how())
    record(
        action,
        staff.id,
        n_pupils=n_changed,
        division=division.id,
        pupil=pupils[0] if one is not None else None,
    )
    return redirect("class-progress", division.id)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*SUPERVISORS)
def pupil_needs(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Settings of the page and extra time that a pupil finds ready when she signs in."""
    pupil = rights.sitting_pupil(staff, wanted)
    back = way_back(request, staff, pupil)
    profile = request.FILES.get("profile")
    needs = pnp.read(profile.read(MAX_PROFILE)) if profile is not None else None
    known = grants.of([pupil.id])[pupil.id]
    sent = request.method == "POST" and needs is None
    initial = GrantForm.initial_of(known if needs is None else needs.grant)
    form = GrantForm(request.POST if sent else None, initial=initial)
    granted = sent and form.is_valid()
    if granted:
        supervision.apply([pupil.id], form.granted)
    action = Action.PUPIL_GRANTED if granted else Action.PUPIL_NEEDS
    record_pupil(action, staff, pupil)
    if granted:
        return redirect(back.address)
    context = {"staff": staff, "division": pupil.division, "pupil": pupil, "form": form}
    context |= {"needs": needs, "back": back, "tab": "progress"}
    return render(request, "pupil-needs.html", context)


@require_safe
@rights.for_staff(*SUPERVISORS)
def needs_profile(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The same as a QTI profile, for another platform; it names nobody."""
    pupil = rights.sitting_pupil(staff, wanted)
    record_pupil(Action.PUPIL_NEEDS, staff, pupil)
    content = pnp.write(grants.of([pupil.id])[pupil.id])
    response = HttpResponse(content, content_type="application/xml")
    return downloads.kept_as(response, "besoins.xml")
