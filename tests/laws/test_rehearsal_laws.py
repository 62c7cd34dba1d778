# SPDX-License-Identifier: AGPL-3.0-or-later
"""The laws of a rehearsal: the shape of any day, and counts that flatter nobody."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from encrier_answers.rehearsal import shape
from encrier_answers.rehearsal.shape import Day, DayRefused, Kind, Starts
from encrier_answers.rehearsal.tally import A_FOLD, SHORTEST_S, Waits

QUIET = settings(deadline=None)  # a long day takes a while on a busy machine

days = st.builds(
    Day,
    pupils=st.integers(1, shape.MAX_PUPILS),
    seconds=st.floats(6, shape.MAX_S),
    starts=st.sampled_from(["spread", "hour", "storm"]),
    save_every_s=st.floats(1, 30),
    seed=st.integers(0, 2**63),
    reloads=st.floats(0, 0.2),
    moves=st.floats(0, 0.2),
    cuts=st.floats(0, 0.2),
).filter(lambda day: day.save_every_s <= day.seconds / 3)
ranks = st.integers(0, shape.MAX_PUPILS)


@QUIET
@given(days, ranks)
def test_a_pupil_comes_goes_on_and_finishes_within_the_day(day: Day, rank: int) -> None:
    events = list(shape.events(day, rank))
    assert events[0].kind is Kind.ARRIVE
    assert [e.kind for e in events].count(Kind.FINAL) == 1
    assert events[-1].kind is Kind.FINAL
    assert 0 <= events[0].at_s <= day.run_up_s
    assert all(a.at_s <= b.at_s for a, b in pairwise(events))
    assert events[-1].at_s <= day.seconds


@QUIET
@given(days, ranks)
def test_each_save_has_a_number_that_no_other_of_the_pupil_has(day: Day, rank: int) -> None:
    saves = shape.saves(day, rank)
    assert [save.nth for save in saves] == list(range(len(saves)))
    places = [(save.epoch, save.seq) for save in saves]
    assert places == sorted(set(places))
    assert places[-1][0] <= shape.LAST_EPOCH
    by_epoch: dict[int, list[int]] = {}
    for epoch, seq in places:
        by_epoch.setdefault(epoch, []).append(seq)
    assert all(seqs == list(range(len(seqs))) for seqs in by_epoch.values())


@QUIET
@given(days, ranks)
def test_a_network_that_is_cut_comes_back_and_carries_nothing_meanwhile(
    day: Day, rank: int
) -> None:
    kinds = [event.kind for event in shape.events(day, rank)]
    after_a_cut = [after for before, after in pairwise(kinds) if before is Kind.CUT]
    assert set(after_a_cut) <= {Kind.BACK}
    assert kinds.count(Kind.CUT) == kinds.count(Kind.BACK)


@QUIET
@given(days, ranks)
def test_saves_of_a_quiet_pupil_are_a_fifth_apart_from_regular(day: Day, rank: int) -> None:
    events = list(shape.events(day, rank))
    least, most = day.save_every_s * 0.8, day.save_every_s * 1.2
    for before, after in pairwise(events):
        if before.kind is Kind.SAVE and after.kind in shape.SAVES:
            assert least - 1e-6 <= after.at_s - before.at_s <= most + 1e-6


@QUIET
@given(days, ranks)
def test_a_day_is_the_same_whoever_asks(day: Day, rank: int) -> None:
    assert list(shape.events(day, rank)) == list(shape.events(day, rank))
    assume(rank > 0)
    assert list(shape.events(day, rank)) != list(shape.events(day, rank - 1))


@pytest.mark.parametrize(
    ("starts", "first", "second"),
    [("spread", 0.2, 0.4), ("hour", 0.345, 0.767), ("storm", 0.59, 0.87)],
)
def test_starts_follow_their_curve(starts: Starts, first: float, second: float) -> None:
    """How many have come after a fifth and two fifths: uniform, Beta(2, 5), Beta(1, 4)."""
    day = Day(pupils=4_000, seconds=900, starts=starts)
    came = [next(shape.events(day, rank)).at_s for rank in range(day.pupils)]
    for part, expected in ((0.2, first), (0.4, second)):
        seen = sum(at_s <= part * day.run_up_s for at_s in came) / len(came)
        assert abs(seen - expected) < 0.03


@pytest.mark.parametrize(
    "day",
    [
        Day(pupils=0, seconds=60),
        Day(pupils=250_001, seconds=60),
        Day(pupils=1, seconds=3_601),
        Day(pupils=1, seconds=30),
        Day(pupils=1, seconds=60, save_every_s=0),
    ],
)
def test_a_day_out_of_bounds_is_refused(day: Day) -> None:
    with pytest.raises(DayRefused):
        day.check()


waits = st.lists(st.floats(SHORTEST_S, 600), min_size=1, max_size=200)


@given(waits, st.floats(0.01, 1))
def test_a_quantile_is_never_shorter_than_the_wait_nor_much_longer(
    some: list[float], part: float
) -> None:
    counted = Waits()
    for wait_s in some:
        counted.add(wait_s)
    place = next(n for n in range(1, len(some) + 1) if n >= part * len(some))
    true = sorted(some)[place - 1]
    assert true * (1 - 1e-9) <= counted.at(part) <= true * (1 + 1.1 / A_FOLD)
    assert counted.at(1.0) == max(some)


@given(waits, waits)
def test_counts_of_two_processes_are_those_of_one(some: list[float], others: list[float]) -> None:
    apart, whole = (Waits(), Waits()), Waits()
    for n, many in enumerate((some, others)):
        for wait_s in many:
            apart[n].add(wait_s)
            whole.add(wait_s)
    both = Waits.of(apart)
    assert (both.classes, both.longest_s) == (whole.classes, whole.longest_s)
    assert both.written().read().classes == whole.classes
