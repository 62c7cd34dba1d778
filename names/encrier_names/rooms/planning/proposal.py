# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proposes a plan: each pupil sits each sequence once, as early and in as few groups as can be.

Class by class, a whole class where a room holds it, else half-groups of equal size, else whatever
seats are left. Three orders of the classes are tried and the best is kept: not the optimum, and
the same plan each time. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count, pairwise
from typing import Final
from uuid import UUID

import msgspec

from encrier_names.rooms.planning.draft import Draft, Place, Wanted
from encrier_names.rooms.planning.problem import (
    Group,
    Part,
    Plan,
    Problem,
    Sitter,
    Slot,
    Unplaced,
    length_min,
)

_MORE_GROUPS: Final = 3  # than needed, tried before the class is scattered
_ORDERS: Final[tuple[Callable[[Group], tuple[int, ...]], ...]] = (
    lambda _group: (),
    lambda group: (-len(group.pupils),),
    lambda group: (-max((p.extra_percent for p in group.pupils), default=0), -len(group.pupils)),
)


def propose(problem: Problem, *, thorough: bool = True) -> Plan:
    """The best plan found; thorough: try other orders of the classes where one leaves pupils."""
    best: Plan | None = None
    for order in _ORDERS if thorough else _ORDERS[:1]:
        plan = _in_order(problem, sorted(problem.groups, key=order))
        if best is None or _worth(plan) < _worth(best):
            best = plan
        if not best.unplaced:
            break
    return best or Plan(problem.locked)


def _worth(plan: Plan) -> tuple[int, int]:
    return plan.n_unplaced, len(plan.slots)


def _in_order(problem: Problem, groups: Sequence[Group]) -> Plan:
    draft = Draft(problem)
    unplaced: list[Unplaced] = []
    for sequence in range(1, problem.rules.n_sequences + 1):
        for group in groups:
            todo = [p for p in group.pupils if not draft.has_a_place(p.id, sequence)]
            left = _place(draft, group, todo, sequence=sequence)
            if left:
                ids = tuple(pupil.id for pupil in left)
                unplaced.append(Unplaced(group.id, group.label, sequence, ids))
    return Plan(_numbered(draft.slots), tuple(unplaced))


def _place(
    draft: Draft, group: Group, todo: Sequence[Sitter], *, sequence: int
) -> Sequence[Sitter]:
    """Place these pupils; give those for whom there is no place."""
    largest = max(draft.capacities.values(), default=0)
    if not todo or largest <= 0:
        return todo
    fewest = -(-len(todo) // largest)
    for n_parts in range(fewest, min(fewest + _MORE_GROUPS, len(todo)) + 1):
        if _in_parts(draft, group, _cut(todo, n_parts), sequence=sequence):
            return ()
    return _scatter(draft, group, todo, sequence=sequence)


def _cut(todo: Sequence[Sitter], n_parts: int) -> list[Sequence[Sitter]]:
    """Parts of equal size; pupils with extra time together, so that the others are not held."""
    ordered = sorted(todo, key=lambda p: p.extra_percent) if n_parts > 1 else list(todo)
    edges = [len(ordered) * rank // n_parts for rank in range(n_parts + 1)]
    return [ordered[a:b] for a, b in pairwise(edges)]


def _in_parts(
    draft: Draft, group: Group, parts: Sequence[Sequence[Sitter]], *, sequence: int
) -> bool:
    """Place every part, or none."""
    added: list[Slot] = []
    for part in parts:
        wanted = _wanted(draft, group, part, sequence=sequence)
        place = draft.fit(wanted, size=len(part))
        if place is None:
            for slot in added:
                draft.remove(slot)
            return False
        added.append(_slot(place, group, wanted))
        draft.add(added[-1])
    return True


def _scatter(
    draft: Draft, group: Group, todo: Sequence[Sitter], *, sequence: int
) -> Sequence[Sitter]:
    """Place as many as can be: seats left beside other classes first, then any room."""
    left = sorted(todo, key=lambda p: p.extra_percent)
    while left:
        n_placed = _join(draft, group, left, sequence=sequence) or _largest(
            draft, group, left, sequence=sequence
        )
        if not n_placed:
            return left
        left = left[n_placed:]
    return ()


def _join(draft: Draft, group: Group, left: Sequence[Sitter], *, sequence: int) -> int:
    wanted = _wanted(draft, group, left, sequence=sequence)
    for slot, n_seats in draft.joinable(wanted):
        taken = tuple(pupil.id for pupil in left[:n_seats])
        draft.join(slot, Part(group.id, group.label, taken))
        return len(taken)
    return 0


def _largest(draft: Draft, group: Group, left: Sequence[Sitter], *, sequence: int) -> int:
    sizes = {min(n, len(left)) for n in draft.capacities.values() if n > 0}
    for size in sorted(sizes, reverse=True):
        wanted = _wanted(draft, group, left[:size], sequence=sequence)
        place = draft.fit(wanted, size=size)
        if place is not None:
            draft.add(_slot(place, group, wanted))
            return size
    return 0


def _wanted(draft: Draft, group: Group, part: Sequence[Sitter], *, sequence: int) -> Wanted:
    length = length_min(draft.problem.rules, (p.extra_percent for p in part))
    return Wanted(group.id, tuple(p.id for p in part), sequence, length)


def _slot(place: Place, group: Group, wanted: Wanted) -> Slot:
    return Slot(
        space=place.space,
        day=place.day,
        start=place.start,
        end=place.start + wanted.length,
        sequence=wanted.sequence,
        parts=(Part(group.id, group.label, wanted.pupils),),
    )


def _numbered(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The slots in the order of time, the half-groups of a class numbered in that order."""
    ordered = sorted(slots, key=lambda s: (s.day, s.start, str(s.space)))
    counted: dict[tuple[UUID, int], list[Part]] = {}
    for slot in ordered:
        for part in slot.parts:
            counted.setdefault((part.group, slot.sequence), []).append(part)
    kept = {
        (part.group, slot.sequence, part.rank)
        for slot in ordered
        if slot.locked
        for part in slot.parts
    }
    return tuple(
        slot
        if slot.locked
        else msgspec.structs.replace(
            slot, parts=tuple(_with_rank(part, slot.sequence, counted, kept) for part in slot.parts)
        )
        for slot in ordered
    )


def _with_rank(
    part: Part,
    sequence: int,
    counted: Mapping[tuple[UUID, int], Sequence[Part]],
    kept: set[tuple[UUID, int, int]],
) -> Part:
    of = len(counted[part.group, sequence])
    rank = next(n for n in count(1) if (part.group, sequence, n) not in kept)
    kept.add((part.group, sequence, rank))
    return msgspec.structs.replace(part, rank=rank, of=max(of, rank))
