# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reserve codes of a class: how many, which are left. Knows no pupil."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from encrier import codes, pictograms
from encrier.records import Record
from encrier_names.pseudonyms import links
from encrier_names.schools.models import Division
from encrier_names.validation.models import Reserve


class Left(Record, frozen=True):
    """A reserve code that can still be given; `begins`: enough of it to find its slip."""

    id: UUID
    rank: int
    begins: str
    screen: str


def hold(divisions: Iterable[Division], *, n_each: int) -> None:
    """See that each class holds so many reserve codes, those already given counted."""
    there = {(row.division_id, row.rank) for row in Reserve.objects.filter(division__in=divisions)}
    missing = [
        Reserve(division=division, rank=rank)
        for division in divisions
        for rank in range(1, n_each + 1)
        if (division.id, rank) not in there
    ]
    Reserve.objects.bulk_create(missing, batch_size=500)


def ids(divisions: Iterable[Division]) -> list[UUID]:
    """The reserves of these classes that nobody was given."""
    found = Reserve.objects.filter(division__in=divisions, is_given=False)
    return list(found.values_list("id", flat=True))


def ranks(division: Division) -> dict[UUID, int]:
    """The reserves of a class that nobody was given, and the rank that stands on paper."""
    rows = Reserve.objects.filter(division=division, is_given=False).order_by("rank")
    return {row.id: row.rank for row in rows}


def counted(divisions: Iterable[Division]) -> Counter[UUID]:
    """How many each of these classes still holds."""
    rows = Reserve.objects.filter(division__in=divisions, is_given=False)
    return Counter(rows.values_list("division", flat=True))


def level_of(division: Division) -> str:
    """The level at which a reserve code of a class is sat until it is given: its first."""
    return min(division.pupils.values_list("level", flat=True), default="")


def left(division: Division) -> list[Left]:
    """The reserve codes of a class that can be given, in the order of the paper."""
    held = ranks(division)
    sittings = links.of_reserves(held)
    return [
        Left(
            id=reserve,
            rank=rank,
            begins=codes.printed(sittings[reserve].code)[: codes.GROUP],
            screen=pictograms.letters_of(sittings[reserve].sid),
        )
        for reserve, rank in held.items()
        if reserve in sittings
    ]


def not_given() -> list[UUID]:
    """Every reserve that nobody was given."""
    return list(Reserve.objects.filter(is_given=False).values_list("id", flat=True))


def note_given(reserve: UUID) -> None:
    """Say that a reserve code is a pupil's now."""
    Reserve.objects.filter(id=reserve).update(is_given=True)
