# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page that says who has not come, who is writing and who has finished."""

from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.schools import rights
from encrier_names.schools.models import Role, Staff
from encrier_names.sittings import board, progress


@require_safe
@rights.for_staff(Role.TEACHER, Role.HEAD, Role.MINISTRY)
def class_progress(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The progress of a class, pupil by pupil."""
    division = rights.division(staff, wanted)
    lines = board.lines(division)
    record(Action.CLASS_PROGRESS, staff.id, n_pupils=len(lines), division=division.id)
    context = {
        "staff": staff,
        "division": division,
        "lines": lines,
        "states": Counter(line.state for line in lines),
        "unsent": sum(line.unsent for line in lines),
        "pulled_at": progress.pulled_at(),
        "tab": "progress",
    }
    return render(request, "class-progress.html", context)
