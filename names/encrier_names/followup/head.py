# SPDX-License-Identifier: AGPL-3.0-or-later
"""The follow-up as a head lives it: what comes next, who is missing, the end. His school only."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.followup import board, ends, guidance, tallies, windows
from encrier_names.followup.models import Printed, Tally
from encrier_names.schools.models import Division, Role, School, Staff
from encrier_names.sittings import board as room
from encrier_names.sittings import progress

_TOLD = {  # what the page says of a pupil who has not finished
    "no-code": gettext_lazy("sans code"),
    "expected": gettext_lazy("pas commencé"),
    "started": gettext_lazy("commencé"),
}


class NotSaid(EncrierError):
    what = "La case n’est pas cochée\u00a0: la fin n’est pas déclarée."
    next_step = "Revenez à la page, lisez ce que vous déclarez, puis cochez la case."
    status = 400


def guided(school: School, divisions: Sequence[Division]) -> dict[str, object]:
    """What the first page of a head says of what comes next."""
    manifest, tally = zone.current().manifest, tallies.of(school)
    window = board.window(manifest, tally.ends_at, clock.now())
    waiting = _waiting(tally, divisions)
    guide = guidance.guide(
        tally.step,
        window,
        divisions_left=len(waiting),
        finished=tally.finished,
        awaited=tally.awaited,
    )
    first = waiting[0] if waiting else next(iter(divisions), None)
    return {
        "guide": guide,
        "trail": guidance.TRAIL,
        "target": _target(guide.page, first, n_waiting=len(waiting)),
        "tally": tally,
        "may_declare": tally.step in {"under-way", "nearly"} and window.is_open,
        "n_missing": tally.awaited - tally.finished,
    }


@require_safe
@rights.for_staff(Role.HEAD)
def missing(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every pupil of the school who has not finished, by name, class after class."""
    school = rights.school(staff)
    found = room.missing(school.divisions.all())
    lines = [(division, line, _TOLD.get(line.state, "")) for division, line in found]
    record(Action.MISSING_PUPILS, staff.id, n_pupils=len(lines))
    ends_at = windows.ends_at(school, zone.current().manifest)
    context = {
        "staff": staff,
        "school": school,
        "lines": lines,
        "ends_at": ends_at,
        "is_over": clock.now() >= ends_at,
        "pulled_at": progress.pulled_at(),
    }
    return render(request, "missing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def end(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Declare the end, with what is declared; or see that it is."""
    school, manifest = rights.school(staff), zone.current().manifest
    if request.method == "POST":
        if request.POST.get("declaration") != "yes":
            raise NotSaid
        made = ends.declare(school, staff, manifest)
        record(Action.END_DECLARED, staff.id, n_pupils=made.awaited)
        return redirect("end")
    tally, now = tallies.of(school), clock.now()
    context = {
        "staff": staff,
        "school": school,
        "tally": tally,
        "to_come": tally.awaited - tally.started - tally.finished,
        "declared": ends.declared(school),
        "may_declare": ends.may_declare(school, manifest, now=now),
        "is_over": now >= windows.ends_at(school, manifest),
        "manifest": manifest,
    }
    return render(request, "end.html", context)


@require_POST
@rights.for_staff(Role.HEAD)
def take_end_back(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """Take the declaration back."""
    school = rights.school(staff)
    ends.take_back(school, zone.current().manifest)
    record(Action.END_TAKEN_BACK, staff.id, n_pupils=tallies.of(school).awaited)
    return redirect("end")


def _waiting(tally: Tally, divisions: Sequence[Division]) -> list[Division]:
    """The classes that hold the school at its step: not validated, or not printed."""
    if tally.step == "to-print":
        known = Printed.objects.filter(division__in=divisions)
        printed = dict(known.values_list("division", "at"))
        return [
            one
            for one in divisions
            if one.validated_at and printed.get(one.id, one.validated_at) <= one.validated_at
        ]
    return [one for one in divisions if one.validated_at is None]


def _target(page: guidance.Page, division: Division | None, *, n_waiting: int) -> str:
    """The address of a page, which may be one of a class."""
    simple = {"import": "import-choose", "missing": "missing", "end": "end", "calendar": "calendar"}
    of_class = {
        "list": "class-list",
        "codes": "class-codes",
        "sittings": "class-progress",
        "results": "class-results",
    }
    if page == "list" and n_waiting > 1:
        return reverse("validate-all")
    if page in simple or division is None:
        return reverse(simple.get(page, "home"))
    return reverse(of_class[page], args=[division.id])
