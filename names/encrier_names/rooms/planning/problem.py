# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a plan is made from and what it gives. Days and minutes are those of the school's clock.

Pupils are ids; a slot of a pupil with extra time is longer and does not say for whom.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal
from uuid import UUID

from encrier.records import Record

HALVES: Final = ("1m", "1a", "2m", "2a", "3m", "3a", "4m", "4a", "5m", "5a", "6m")
USUAL_HALVES: Final = tuple(h for h in HALVES if h not in {"3a", "6m"})  # no Wednesday afternoon
START_KB: Final = 400  # page 95, fonts 110, booklet 190 with nothing kept: docs/performance.md
STEP_MIN: Final = 5

Minute = int  # since midnight


class Rules(Record, frozen=True):
    """How a school plans: its hours, and what the assessment asks."""

    morning: tuple[Minute, Minute] = (8 * 60, 12 * 60)
    afternoon: tuple[Minute, Minute] = (13 * 60 + 30, 17 * 60)
    halves: tuple[str, ...] = USUAL_HALVES  # "1m": Monday morning
    days_off: tuple[date, ...] = ()
    n_sequences: int = 1
    apart: Literal["day", "half-day"] = "day"  # between two sequences of a pupil
    preparation_min: int = 10
    sitting_min: int = 50
    change_min: int = 10  # between two sessions of a room
    headsets: bool = True  # each pupil needs one
    own_headsets: bool = False  # pupils bring theirs
    at_once: int = 0  # rooms that may be watched at the same time; 0: as many as there are
    line_mbits: float = 0.0  # of the whole school; 0: not known, not counted
    start_kb: int = START_KB  # what a computer fetches to begin

    @property
    def counts_headsets(self) -> bool:
        """Whether those of the room limit how many may sit."""
        return self.headsets and not self.own_headsets


class Space(Record, frozen=True):
    """A room, as the planner sees it."""

    id: UUID
    name: str
    seats: int
    headsets: int
    line_mbits: float = 0.0  # 0: not known, not counted
    halves: tuple[str, ...] = HALVES  # when it is free, week after week
    busy: tuple[date, ...] = ()  # days on which it is not


class Sitter(Record, frozen=True):
    """A pupil who is to sit."""

    id: UUID
    extra_percent: int = 0


class Group(Record, frozen=True):
    """A class, its pupils in the order in which half-groups are cut."""

    id: UUID
    label: str
    pupils: tuple[Sitter, ...]


class Moment(Record, frozen=True, order=True):
    """A minute of a day."""

    day: date
    minute: Minute


class Part(Record, frozen=True):
    """A class, or some of its pupils, in a slot; `rank` of `of` half-groups, from 1."""

    group: UUID
    label: str
    pupils: tuple[UUID, ...]
    rank: int = 1
    of: int = 1


class Slot(Record, frozen=True):
    """A room, a time, who sits there. locked: chosen or past; nothing moves it."""

    space: UUID | None  # None: elsewhere than in a room of the list
    day: date
    start: Minute
    end: Minute
    sequence: int
    parts: tuple[Part, ...]
    locked: bool = False

    @property
    def pupils(self) -> tuple[UUID, ...]:
        """All who sit there."""
        return tuple(pupil for part in self.parts for pupil in part.pupils)

    def overlaps(self, other: "Slot") -> bool:
        """Whether the two share a minute."""
        return self.day == other.day and self.start < other.end and other.start < self.end


class Problem(Record, frozen=True):
    """All that a plan is decided from."""

    rules: Rules
    spaces: tuple[Space, ...]
    groups: tuple[Group, ...]
    opens: Moment  # of the campaign, or now where that is later
    closes: Moment
    locked: tuple[Slot, ...] = ()


class Unplaced(Record, frozen=True):
    """Pupils of a class for whom no place was found in a sequence."""

    group: UUID
    label: str
    sequence: int
    pupils: tuple[UUID, ...]


class Plan(Record, frozen=True):
    """The locked slots and those proposed, in the order of time, and who has no place."""

    slots: tuple[Slot, ...]
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def n_unplaced(self) -> int:
        """Places that are missing, all sequences together."""
        return sum(len(one.pupils) for one in self.unplaced)


def length_min(rules: Rules, extra_percents: Iterable[int]) -> int:
    """How long a slot is, preparation and the longest extra time included; whole five minutes."""
    longest = max(extra_percents, default=0)
    needed = rules.preparation_min + rules.sitting_min * (100 + longest) / 100
    return -int(-needed // STEP_MIN) * STEP_MIN
