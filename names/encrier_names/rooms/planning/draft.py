# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan being made: which room, class and pupil is taken when, and where the next slot fits.

Nothing here chooses; `proposal` does. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from encrier.records import Record
from encrier_names.rooms.planning.bandwidth import START_BUDGET_S, starts_at_once
from encrier_names.rooms.planning.openings import Opening, half_of, is_free, openings
from encrier_names.rooms.planning.problem import STEP_MIN, Minute, Part, Problem, Slot, Space

_ANY: Final = 10**9
_TOGETHER_MIN: Final = START_BUDGET_S // 60  # slots that start so close share the line
Position = tuple[date, str]


class Wanted(Record, frozen=True):
    """Pupils of one class who are to sit together, and for how long."""

    group: UUID
    pupils: tuple[UUID, ...]
    sequence: int
    length: int  # minutes


class Place(Record, frozen=True):
    """Where a slot fits."""

    space: UUID
    day: date
    start: Minute


class Draft:
    """The slots chosen so far, found by room, class and pupil."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots: list[Slot] = []
        self.openings = openings(problem)
        self.capacities = {space.id: capacity(problem, space) for space in problem.spaces}
        self._line = starts_at_once(problem.rules.line_mbits, problem.rules.start_kb) or _ANY
        self._of_space: dict[tuple[UUID | None, date], list[Slot]] = defaultdict(list)
        self._of_group: dict[tuple[UUID, date], list[Slot]] = defaultdict(list)
        self._of_pupil: dict[UUID, list[Slot]] = defaultdict(list)
        self._of_day: dict[date, list[Slot]] = defaultdict(list)
        for slot in problem.locked:
            self.add(slot)

    def add(self, slot: Slot) -> None:
        """Take a slot in."""
        self.slots.append(slot)
        for where in self._places(slot):
            where.append(slot)

    def remove(self, slot: Slot) -> None:
        """Take a slot out."""
        self.slots.remove(slot)
        for where in self._places(slot):
            where.remove(slot)

    def has_a_place(self, pupil: UUID, sequence: int) -> bool:
        """Whether a pupil sits a sequence already."""
        return any(slot.sequence == sequence for slot in self._of_pupil[pupil])

    def fit(self, wanted: Wanted, *, size: int) -> Place | None:
        """The earliest place with that many seats; of equals, the room that wastes least."""
        spaces = [s for s in self.problem.spaces if self.capacities[s.id] >= size]
        for opening in self._allowed(wanted):
            found = [
                (start, self.capacities[space.id], rank)
                for rank, space in enumerate(spaces)
                if is_free(space, opening)
                and (start := self._earliest(space, opening, wanted, size=size)) is not None
            ]
            if found:
                start, _capacity, rank = min(found)
                return Place(spaces[rank].id, opening.day, start)
        return None

    def joinable(self, wanted: Wanted) -> Iterator[tuple[Slot, int]]:
        """The proposed slots of the same sequence, long enough, with seats left, and how many."""
        allowed = {(opening.day, opening.half) for opening in self._allowed(wanted)}
        for slot in sorted(self.slots, key=lambda slot: (slot.day, slot.start)):
            if slot.locked or slot.space is None or slot.sequence != wanted.sequence:
                continue
            if slot.end - slot.start < wanted.length or self._position(slot) not in allowed:
                continue
            if any(part.group == wanted.group for part in slot.parts):
                continue
            left = self.capacities[slot.space] - len(slot.pupils)
            left = min(left, self._line - self._starting(slot.day, slot.start))
            busy = self._of_group[wanted.group, slot.day]
            if left > 0 and not any(slot.overlaps(other) for other in busy):
                yield slot, left

    def join(self, slot: Slot, part: Part) -> None:
        """Put another class in a slot that has seats left."""
        self.remove(slot)
        self.add(msgspec.structs.replace(slot, parts=(*slot.parts, part)))

    def _places(self, slot: Slot) -> Iterator[list[Slot]]:
        yield self._of_day[slot.day]
        yield self._of_space[slot.space, slot.day]
        for group in {part.group for part in slot.parts}:
            yield self._of_group[group, slot.day]
        for pupil in slot.pupils:
            yield self._of_pupil[pupil]

    def _allowed(self, wanted: Wanted) -> Iterator[Opening]:
        """The half-days after these pupils' earlier sequences and before their later ones."""
        known = [slot for pupil in wanted.pupils for slot in self._of_pupil[pupil]]
        before = self._bounds(slot for slot in known if slot.sequence < wanted.sequence)
        after = self._bounds(slot for slot in known if slot.sequence > wanted.sequence)
        for opening in self.openings:
            here = self._cut((opening.day, opening.half))
            if (not before or here > max(before)) and (not after or here < min(after)):
                yield opening

    def _bounds(self, slots: Iterable[Slot]) -> set[tuple[date, bool]]:
        return {self._cut(self._position(slot)) for slot in slots}

    def _position(self, slot: Slot) -> Position:
        return slot.day, half_of(self.problem.rules, slot.day, slot.start)

    def _cut(self, position: Position) -> tuple[date, bool]:
        """What two sequences of a pupil may not share: the day, or the half-day."""
        day, half = position
        return day, self.problem.rules.apart == "half-day" and half.endswith("a")

    def _earliest(
        self, space: Space, opening: Opening, wanted: Wanted, *, size: int
    ) -> Minute | None:
        change = self.problem.rules.change_min
        taken = [
            (slot.start - change, slot.end + change)
            for slot in self._of_space[space.id, opening.day]
        ]
        taken += [(slot.start, slot.end) for slot in self._of_group[wanted.group, opening.day]]
        start = opening.start
        while start + wanted.length <= opening.end:
            after = _free_from(start, start + wanted.length, taken)
            if after != start:
                start = after
            elif self._is_crowded(opening.day, start, start + wanted.length, size=size):
                start += STEP_MIN
            else:
                return start
        return None

    def _is_crowded(self, day: date, start: Minute, end: Minute, *, size: int) -> bool:
        """Whether too many rooms would be watched at once, or too many computers begin."""
        at_once = self.problem.rules.at_once
        if at_once:
            beside = sum(s.start < end and start < s.end for s in self._of_day[day])
            if beside >= at_once:
                return True
        return self._starting(day, start) + size > self._line

    def _starting(self, day: date, start: Minute) -> int:
        """How many pupils begin so close to a minute that they share the school's line."""
        if self._line == _ANY:
            return 0
        near = (s for s in self._of_day[day] if abs(s.start - start) < _TOGETHER_MIN)
        return sum(len(slot.pupils) for slot in near)


def capacity(problem: Problem, space: Space) -> int:
    """How many pupils may sit in a room at once: seats, headsets and line counted."""
    rules = problem.rules
    line = starts_at_once(space.line_mbits, rules.start_kb)
    limits = [space.seats, *([space.headsets] if rules.counts_headsets else [])]
    return min([*limits, *([] if line is None else [line])])


def _free_from(start: Minute, end: Minute, taken: Sequence[tuple[Minute, Minute]]) -> Minute:
    """The start itself where it is free, else the first whole step after what is in the way."""
    ends = [until for since, until in taken if since < end and start < until]
    return -(-max(ends) // STEP_MIN) * STEP_MIN if ends else start
