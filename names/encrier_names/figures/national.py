# SPDX-License-Identifier: AGPL-3.0-or-later
"""The country on one page, for the ministry: totals, académies, sectors, what is late, ends."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier import clock
from encrier.records import Record
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.campaign.phases import next_of
from encrier_names.figures import pictures
from encrier_names.figures.disclosure import hidden
from encrier_names.followup import board, tallies
from encrier_names.followup.models import Extension, Tally
from encrier_names.followup.steps import ACTION, COLOURS, SHOWN, STEP_SHOWN, Light, light_of
from encrier_names.followup.views import address
from encrier_names.schools.models import Role, Staff
from encrier_names.sittings import progress

_SUMMED = ("pupils", "awaited", "started", "finished")
_LATEST = 20  # extensions shown


class Part(Record, frozen=True):
    """The schools of one académie and sector that are at one step and end the same day."""

    academy: str
    is_public: bool
    step: str
    light: Light
    schools: int
    pupils: int
    awaited: int
    started: int
    finished: int


class Line(Record, frozen=True):
    """Some of the country: how many schools of each colour, how far their pupils are."""

    name: str
    schools: int
    colours: tuple[int, ...]  # in the order of COLOURS
    declared: int
    awaited: int
    finished: int
    started: int

    @property
    def share(self) -> str:
        return pictures.percent(self.finished / self.awaited) if self.awaited else "—"


@require_safe
@rights.for_staff(Role.MINISTRY)
def national(request: HttpRequest, staff: Staff) -> HttpResponse:
    """All of it, from the counters."""
    parts = _parts()
    by_academy: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_academy[part.academy].append(part)
    total = line("", parts)
    sectors = [line(key, [p for p in parts if p.is_public == (key == "public")]) for key in
               ("public", "prive")]  # fmt: skip
    late = Counter[tuple[int, str, str]]()
    for part in parts:
        if part.light.colour != "green":
            late[COLOURS.index(part.light.colour), part.step, part.light.reason] += part.schools
    context = {
        "staff": staff,
        "total": total,
        "pupils": sum(part.pupils for part in parts),
        "colours": [(key, SHOWN[key], n) for key, n in zip(COLOURS, total.colours, strict=True)],
        "academies": _concealed([line(name, by_academy[name]) for name in sorted(by_academy)]),
        "sectors": _concealed(sectors),
        "late": [
            (Light(COLOURS[rank], reason), ACTION[step], n,
             address(board.Asked(colour=COLOURS[rank], step=step)))
            for (rank, step, reason), n in sorted(late.items())
        ],
        "steps": _steps(parts),
        "extensions": Extension.objects.select_related("school").order_by("-at")[:_LATEST],
        "next": next_of(zone.current().campaign, clock.now()),
        "pulled_at": progress.pulled_at(),
        "tab": "national",
    }  # fmt: skip
    return render(request, "national.html", context)


def line(name: str, parts: Iterable[Part]) -> Line:
    """These parts together."""
    listed = list(parts)
    colours = Counter[str]()
    for part in listed:
        colours[part.light.colour] += part.schools
    return Line(
        name=name,
        schools=sum(part.schools for part in listed),
        colours=tuple(colours[colour] for colour in COLOURS),
        declared=sum(part.schools for part in listed if part.step == "declared"),
        awaited=sum(part.awaited for part in listed),
        finished=sum(part.finished for part in listed),
        started=sum(part.started for part in listed),
    )


def _parts() -> list[Part]:
    manifest, now = zone.current().manifest, clock.now()
    tallies.follow_directory()
    counted: Any = (  # Any: rows of an aggregate
        Tally.objects.filter(in_scope=True)
        .values_list("academy", "is_public", "step", "ends_at")
        .annotate(Count("school"), *(Sum(name) for name in _SUMMED))
    )
    return [
        Part(academy, is_public, step, light_of(step, board.window(manifest, ends_at, now)),
             *(n or 0 for n in numbers))
        for academy, is_public, step, ends_at, *numbers in counted
    ]  # fmt: skip


def _steps(parts: list[Part]) -> list[tuple[object, int, str]]:
    counted = Counter[str]()
    for part in parts:
        counted[part.step] += part.schools
    return [
        (shown, counted[step], address(board.Asked(step=step)))
        for step, shown in STEP_SHOWN.items()
        if counted[step]
    ]


def _concealed(lines: list[Line]) -> list[tuple[Line, bool]]:
    minimum = zone.current().campaign.rules.smallest_cell
    places = hidden([one.awaited for one in lines], minimum=minimum)
    return [(one, place in places) for place, one in enumerate(lines)]
