# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of the waiting room, on random storms: who comes, who asks too often, who leaves."""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from encrier.ids import SittingId
from encrier_answers.pacing.waiting import (
    ASK_EVERY_S,
    BURST_S,
    PATIENCE_S,
    Place,
    WaitingRoom,
    WaitingRoomFull,
)

PACES: Final = st.floats(0.05, 50.0)
LATEST_S: Final = 1.25 * ASK_EVERY_S + 1.0 + PATIENCE_S + 1.0  # and the sweep
CHANCE: Final = st.floats(0.0, 1.0, exclude_max=True)
# Each step: who asks, after how long (a clock may go back), and what chance says.
STEPS: Final = st.lists(st.tuples(st.integers(0, 30), st.floats(-5.0, 20.0), CHANCE), max_size=150)


def sid(n: int) -> SittingId:
    return SittingId(n.to_bytes(16, "big"))


def asked(
    room: WaitingRoom, n: int, now: float, chance: float = 0.0, since: float | None = None
) -> Place | str:
    """Her place, "in" or "full"."""
    try:
        return room.ask(sid(n), now=now, chance=chance, since=since) or "in"
    except WaitingRoomFull:
        return "full"


@given(pace=PACES, steps=STEPS)
def test_no_more_start_than_the_pace_and_a_burst_allow(
    pace: float, steps: list[tuple[int, float, float]]
) -> None:
    """From the beginning exactly; in any stretch, with those who come late to a start of theirs."""
    room, now, passed = WaitingRoom(starts_a_s=pace), 0.0, 0.0
    came_in: list[float] = []  # on a clock that stands still where the given one goes back
    for who, step_s, chance in steps:
        now, passed = now + step_s, passed + max(0.0, step_s)
        if asked(room, who, now, chance) == "in":
            came_in.append(passed)
    burst = max(1.0, pace * BURST_S)
    for n, last in enumerate(came_in, start=1):
        assert n <= pace * last + burst + 1e-6
    for i, first in enumerate(came_in):
        for n, last in enumerate(came_in[i:], start=1):
            assert n <= pace * (last - first + LATEST_S) + burst + 1e-6


@given(pace=PACES, n=st.integers(2, 40), steps=STEPS)
def test_whoever_came_first_starts_first_however_often_others_ask(
    pace: float, n: int, steps: list[tuple[int, float, float]]
) -> None:
    room, now = WaitingRoom(starts_a_s=pace), 0.0
    waiting = [who for who in range(n) if isinstance(asked(room, who, now), Place)]
    ranks = dict.fromkeys(waiting, n)
    for who, step_s, chance in steps:
        now += min(step_s, 1.0)  # nobody is so long away that her place is lost
        if who not in waiting:
            continue
        got = asked(room, who, now, chance)
        if got == "in":
            ahead = waiting[: waiting.index(who)]
            waiting = waiting[len(ahead) + 1 :]
            assert all(asked(room, one, now) == "in" for one in ahead), "each had a start before"
        else:
            assert isinstance(got, Place)
            assert got.rank <= ranks[who], "a place never grows"
            assert got.rank <= waiting.index(who) + 1
            ranks[who] = got.rank


@given(pace=PACES, n=st.integers(1, 60), gone=st.sets(st.integers(0, 59)), data=st.data())
def test_everybody_who_asks_when_she_was_told_to_comes_in(
    pace: float, n: int, gone: set[int], data: st.DataObject
) -> None:
    """Some leave for good; the others come in, no later than if all had stayed."""
    room = WaitingRoom(starts_a_s=pace)
    due = dict.fromkeys(range(n), 0.0)
    longest_s = n / pace + 1.25 * ASK_EVERY_S + 1.0
    left: set[int] = set()
    while due:
        who = min(due, key=lambda one: (due[one], one))
        now = due.pop(who)
        assert now <= longest_s
        if who in left:
            continue
        got = asked(room, who, now, data.draw(CHANCE))
        if isinstance(got, Place):
            assert got.ask_in_s >= 1
            if who in gone:
                left.add(who)
            else:
                due[who] = now + got.ask_in_s


@given(most=st.integers(1, 10), steps=STEPS)
def test_no_more_wait_than_are_remembered(most: int, steps: list[tuple[int, float, float]]) -> None:
    room, now = WaitingRoom(starts_a_s=0.05, most=most), 0.0
    for who, step_s, chance in steps:
        now += step_s
        got = asked(room, who, now, chance)
        assert room.n_waiting(now=now) <= most
        assert got != "full" or len(room._known) == most
        assert len(room._known) <= most


@given(pace=PACES, n=st.integers(1, 20), back_s=st.floats(0.0, 1e6))
def test_a_clock_that_goes_back_harms_nobody(pace: float, n: int, back_s: float) -> None:
    """Places stay, and time goes on from where it was."""
    steady, upset = (WaitingRoom(starts_a_s=pace) for _ in range(2))
    for who in range(n):
        assert asked(steady, who, 1e6) == asked(upset, who, 1e6)
    assert asked(upset, 0, 1e6 - back_s) == asked(steady, 0, 1e6)
    for later_s in (1.0, 2.0, 10.0):
        for who in range(n):
            one, other = (
                asked(room, who, start + later_s)
                for room, start in ((steady, 1e6), (upset, 1e6 - back_s))
            )
            assert (one == "in") == (other == "in")
            if isinstance(one, Place) and isinstance(other, Place):
                assert one.rank == other.rank
