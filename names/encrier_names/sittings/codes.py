# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done when a pupil cannot use her own code: the rule, and one action for each case.

Nothing answered: nothing to do. Two slips exchanged: the codes are exchanged. Another pupil has
answered: a reserve code, which stands on paper and which answers knows already, or else a new one.
"""

from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from encrier import codes, pictograms
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record, record_pupil
from encrier_names.campaign.windows import refuse_undecided
from encrier_names.pseudonyms.links import ReserveGone
from encrier_names.rooms.way_back import way_back
from encrier_names.schools import lists
from encrier_names.schools.models import Pupil, Staff
from encrier_names.sittings import board, supervision
from encrier_names.sittings.models import SeenProgress
from encrier_names.sittings.views import SUPERVISORS
from encrier_names.validation import reserves

Use = Literal["none", "opened", "answered"]


class NotSure(EncrierError):
    what = "La case n’est pas cochée\u00a0: aucun code n’a changé."
    next_step = "Revenez à la page, lisez ce que le changement entraîne, puis cochez la case."
    status = 400


class NoSuchPupil(EncrierError):
    what = (
        "Ce n’est pas un autre élève de la classe ou de la salle qui a un code\u00a0: "
        "aucun code n’a changé."
    )
    next_step = "Revenez à la page et choisissez l’autre élève dans la liste."
    status = 400


def use_of(seen: SeenProgress | None) -> Use:
    """How far a code was used, as answers last told it. Pure."""
    if seen is None:
        return "none"
    if seen.percent or seen.unsent or seen.state == "finished":
        return "answered"
    return "opened" if seen.state == "started" else "none"


_PAGE: Final = "new-code.html"


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*SUPERVISORS)
def new_code(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """What to do about the code of a pupil; a new one, drawn now, stands here this once."""
    pupil = _numbered(staff, wanted)
    if request.method != "POST":
        return _choices(request, staff, pupil)
    _refuse_unsure(request.POST)
    given = supervision.give_new_code(pupil.id)
    record_pupil(Action.CODE_REPLACED, staff, pupil)
    context = {
        "code": codes.printed(given.code),
        "screen": pictograms.letters_of(given.sid),
        "pictures": [p.label for p in pictograms.of_sitting(given.sid)],
        "address": zone.current().manifest.address,
    }
    return _done(request, staff, pupil, context)


@require_POST
@rights.for_staff(*SUPERVISORS)
def give_reserve(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Make a reserve code that the supervisor has on paper the pupil's."""
    pupil = _numbered(staff, wanted)
    _refuse_unsure(request.POST)
    asked = request.POST.get("reserve")
    chosen = next((one for one in reserves.left(pupil.division) if str(one.id) == asked), None)
    if chosen is None:
        raise ReserveGone
    supervision.give_reserve(pupil.id, chosen.id)
    record_pupil(Action.RESERVE_GIVEN, staff, pupil)
    return _done(request, staff, pupil, {"reserve": chosen})


@require_POST
@rights.for_staff(*SUPERVISORS)
def exchange_codes(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Exchange the codes of two pupils of a room who each sat with the other's slip."""
    pupil = _numbered(staff, wanted)
    _refuse_unsure(request.POST)
    asked = request.POST.get("other")
    other = next((one for one in _others(staff, pupil) if str(one.id) == asked), None)
    if other is None:
        raise NoSuchPupil
    supervision.exchange_codes(pupil.id, other.id)
    for one in (pupil, other):
        record_pupil(Action.CODES_EXCHANGED, staff, one)
    return _done(request, staff, pupil, {"other": other})


def _choices(request: HttpRequest, staff: Staff, pupil: Pupil) -> HttpResponse:
    others = _others(staff, pupil)
    record(Action.CODE_PAGE, staff.id, n_pupils=1 + len(others), division=pupil.division.id)
    context = {
        "use": use_of(board.seen_of(pupil.id)),
        "others": others,
        "reserves": reserves.left(pupil.division),
    }
    return _page(request, staff, pupil, context)


def _others(staff: Staff, pupil: Pupil) -> list[Pupil]:
    """Who may have sat with her slip: of her class or her room, whom one may see, with a code."""
    rooms = rights.rooms_now(staff).filter(seats__pupil=pupil)
    near = Q(division=pupil.division_id) | Q(seats__session__in=rooms)
    found = list(rights.sitting_pupils(staff).filter(near).exclude(id=pupil.id))
    ready = board.ready(one.id for one in found)
    return lists.in_order(p for p in found if p.id in ready)


def _done(
    request: HttpRequest, staff: Staff, pupil: Pupil, what: Mapping[str, object]
) -> HttpResponse:
    return _page(request, staff, pupil, {**what, "done": True, "waits": supervision.waits()})


def _page(
    request: HttpRequest, staff: Staff, pupil: Pupil, what: Mapping[str, object]
) -> HttpResponse:
    context = {"staff": staff, "division": pupil.division, "pupil": pupil, "tab": "progress"}
    context["back"] = way_back(request, staff, pupil)
    return render(request, _PAGE, {**context, **what})


def _numbered(staff: Staff, wanted: UUID) -> Pupil:
    """The pupil asked for, if she may be seen and has a code that is ready; else 404."""
    pupil = rights.sitting_pupil(staff, wanted)
    if not board.ready([pupil.id]):
        raise Http404
    refuse_undecided(staff.role, "replace_code")
    return pupil


def _refuse_unsure(sent: Mapping[str, object]) -> None:
    if sent.get("sure") != "yes":
        raise NotSure
