# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts pupils by how far they are, school by school. What it gives tells no pupil.

The only place where a count goes through the link: `counts` over whole schools, which unseals
every link of theirs, `moved` over the sittings that changed alone. Never a name.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import F

from encrier.ids import SittingId
from encrier.records import Record
from encrier_names.batches import batches
from encrier_names.pseudonyms import links, whose
from encrier_names.schools.models import Division, Pupil
from encrier_names.sittings import progress
from encrier_names.sittings.progress import Move

_LOOKUP: Final = 500  # pupils a query


class Counts(Record, frozen=True):
    """How far pupils are. `awaited`: those with a code who sit, or still may."""

    pupils: int = 0
    numbered: int = 0  # have a code
    excused: int = 0  # their row is closed with a reason
    awaited: int = 0
    started: int = 0
    finished: int = 0

    def plus(self, other: "Counts", *, times: int = 1) -> "Counts":
        """These counts and so many times the others."""
        fields = self.__struct_fields__
        return Counts(*(getattr(self, name) + times * getattr(other, name) for name in fields))

    @property
    def to_come(self) -> int:
        """How many have not begun, and still may."""
        return self.awaited - self.started - self.finished


NONE = Counts()


def counts(divisions: Collection[UUID], *, note: bool = False) -> dict[UUID, Counts]:
    """The counts of each of these classes. Reads each link of theirs once.

    note: also note whose each sitting is, so that `moved` can count it.
    """
    pupils = {
        row: (division, closure is not None)
        for row, division, closure in Pupil.objects.filter(division__in=divisions).values_list(
            "id", "division", "closure_box"
        )
    }
    sittings = {pupil: sitting.sid for pupil, sitting in links.of(pupils).items()}
    if note:
        whose.remember(sittings)
    states = progress.states_of(sittings.values())
    alike = Counter(
        (*place, pupil in sittings, states.get(sittings[pupil]) if pupil in sittings else None)
        for pupil, place in pupils.items()
    )
    found: dict[UUID, Counts] = dict.fromkeys(divisions, NONE)
    for (division, is_closed, has_code, state), n in alike.items():
        one = _one(has_code=has_code, is_closed=is_closed, state=state)
        found[division] = found[division].plus(one, times=n)
    return found


def counts_of_schools(schools: Collection[UUID]) -> dict[UUID, Counts]:
    """The counts of each of these schools; whose each sitting is is noted on the way."""
    divisions = dict(Division.objects.filter(school__in=schools).values_list("id", "school"))
    found: dict[UUID, Counts] = dict.fromkeys(schools, NONE)
    for division, counted in counts(divisions, note=True).items():
        school = divisions[division]
        found[school] = found[school].plus(counted)
    return found


def schools_of(moves: Iterable[Move]) -> dict[SittingId, tuple[UUID, UUID]]:
    """The pupil and the school of each sitting that moved; one that is nobody's is left out."""
    pupils = whose.of([move.sid for move in moves])
    schools: dict[UUID, UUID] = {}
    wanted = sorted(pupils.values())
    for part in batches(wanted, _LOOKUP):
        rows = Pupil.objects.filter(id__in=part)
        schools.update(rows.values_list("id", F("division__school")))
    return {sid: (pupil, schools[pupil]) for sid, pupil in pupils.items() if pupil in schools}


def moved(
    moves: Iterable[Move], places: Mapping[SittingId, tuple[UUID, UUID]]
) -> dict[UUID, Counts]:
    """By how much the counts of each school change with these moves (`places`: `schools_of`)."""
    wanted = sorted({pupil for pupil, _school in places.values()})
    closed: set[UUID] = set()
    for part in batches(wanted, _LOOKUP):
        rows = Pupil.objects.filter(id__in=part).exclude(closure_box=None)
        closed.update(rows.values_list("id", flat=True))
    changes: dict[UUID, Counts] = defaultdict(Counts)
    for move in moves:
        if move.sid not in places:
            continue
        pupil, school = places[move.sid]
        before, after = (
            _one(has_code=True, is_closed=pupil in closed, state=state)
            for state in (move.before, move.after)
        )
        changes[school] = changes[school].plus(after).plus(before, times=-1)
    return dict(changes)


def _one(*, has_code: bool, is_closed: bool, state: str | None) -> Counts:
    """The counts of one pupil: a closed row is awaited all the same once she has begun."""
    has_begun = state in {"started", "finished"}
    return Counts(
        pupils=1,
        numbered=int(has_code),
        excused=int(is_closed),
        awaited=int(has_code and (has_begun or not is_closed)),
        started=int(state == "started"),
        finished=int(state == "finished"),
    )
