# SPDX-License-Identifier: AGPL-3.0-or-later
"""The waiting room: a place that is told, kept, and taken back from who has left."""

import heapq
import random
import secrets

import pytest

from encrier.ids import SittingId
from encrier.secret import Secret
from encrier_answers.pacing.pressure import LONGEST_S, Pressure, spread
from encrier_answers.pacing.tickets import Tickets
from encrier_answers.pacing.waiting import (
    ASK_EVERY_S,
    PATIENCE_S,
    Place,
    WaitingRoom,
    WaitingRoomFull,
)


def sid(n: int) -> SittingId:
    return SittingId(n.to_bytes(16, "big"))


def place(room: WaitingRoom, n: int, *, now: float = 0.0, since: float | None = None) -> Place:
    """The place of somebody who must wait."""
    got = room.ask(sid(n), now=now, chance=0.0, since=since)
    assert got is not None
    return got


def crowd(n: int, *, starts_a_s: float = 0.1, most: int = 100) -> WaitingRoom:
    """A room where number 0 has started and 1 to n wait."""
    room = WaitingRoom(starts_a_s=starts_a_s, most=most)
    for one in range(n + 1):
        room.ask(sid(one), now=0.0, chance=0.0)
    return room


def test_a_morning_of_fifty_thousand_in_five_minutes_waits_for_nothing() -> None:
    room = WaitingRoom(starts_a_s=500.0)
    for n in range(50_000):
        assert room.ask(sid(n), now=n * 300 / 50_000, chance=0.5) is None


def test_who_finds_no_room_is_told_her_place_and_an_honest_wait() -> None:
    room = crowd(20)
    told = place(room, 7)
    assert (told.rank, told.wait_s) == (7, 70)
    assert told.ask_in_s == ASK_EVERY_S
    assert place(room, 1).ask_in_s == 10, "who is near asks again when it is her turn"


def test_those_told_together_do_not_ask_again_together() -> None:
    room = crowd(20)
    told = {place(room, 15).ask_in_s}
    for chance in (0.25, 0.5, 0.75, 0.99):
        got = room.ask(sid(15), now=0.0, chance=chance)
        assert got is not None
        told.add(got.ask_in_s)
    assert min(told) == ASK_EVERY_S
    assert len(told) == 5


def test_who_does_not_come_back_loses_her_place_and_others_move_up() -> None:
    room = crowd(2)
    first, second = place(room, 1), place(room, 2)
    assert first.until == first.ask_in_s + PATIENCE_S
    assert second.rank == 2
    assert room.ask(sid(1), now=first.until - 1.0, chance=0.0) is None, "a start was kept for her"
    room = crowd(30)
    for now, rank in ((15.0, 29), (35.0, 27), (55.0, 25), (75.0, 23)):
        assert place(room, 30, now=now).rank == rank
    assert room.ask(sid(30), now=91.0, chance=0.0) is None, "nobody else came back in a minute"


def test_asking_often_neither_betters_a_place_nor_loses_it() -> None:
    room = crowd(5)
    for _ in range(100):
        assert place(room, 5).rank == 5
    assert place(room, 3).rank == 3


def test_a_full_room_says_so_and_takes_nobody_more() -> None:
    room = crowd(3, most=3)
    with pytest.raises(WaitingRoomFull) as refused:
        room.ask(sid(99), now=0.0, chance=0.5)
    assert 20 <= refused.value.wait_s <= 40
    assert place(room, 3).rank == 3


def test_a_ticket_takes_its_place_in_a_room_that_does_not_know_it() -> None:
    """Another worker, or the same after a restart."""
    room = WaitingRoom(starts_a_s=0.1)
    room.ask(sid(0), now=100.0, chance=0.0)
    for n in (1, 2, 3):
        place(room, n, now=100.0 + n)
    assert place(room, 50, now=104.0, since=101.5).rank == 2
    assert place(room, 51, now=104.0, since=900.0).rank == 5, "no moment that is still to come"


def test_a_ticket_is_good_for_its_sitting_its_node_and_its_time_only() -> None:
    tickets = Tickets(Secret(bytes(32)))
    kept = Place(rank=3, wait_s=30, ask_in_s=15, since=10.0, until=85.0)
    ticket = tickets.draw(sid(1), kept)
    assert tickets.since(sid(1), ticket, now=20.0) == 10.0
    assert tickets.draw(sid(1), kept) != ticket, "nobody can compare two"
    assert tickets.since(sid(2), ticket, now=20.0) is None
    assert tickets.since(sid(1), ticket, now=85.1) is None
    assert tickets.since(sid(1), ticket, now=9.0) is None, "of another clock"
    assert Tickets(Secret(bytes([1] * 32))).since(sid(1), ticket, now=20.0) is None
    for wrong in (b"", ticket[:-1], ticket + b"x", secrets.token_bytes(len(ticket))):
        assert tickets.since(sid(1), wrong, now=20.0) is None


def test_when_to_send_again_is_how_long_the_queue_takes() -> None:
    pressure = Pressure()
    pressure.began(0.0)
    pressure.kept(2_000, 1.0)
    assert pressure.wait_s(20_000, now=1.0, chance=0.0) == 10
    assert pressure.wait_s(0, now=1.0, chance=0.0) == 1
    for now in (1.0, 2.0, 3.0):  # it gets slower: 500 a second
        pressure.began(now)
        pressure.kept(500, now + 1.0)
    assert pressure.wait_s(20_000, now=4.0, chance=0.0) > 25


def test_a_commit_that_hangs_and_a_store_that_refuses_are_waited_for_as_long_again() -> None:
    pressure = Pressure()
    pressure.began(100.0)
    assert pressure.wait_s(0, now=112.0, chance=0.0) == 12
    pressure.refused(112.0)
    pressure.began(120.0)
    pressure.refused(120.0)
    assert pressure.wait_s(0, now=130.0, chance=0.0) == 30, "since the first refusal"
    pressure.began(130.0)
    pressure.kept(10, 130.1)
    assert pressure.wait_s(0, now=200.0, chance=0.0) == 1


def test_those_refused_together_are_told_moments_apart_within_a_minute() -> None:
    chances = [n / 1_000 for n in range(1_000)]
    for wait_s in (1.0, 5.0, LONGEST_S):
        told = [spread(wait_s, chance) for chance in chances]
        assert min(told) >= wait_s
        assert max(told) <= 60
        assert max(told.count(second) for second in set(told)) <= 220, "no second has all"


@pytest.mark.parametrize("leave", [0.0, 0.02])
def test_a_storm_is_let_in_at_the_pace_and_each_asks_a_few_times(leave: float) -> None:
    """5,000 type their code within 30 s where 50 a second may start; some go away meanwhile."""
    room, draw, pace, n = WaitingRoom(starts_a_s=50.0), random.Random(6), 50.0, 5_000  # noqa: S311
    due = [(draw.random() * 30.0, one) for one in range(n)]
    heapq.heapify(due)
    came_in, n_asked = [], 0
    while due:
        now, one = heapq.heappop(due)
        n_asked += 1
        got = room.ask(sid(one), now=now, chance=draw.random())
        if got is None:
            came_in.append(now)
        elif draw.random() >= leave:
            heapq.heappush(due, (now + got.ask_in_s + draw.random(), one))
    assert max(came_in) <= 1.1 * (len(came_in) / pace) + 5.0
    assert n_asked <= 5 * n
    assert leave > 0.0 or len(came_in) == n
