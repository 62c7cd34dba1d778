# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of participation: chart, map and tables that say the same, and its file."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.figures import participation as days
from encrier_names.figures import pictures
from encrier_names.figures.disclosure import hidden
from encrier_names.figures.participation import Day, Group
from encrier_names.followup.models import AcademyDay
from encrier_names.followup.views import FOLLOWERS, named
from encrier_names.schools.lists import folded
from encrier_names.schools.models import Role, Staff


class Told(Record, frozen=True):
    """A group as a table tells it; without numbers where it is too small."""

    name: str
    schools: int
    group: Group | None

    @property
    def share(self) -> str:
        return pictures.percent(self.group.share) if self.group else ""


def told(groups: Sequence[Group]) -> list[Told]:
    """These groups, the small ones without their numbers."""
    concealed = hidden(
        [g.awaited for g in groups], minimum=zone.current().campaign.rules.smallest_cell
    )
    return [
        Told(group.name, group.schools, None if place in concealed else group)
        for place, group in enumerate(groups)
    ]


class NoAcademy(EncrierError):
    what = "Votre compte n’est d’aucune académie\u00a0: il n’y a rien à montrer."
    next_step = "Demandez au ministère de l’associer à votre académie."
    status = 409


@require_safe
@rights.for_staff(*FOLLOWERS)
def participation(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Day after day, and where; for an académie its own, for the ministry one or all."""
    academy = _asked(request, staff)
    listed = days.days_of(academy)
    minimum = zone.current().campaign.rules.smallest_cell
    listed = [day for day in listed if day.awaited >= minimum]
    places = told(days.groups("school__department" if academy else "academy", academy))
    is_national = not academy and staff.role == Role.MINISTRY
    context = {
        "staff": staff,
        "academy": academy,
        "days": [(day, _share(day.finished, day), _share(day.started, day)) for day in listed],
        "chart": pictures.chart([_shares(day) for day in listed]),
        "places": places,
        "map": pictures.tile_map(_by_tile(places)) if is_national else None,
        "sectors": told(days.groups("is_public", academy)),
        "academies": named(rights.schools_of(staff), "academy")
        if staff.role == Role.MINISTRY
        else (),
        "tab": "participation",
    }
    return render(request, "participation.html", context)


def _by_tile(places: Sequence[Told]) -> dict[str, float | None]:
    """The share of each académie, whatever the capitals and accents of its directory."""
    return {
        folded(place.name).upper(): place.group.share if place.group else None for place in places
    }


@require_safe
@rights.for_staff(*FOLLOWERS)
def by_day_csv(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Each day of each académie and sector that one follows, for a spreadsheet."""
    rows = AcademyDay.objects.order_by("day", "academy", "-is_public")
    academy = _asked(request, staff)
    if academy:
        rows = rows.filter(academy=academy)
    return downloads.table(_lines(list(rows)), "participation")


def _lines(rows: Sequence[AcademyDay]) -> Iterator[tuple[object, ...]]:
    minimum = zone.current().campaign.rules.smallest_cell
    counts = ("Attendus", "Commencé", "Terminé", "Part terminée (%)")
    yield ("Jour", "Académie", "Secteur", "Établissements", *counts)
    at = 0
    while at < len(rows):
        same = [row for row in rows[at : at + 2] if row.academy == rows[at].academy]
        same = [row for row in same if row.day == rows[at].day]
        at += len(same)
        concealed = hidden([row.awaited for row in same], minimum=minimum)
        for place, row in enumerate(same):
            shown = (row.day, row.academy, _sector(is_public=row.is_public), row.schools)
            if place in concealed:
                yield (*shown, gettext("trop peu"), "", "", "")
                continue
            part = f"{100 * row.finished / row.awaited:.1f}".replace(".", ",")
            yield (*shown, row.awaited, row.started, row.finished, part)


def _asked(request: HttpRequest, staff: Staff) -> str:
    if staff.role == Role.MINISTRY:
        return request.GET.get("academie", "")[:40]
    if not staff.academy:
        raise NoAcademy  # an empty name would be the whole country
    return staff.academy


def _shares(day: Day) -> tuple[date, float, float]:
    return day.day, day.finished / day.awaited, day.started / day.awaited


def _share(n_pupils: int, day: Day) -> str:
    return pictures.percent(n_pupils / day.awaited)


def _sector(*, is_public: bool) -> str:
    return gettext("public") if is_public else gettext("privé")
