# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every plan of a school must be, whatever its rooms, classes, hours and locked slots."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_names.rooms.planning.conflicts import conflicts
from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.openings import is_free, openings
from encrier_names.rooms.planning.problem import (
    HALVES,
    Group,
    Moment,
    Plan,
    Problem,
    Rules,
    Sitter,
    Slot,
    Space,
    length_min,
)
from encrier_names.rooms.planning.proposal import propose
from encrier_names.rooms.planning.remedies import explained

MONDAY = date(2026, 9, 7)
EXTRAS = st.sampled_from([0, 0, 0, 25, 33, 50, 100])
DAYS = st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n))


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    return Rules(
        morning=(8 * 60, draw(st.integers(9, 12)) * 60),
        afternoon=(13 * 60 + 30, draw(st.integers(14, 17)) * 60),
        halves=tuple(draw(st.lists(st.sampled_from(HALVES), unique=True, min_size=1))),
        days_off=tuple(draw(st.lists(DAYS, unique=True, max_size=2))),
        n_sequences=draw(st.integers(1, 3)),
        apart=draw(st.sampled_from(["day", "half-day"])),
        sitting_min=draw(st.sampled_from([20, 50])),
        change_min=draw(st.sampled_from([0, 10])),
        headsets=draw(st.booleans()),
        line_mbits=draw(st.sampled_from([0.0, 0.5, 4.0])),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    spaces = tuple(
        Space(
            id=UUID(int=n + 1),
            name=f"Info {n + 1}",
            seats=draw(st.integers(0, 20)),
            headsets=draw(st.integers(0, 20)),
            line_mbits=draw(st.sampled_from([0.0, 0.2, 8.0])),
            halves=tuple(draw(st.lists(st.sampled_from(HALVES), unique=True, min_size=3))),
            busy=tuple(draw(st.lists(DAYS, unique=True, max_size=1))),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    groups = tuple(
        Group(
            id=UUID(int=100 + n),
            label=f"6{chr(65 + n)}",
            pupils=tuple(
                Sitter(UUID(int=1000 * (n + 1) + rank), draw(EXTRAS))
                for rank in range(draw(st.integers(0, 24)))
            ),
        )
        for n in range(draw(st.integers(0, 4)))
    )
    opens = Moment(MONDAY, draw(st.integers(0, 12 * 60)))
    closes = Moment(MONDAY + timedelta(days=draw(st.integers(0, 6))), 16 * 60)
    return Problem(draw(rules()), spaces, groups, opens, closes)


def sat(slots: Iterable[Slot]) -> Counter[tuple[int, UUID]]:
    return Counter((slot.sequence, pupil) for slot in slots for pupil in slot.pupils)


def hold(problem: Problem, plan: Plan) -> None:
    """Every law but the ones of time, which `conflicts` tells."""
    spaces = {space.id: space for space in problem.spaces}
    extra = {p.id: p.extra_percent for g in problem.groups for p in g.pupils}
    open_halves = openings(problem)
    for slot in plan.slots:
        if slot.locked or slot.space is None:
            continue
        space = spaces[slot.space]
        assert 0 < len(slot.pupils) <= capacity(problem, space) <= space.seats
        assert slot.end - slot.start >= length_min(problem.rules, (extra[p] for p in slot.pupils))
        assert any(
            o.day == slot.day and o.start <= slot.start and slot.end <= o.end and is_free(space, o)
            for o in open_halves
        )
        assert (problem.opens.day, problem.opens.minute) <= (slot.day, slot.start)
        assert (slot.day, slot.end) <= (problem.closes.day, problem.closes.minute)
    everything = Counter(
        (sequence, pupil) for sequence in range(1, problem.rules.n_sequences + 1) for pupil in extra
    )
    missing = Counter((one.sequence, p) for one in plan.unplaced for p in one.pupils)
    assert sat(plan.slots) + missing == everything


@given(problems())
def test_every_seat_hour_and_pupil_of_a_plan_is_right(problem: Problem) -> None:
    plan = propose(problem)
    hold(problem, plan)
    for rank, slot in enumerate(plan.slots):
        others = plan.slots[:rank] + plan.slots[rank + 1 :]
        assert conflicts(problem, slot, others) == []


@given(problems())
def test_a_plan_is_the_same_each_time(problem: Problem) -> None:
    assert propose(problem) == propose(problem)


@given(problems(), st.data())
def test_what_is_locked_stays_and_the_rest_goes_around_it(
    problem: Problem, data: st.DataObject
) -> None:
    first = propose(problem)
    kept = tuple(
        msgspec.structs.replace(slot, locked=True)
        for slot in first.slots
        if data.draw(st.booleans())
    )
    again = msgspec.structs.replace(problem, locked=kept)
    plan = propose(again)
    assert [slot for slot in plan.slots if slot.locked] == list(kept)
    hold(again, plan)
    for rank, slot in enumerate(plan.slots):
        others = plan.slots[:rank] + plan.slots[rank + 1 :]
        assert conflicts(again, slot, others) == []


@given(problems())
def test_half_groups_of_a_class_are_numbered_once_each(problem: Problem) -> None:
    numbers = Counter(
        (slot.sequence, part.group, part.rank)
        for slot in propose(problem).slots
        for part in slot.parts
    )
    assert all(count == 1 for count in numbers.values())


@settings(max_examples=40, deadline=None)
@given(problems())
def test_whoever_has_no_place_is_explained_and_nobody_else(problem: Problem) -> None:
    plan = propose(problem)
    sentences = explained(problem, plan)
    assert bool(sentences) == bool(plan.unplaced)
    assert all(sentence.endswith(".") for sentence in sentences)
