# SPDX-License-Identifier: AGPL-3.0-or-later
"""The room board: names and progress side by side, in memory, at view time. Never an answer."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from encrier import pictograms
from encrier.records import Record
from encrier_names.keying import levels
from encrier_names.pseudonyms import links
from encrier_names.schools.lists import pupils_of, sort_key
from encrier_names.schools.models import Division, Pupil
from encrier_names.sittings import counting, grants, progress
from encrier_names.sittings.counting import Counts
from encrier_names.sittings.models import SeenProgress

State = Literal["no-code", "expected", "excused", "started", "finished"]


class Line(Record, frozen=True):
    """How far one pupil is."""

    pupil: UUID
    name: str
    order: str
    screen: str  # four letters that stand on the pupil's screen and slip
    state: State
    percent: int
    unsent: int
    seen_at: datetime | None
    extra_time: int = 0
    adapted: bool = False  # finds settings of her own when she signs in
    paused: bool = False
    closed: bool = False
    excused: str = ""  # why she is not awaited, in a word
    keyed: bool = False  # answers on paper


def lines(division: Division) -> list[Line]:
    """The pupils of a class in alphabetical order, each with her progress."""
    return lines_of(pupils_of(division))


def lines_of(pupils: Sequence[Pupil]) -> list[Line]:
    """These pupils in the order given, each with her progress."""
    sittings = links.of(p.id for p in pupils)
    known = progress.of(s.sid for s in sittings.values())
    granted = grants.of(p.id for p in pupils)
    shown = []
    for pupil in pupils:
        sitting = sittings.get(pupil.id)
        seen = known.get(sitting.sid) if sitting else None
        closure = pupil.closure
        state: State = "excused" if closure else "expected" if sitting else "no-code"
        if seen is not None and seen.state != "expected":
            state = progress.state_of(seen)
        shown.append(
            Line(
                pupil=pupil.id,
                name=pupil.identity.shown,
                order=sitting.order if sitting else "",
                screen=pictograms.letters_of(sitting.sid) if sitting else "",
                state=state,
                percent=seen.percent if seen else 0,
                unsent=seen.unsent if seen else 0,
                seen_at=progress.seen_at(seen.last_minute) if seen else None,
                extra_time=granted[pupil.id].extra_time,
                adapted=bool(granted[pupil.id].settings),
                paused=granted[pupil.id].paused,
                closed=granted[pupil.id].closes_at is not None,
                excused=closure.shown if closure else "",
                keyed=levels.is_keyed(pupil.level),
            )
        )
    return shown


def missing(divisions: Iterable[Division]) -> list[tuple[Division, Line]]:
    """Who of these classes is awaited and has not finished, class after class."""
    found = Pupil.objects.filter(division__in=divisions).select_related("division")
    pupils = {pupil.id: pupil for pupil in found}
    sittings = links.of(pupils)
    states = progress.states_of(sitting.sid for sitting in sittings.values())
    awaited = []
    for row, pupil in pupils.items():
        state = states.get(sittings[row].sid) if row in sittings else None
        if state != "finished" and (state or pupil.closure_box is None):
            awaited.append((pupil.division, sort_key(pupil.identity), pupil))
    awaited.sort(key=lambda one: (one[0].label, one[1]))
    lines = lines_of([pupil for _division, _key, pupil in awaited])
    return [(one[0], line) for one, line in zip(awaited, lines, strict=True)]


def counts(division: Division) -> Counts:
    """How many pupils of a class have a code, have started, have finished."""
    return counting.counts([division.id])[division.id]


def numbered(pupils: Iterable[UUID]) -> set[UUID]:
    """Those of these pupils who have been given a number."""
    return links.numbered(pupils)


def seen_of(pupil: UUID) -> SeenProgress | None:
    """What answers last told of the sitting of a pupil."""
    sittings = links.of([pupil])
    return next(iter(progress.of(one.sid for one in sittings.values()).values()), None)


def ready(pupils: Iterable[UUID]) -> set[UUID]:
    """Those of these pupils whose code works: its keys are there."""
    return set(links.of(pupils))
