# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the head says of a list that waits: one small form each, and the way back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from encrier.errors import EncrierError
from encrier_names.access import rights
from encrier_names.imports.models import Decisions, Same, WaitingImport
from encrier_names.imports.views import waiting_of
from encrier_names.rosters import Correction
from encrier_names.rosters.cells import MAX_NAME
from encrier_names.schools.models import Pupil, Role, Staff

MOST = 2_000  # corrections of one file; more is another file


class NoSuchCorrection(EncrierError):
    what = "Cette correction ne peut pas être faite\u00a0: elle ne vise aucune ligne de la liste."
    next_step = "Revenez à la liste et choisissez une des corrections proposées."
    status = 400


@require_POST
@rights.for_staff(Role.HEAD)
def correct(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Write a field anew, take a row out, keep it, or set it apart from another."""
    given = {name: request.POST.get(name) for name in ("rank", "act", "field", "value")}
    value = (given["value"] or "")[: MAX_NAME + 1]

    def made(waiting: WaitingImport, decided: Decisions) -> Decisions:
        asked = {**given, "field": given["field"] or None, "value": value}
        one = _as(Correction, asked)
        is_empty = one.act == "write" and one.field is None
        is_row = 0 <= one.rank < len(waiting.source.rows)
        if is_empty or not is_row or len(decided.corrections) >= MOST:
            raise NoSuchCorrection
        return msgspec.structs.replace(decided, corrections=(*decided.corrections, one))

    return _decide(request, staff, wanted, made)


@require_POST
@rights.for_staff(Role.HEAD)
def same_pupil(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Say that a row is a pupil we know, who looked like somebody else."""
    one = _as(Same, {name: request.POST.get(name) for name in ("rank", "pupil")})

    def made(waiting: WaitingImport, decided: Decisions) -> Decisions:
        ours = Pupil.objects.filter(id=one.pupil, division__school=waiting.school)
        if not 0 <= one.rank < len(waiting.source.rows) or not ours.exists():
            raise NoSuchCorrection
        others = (s for s in decided.same if s.rank != one.rank and s.pupil != one.pupil)
        return msgspec.structs.replace(decided, same=(*others, one))

    return _decide(request, staff, wanted, made)


@require_POST
@rights.for_staff(Role.HEAD)
def take_back_correction(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Forget all that was said of a row: it is read again as it stands in the file."""
    rank = request.POST.get("rank", "")

    def made(_waiting: WaitingImport, decided: Decisions) -> Decisions:
        return Decisions(
            corrections=tuple(c for c in decided.corrections if str(c.rank) != rank),
            same=tuple(s for s in decided.same if str(s.rank) != rank),
        )

    return _decide(request, staff, wanted, made)


def _decide(
    request: HttpRequest,
    staff: Staff,
    wanted: UUID,
    made: Callable[[WaitingImport, Decisions], Decisions],
) -> HttpResponse:
    waiting = waiting_of(request, staff, wanted)
    waiting.decisions = made(waiting, waiting.decisions)
    waiting.save(update_fields=["decisions_box"])
    return redirect(reverse("import-understood", args=[wanted]) + "#remarques")


def _as(kind: Any, given: dict[str, str | None]) -> Any:
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError:
        raise NoSuchCorrection from None
