# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many codes that nobody has may be tried, and that no school pays for it."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier.ids import SittingId
from encrier_answers import guessing
from encrier_answers.guessing import Guessing, TooManyGuesses

SCHOOL, STRANGER = b"school", b"stranger"


def sid(n: int) -> SittingId:
    return SittingId(n.to_bytes(8, "big") + bytes(8))


def tried(count: Guessing, network: bytes, now: float, *, code: int = 10**9) -> bool:
    """Try a code that nobody has; whether it was looked at."""
    try:
        count.check(network, sid(code), now=now)
    except TooManyGuesses:
        return False
    count.failed(network, sid(code), now=now)
    return True


def waits(count: Guessing, network: bytes, n: int, now: float) -> int:
    """How long a pupil is asked to wait."""
    try:
        count.check(network, sid(n), now=now)
    except TooManyGuesses as refused:
        assert 1 <= refused.wait_s <= guessing.LONGEST_WAIT_S  # noqa: PT017 it may not be raised
        return refused.wait_s
    return 0


def looked_at(count: Guessing, network: bytes, n: int, *, now: float = 0.0) -> int:
    return sum(tried(count, network, now) for _ in range(n))


def test_a_network_may_be_wrong_sixty_times_then_waits() -> None:
    count = Guessing()
    assert looked_at(count, STRANGER, 100) == guessing.A_NETWORK
    with pytest.raises(TooManyGuesses) as refused:
        count.check(STRANGER, sid(1), now=0.0)
    assert refused.value.wait_s == 10  # one leaks every ten seconds
    assert tried(count, STRANGER, 10.0)
    assert not tried(count, STRANGER, 10.0)


def test_another_network_is_not_held_up() -> None:
    count = Guessing()
    looked_at(count, STRANGER, 100)
    assert tried(count, b"another", 0.0)


def test_a_school_may_be_wrong_once_more_for_each_pupil_who_came_in() -> None:
    count = Guessing()
    for n in range(400):
        count.came_in(SCHOOL, sid(n))
    assert looked_at(count, SCHOOL, 1_000) == guessing.A_NETWORK + 400


def test_who_came_in_from_a_school_is_never_held_up_there() -> None:
    count = Guessing()
    count.came_in(SCHOOL, sid(7))
    looked_at(count, SCHOOL, 1_000)
    count.check(SCHOOL, sid(7), now=0.0)
    with pytest.raises(TooManyGuesses):
        count.check(SCHOOL, sid(8), now=0.0)


def test_failures_before_the_first_pupil_came_in_still_count() -> None:
    count = Guessing()
    looked_at(count, SCHOOL, guessing.A_NETWORK)
    count.came_in(SCHOOL, sid(7))
    assert looked_at(count, SCHOOL, 10) == 1


def test_strangers_together_are_held_to_three_a_second_and_schools_go_on() -> None:
    count = Guessing()
    count.came_in(SCHOOL, sid(7))
    guessers = [secrets.token_bytes(8) for _ in range(300)]
    looked = sum(tried(count, guessers[n % 300], n / 1_000) for n in range(60_000))
    most = guessing.STRANGERS_AT_ONCE + 60 * guessing.STRANGERS_A_S
    assert most - 300 <= looked <= most + 300, "each network has one guess of its own"
    while tried(count, guessers[0], 60.0):
        pass
    count.check(SCHOOL, sid(8), now=60.0)  # not a pupil who was there, yet of this school
    count.check(b"another school", sid(9), now=60.0)  # nobody has been wrong there


def test_who_was_wrong_while_strangers_guess_waits_until_ten_minutes_have_gone() -> None:
    count = Guessing()
    looked_at(count, b"a", guessing.A_NETWORK)
    for n in range(guessing.STRANGERS_AT_ONCE):
        tried(count, n.to_bytes(8, "big"), 0.0)
    assert waits(count, b"a", 1, 1.0) > 0
    assert not tried(count, (1).to_bytes(8, "big"), 0.0)
    assert tried(count, (1).to_bytes(8, "big"), guessing.WINDOW_S)


def test_the_computer_check_is_no_guess() -> None:
    count = Guessing()
    for _ in range(1_000):
        count.check(STRANGER, guessing.NOBODY, now=0.0)
        count.failed(STRANGER, guessing.NOBODY, now=0.0)
    assert tried(count, STRANGER, 0.0)
    assert count.alarm(now=0.0) is None


def test_networks_that_cannot_be_told_apart_share_the_large_bucket_only() -> None:
    count = Guessing()
    count.came_in(guessing.UNKNOWN, sid(1))
    assert looked_at(count, guessing.UNKNOWN, 1_000) == guessing.STRANGERS_AT_ONCE


def test_the_alarm_tells_numbers_once_a_minute_and_only_when_somebody_waits() -> None:
    count = Guessing()
    looked_at(count, STRANGER, guessing.A_NETWORK)
    assert count.alarm(now=0.0) is None
    looked_at(count, STRANGER, 5)
    assert count.alarm(now=0.0) == (60, 5)
    looked_at(count, STRANGER, 5)
    assert count.alarm(now=59.0) is None
    assert count.alarm(now=60.0) == (0, 5)


def test_memory_is_bounded_and_guessers_cannot_push_a_school_out() -> None:
    count = Guessing()
    count.came_in(SCHOOL, sid(7))
    for n in range(guessing.MAX_PUPILS + 10):
        count.came_in(SCHOOL, sid(n))
    for n in range(guessing.MAX_STRANGERS + 100):
        count.failed(n.to_bytes(8, "big"), sid(n), now=1e9 + n)
    assert len(count._strangers) == guessing.MAX_STRANGERS
    assert len(count._schools[SCHOOL].pupils) == guessing.MAX_PUPILS
    count.check(SCHOOL, sid(7), now=0.0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"a", b"b", b"c"]), st.floats(0, 30), st.booleans(), st.integers(0, 5)
        ),
        max_size=300,
    )
)
def test_no_network_ever_has_more_than_its_due(
    events: list[tuple[bytes, float, bool, int]],
) -> None:
    """Whatever the order and the hours: failures ≤ 60 + pupils + what leaked, pupils never wait."""
    count, now = Guessing(), 0.0
    failed: dict[bytes, int] = {}
    inside: dict[bytes, set[int]] = {}
    for network, wait, is_right, n in events:
        now += wait
        if is_right:
            wait_s = waits(count, network, n, now)
            assert wait_s == 0 or n not in inside.get(network, ())
            if wait_s == 0:
                count.came_in(network, sid(n))
                inside.setdefault(network, set()).add(n)
        else:
            failed[network] = failed.get(network, 0) + tried(count, network, now)
    for network, n in failed.items():
        most = guessing.A_NETWORK + len(inside.get(network, ()))
        assert n <= most * (1 + now / guessing.WINDOW_S) + 1e-6
