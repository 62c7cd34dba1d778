# SPDX-License-Identifier: AGPL-3.0-or-later
"""The schools that somebody follows: filtered, sorted, paged, each with its light. No pupil.

Reads the directory and the counters beside it, in a few statements whatever the number of
schools; the rules themselves are in `steps`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import NullIf

from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names.followup import tallies, windows
from encrier_names.followup.models import Tally
from encrier_names.followup.steps import COLOURS, STEPS, Colour, Light, Window, light_of
from encrier_names.keying import levels
from encrier_names.schools.models import School

A_PAGE: Final = 50
_MAX: Final = 80  # letters of what is typed
_FIELDS: Final = (
    "id",
    "uai",
    "name",
    "town",
    "department",
    "academy",
    "is_public",
    "tally__step",
    "tally__ends_at",
    "tally__pupils",
    "tally__awaited",
    "tally__started",
    "tally__finished",
    "sampled",
)
_SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("colour", "after_sample", "name", "uai"),  # what is late first
    "nom": ("name", "uai"),
    "commune": ("town", "name", "uai"),
    "part": ("part", "name", "uai"),
}


class Asked(Record, frozen=True):
    """What of the board is asked for, as it stands in the address."""

    word: str = ""
    academy: str = ""
    department: str = ""
    sector: str = ""  # public, prive
    sample: bool = False
    colour: Colour | Literal[""] = ""
    step: str = ""
    sort: str = ""


class Row(Record, frozen=True):
    """One school of the board."""

    id: UUID
    uai: str
    name: str
    town: str
    department: str
    academy: str
    is_public: bool
    step: str
    pupils: int
    awaited: int
    started: int
    finished: int
    is_sampled: bool
    light: Light


class Board(Record, frozen=True):
    """A page of the board."""

    rows: tuple[Row, ...]
    colours: Mapping[str, int]  # of all that is asked for, whatever the colour
    n_found: int
    page: int
    n_pages: int


def asked_of(sent: Mapping[str, str]) -> Asked:
    """Read an address; what is none of the choices is left out."""

    def one_of(name: str, *known: str) -> str:
        return sent.get(name, "") if sent.get(name) in known else ""

    return Asked(
        word=sent.get("q", "").strip()[:_MAX],
        academy=sent.get("academie", "").strip()[:_MAX],
        department=sent.get("departement", "").strip()[:_MAX],
        sector=one_of("secteur", "public", "prive"),
        sample=sent.get("echantillon") == "oui",
        colour=next((one for one in COLOURS if one == sent.get("couleur")), ""),
        step=one_of("etape", *STEPS),
        sort=one_of("tri", *_SORTS),
    )


def found(schools: QuerySet[School], asked: Asked) -> QuerySet[School]:
    """The schools that are asked for, whatever their colour, of those the campaign is about."""
    tallies.follow_directory()
    all_of = schools.filter(tally__in_scope=True)
    if asked.academy:
        all_of = all_of.filter(tally__academy=asked.academy)
    if asked.department:
        all_of = all_of.filter(department=asked.department)
    if asked.sector:
        all_of = all_of.filter(is_public=asked.sector == "public")
    if asked.sample:
        all_of = all_of.exclude(sampled=None)
    if asked.step:
        all_of = all_of.filter(tally__step=asked.step)
    if asked.word:
        word = asked.word
        named = Q(name__icontains=word) | Q(town__icontains=word) | Q(uai__istartswith=word)
        all_of = all_of.filter(named)
    return all_of


def board(
    schools: QuerySet[School], asked: Asked, manifest: Manifest, *, now: datetime, page: int = 1
) -> Board:
    """One page of what is asked for, and how many schools have each colour."""
    all_of = found(schools, asked)
    colours: Counter[str] = Counter()
    alike = all_of.values_list("tally__step", "tally__ends_at").annotate(Count("id"))
    for step, ends_at, n in alike:
        colours[light_of(step, window(manifest, ends_at, now)).colour] += n
    n_found = colours[asked.colour] if asked.colour else colours.total()
    n_pages = max(1, -(-n_found // A_PAGE))
    page = min(max(1, page), n_pages)
    at = (page - 1) * A_PAGE
    listed = selected(all_of, asked, manifest, now)[at : at + A_PAGE]
    of_page = tuple(rows(listed, manifest, now=now))
    return Board(of_page, dict(colours), n_found, page, n_pages)


def selected(
    all_of: QuerySet[School], asked: Asked, manifest: Manifest, now: datetime
) -> QuerySet[School]:
    """What is `found`, of the colour and in the order that are asked for."""
    listed = all_of.annotate(
        colour=_colour(manifest, now),
        after_sample=Case(When(sampled=None, then=1), default=0, output_field=IntegerField()),
        part=F("tally__finished") * 1000 / NullIf(F("tally__awaited"), 0),
    )
    if asked.colour:
        listed = listed.filter(colour=[*COLOURS].index(asked.colour))
    return listed.order_by(*_SORTS[asked.sort])


def rows(listed: QuerySet[School], manifest: Manifest, *, now: datetime) -> Iterator[Row]:
    """The rows of what is `selected`, each with its light."""
    found: Any = listed.values_list(*_FIELDS)  # Any: rows of columns
    for values in found:
        *known, step, ends_at, pupils, awaited, started, finished, sampled = values
        light = light_of(step, window(manifest, ends_at, now))
        counts = (n or 0 for n in (pupils, awaited, started, finished))
        yield Row(*(*known, step, *counts, sampled is not None, light))


def window(manifest: Manifest, ends_at: datetime | None, now: datetime) -> Window:
    """The window of a school: its own end where it has one."""
    end = windows.later(manifest, ends_at)
    return Window(manifest.opens_at, end, now, is_keyed=levels.all_keyed())


def _colour(manifest: Manifest, now: datetime) -> Case:
    """The rank of the colour in SQL: for each end there is, the steps that have each colour."""
    ends = Tally.objects.order_by().values_list("ends_at", flat=True).distinct()
    whens = []
    for ends_at in {None, *ends.exclude(ends_at=None)}:
        here = window(manifest, ends_at, now)
        for rank, colour in enumerate(COLOURS):
            steps = [step for step in STEPS if light_of(step, here).colour == colour]
            own_end = Q(tally__ends_at=ends_at)
            if steps:
                whens.append(When(own_end & Q(tally__step__in=steps), then=Value(rank)))
    return Case(*whens, default=Value(len(COLOURS)), output_field=IntegerField())
