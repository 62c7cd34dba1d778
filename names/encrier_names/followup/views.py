# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board of an académie or of the country, and a school as they see it: counts, no name."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from encrier import clock
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.campaign.phases import next_of
from encrier_names.figures.disclosure import hidden
from encrier_names.followup import board, tallies, windows
from encrier_names.followup.board import Asked, Row
from encrier_names.followup.models import DeclaredEnd, Extension
from encrier_names.followup.steps import ACTION, COLOURS, SHOWN, STEP_SHOWN, STEPS, light_of
from encrier_names.keying import levels, reopening
from encrier_names.keying.models import Reopening
from encrier_names.schools.models import Role, School, Staff
from encrier_names.sittings import counting, progress

FOLLOWERS: Final = (Role.ACADEMY, Role.MINISTRY)
_SENT_AS: Final = {  # the names in the address
    "word": "q",
    "academy": "academie",
    "department": "departement",
    "sector": "secteur",
    "sample": "echantillon",
    "colour": "couleur",
    "step": "etape",
    "sort": "tri",
}


@require_safe
@rights.for_staff(*FOLLOWERS)
def follow_board(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every school that one follows, what is late first."""
    return board_page(request, staff)


def board_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The board, as its own page and as the first page of an académie."""
    running, now = zone.current(), clock.now()
    manifest = running.manifest
    asked, schools = board.asked_of(request.GET.dict()), rights.schools_of(staff)
    written = request.GET.get("page", "1")
    number = int(written) if written.isdecimal() and len(written) < 6 else 1  # noqa: PLR2004 no board has more
    found = board.board(schools, asked, manifest, now=now, page=number)
    departments = schools.filter(academy=asked.academy) if asked.academy else schools
    colours = [(key, SHOWN[key], found.colours.get(key, 0)) for key in COLOURS]
    context = {
        "staff": staff,
        "asked": asked,
        "board": found,
        "colours": [(*one, address(asked, colour=one[0])) for one in colours],
        "all_colours": address(asked, colour=""),
        "sorts": {key: address(asked, sort=key) for key in ("nom", "commune", "part")},
        "pages": address(asked, page=""),
        "csv": address(asked),
        "steps": [(key, STEP_SHOWN[key]) for key in STEPS],
        "actions": ACTION,
        "academies": named(schools, "academy") if staff.role == Role.MINISTRY else (),
        "departments": named(departments, "department"),
        "minimum": running.campaign.rules.smallest_cell,
        "next": next_of(running.campaign, now),
        "pulled_at": progress.pulled_at(),
        "waiting": _waiting(staff),
        "tab": "board",
    }
    return render(request, "follow-board.html", context)


@require_safe
@rights.for_staff(*FOLLOWERS)
def board_csv(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The same schools as a file for a spreadsheet."""
    manifest, now = zone.current().manifest, clock.now()
    asked = board.asked_of(request.GET.dict())
    all_of = board.found(rights.schools_of(staff), asked)
    listed = board.selected(all_of, asked, manifest, now)
    return downloads.table(_lines(board.rows(listed, manifest, now=now)), "suivi")


@require_safe
@rights.for_staff(*FOLLOWERS)
def followed(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """A school as its head sees it, without a name and without a way to one."""
    school = get_object_or_404(rights.schools_of(staff), id=wanted)
    manifest, now = zone.current().manifest, clock.now()
    tally = tallies.of(school)
    divisions = list(school.divisions.order_by("label"))
    counts = counting.counts([division.id for division in divisions])
    sizes = [counts[division.id].pupils for division in divisions]
    concealed = hidden(sizes, minimum=zone.current().campaign.rules.smallest_cell)
    context = {
        "staff": staff,
        "school": school,
        "tally": tally,
        "light": light_of(tally.step, board.window(manifest, tally.ends_at, now)),
        "step": STEP_SHOWN[tally.step],
        "action": ACTION[tally.step],
        "ends_at": windows.later(manifest, tally.ends_at),
        "lines": [
            (division, None if place in concealed else counts[division.id])
            for place, division in enumerate(divisions)
        ],
        "declared": DeclaredEnd.objects.filter(school=school).order_by("-at").first(),
        "extension": Extension.objects.filter(school=school).order_by("-at").first(),
        "is_over": now >= manifest.results_close_at,
        "requests": reopening.of_schools([school]),
        "may_reopen": _may_reopen(staff),
        "pulled_at": progress.pulled_at(),
        "tab": "board",
    }
    return render(request, "follow-school.html", context)


def _may_reopen(staff: Staff) -> bool:
    return staff.role in zone.current().campaign.decides.reopen_keying


def _waiting(staff: Staff) -> list[Reopening]:
    """The requests to key again that wait for who reads; none for who does not decide."""
    if not (levels.any_keyed() and _may_reopen(staff)):
        return []
    return list(reopening.of_schools(rights.schools_of(staff)).filter(decided_at=None))


def address(asked: Asked, **changes: object) -> str:
    """The part of an address that asks for this, with changes."""
    wanted = {field: getattr(asked, field) for field in _SENT_AS} | changes
    sent = {
        _SENT_AS.get(field, field): "oui" if value is True else value
        for field, value in wanted.items()
        if value or field == "page"
    }
    return f"?{urlencode(sent)}"


def _lines(rows: Iterator[Row]) -> Iterator[tuple[object, ...]]:
    minimum = zone.current().campaign.rules.smallest_cell
    names = ("UAI", "Établissement", "Commune", "Département", "Académie", "Secteur", "Échantillon")
    counts = ("Élèves", "Attendus", "Commencé", "Terminé")
    told = ("État", "Étape", "Raison", "À faire")
    yield (*names, *counts, *told)
    for row in rows:
        numbers: tuple[object, ...] = (row.pupils, row.awaited, row.started, row.finished)
        if 0 < row.pupils < minimum:
            numbers = (gettext("moins de {n}").format(n=minimum), "", "", "")
        yield (
            row.uai,
            row.name,
            row.town,
            row.department,
            row.academy,
            "public" if row.is_public else "privé",
            "oui" if row.is_sampled else "",
            *numbers,
            row.light.shown,
            STEP_SHOWN[row.step],
            row.light.reason,
            ACTION[row.step],
        )


def named(schools: QuerySet[School], field: str) -> list[str]:
    """The different values of a column of these schools, for a choice."""
    known = schools.exclude(**{field: ""}).order_by(field).values_list(field, flat=True)
    return list(known.distinct())
