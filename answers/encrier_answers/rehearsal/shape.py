# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shape of a school day: when each pupil comes, saves, reloads, is cut off and finishes.

Pure: the same day and rank give the same events, in whatever process they are asked for. Knows no
clock, no network and no key. Times are seconds since the rehearsal began.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from encrier.errors import EncrierError
from encrier.records import Record

RUN_UP_S: Final = 300.0  # all come within five minutes …
RUN_UP_PART: Final = 1 / 3  # … or the first third of a short rehearsal
JITTER: Final = 0.2  # of the time between two saves, to either side
LONGEST_GAP: Final = 1.5  # a network cut, in times between two saves
SHORTEST_GAP: Final = 0.25
LAST_EPOCH: Final = 255  # what an envelope's header holds
MAX_PUPILS: Final = 250_000
MAX_S: Final = 3_600.0
_WHOLE: Final = (1 << 64) - 1
_HALF: Final = (1 << 32) - 1
_STEP: Final = 0x9E3779B97F4A7C15
_FAR: Final = 0xD1342543DE82EF95  # odd: between the beginnings of two pupils

Starts = Literal["spread", "hour", "storm"]


class DayRefused(EncrierError):
    what = "This rehearsal is not one that a machine can be asked for."
    next_step = "See encrier answers rehearse --help."


class Kind(IntEnum):
    """What a pupil does."""

    ARRIVE = 1  # a connection and a sign-in
    SAVE = 2
    FINAL = 3
    RELOAD = 4  # the page is loaded again: a new connection and sign-in, the same stream
    MOVE = 5  # another computer: a new connection and sign-in, the next epoch, a new stream
    CUT = 6  # the network is gone
    BACK = 7  # … and is there again


# Tuples: the hash of an enum's member is a call, its identity is not.
SAVES: Final = (Kind.SAVE, Kind.FINAL)
SIGN_INS: Final = (Kind.ARRIVE, Kind.RELOAD, Kind.MOVE)


class Event(NamedTuple):
    """One thing one pupil does, and which save is the next one."""

    at_s: float
    kind: Kind
    epoch: int  # rank of the computer among those of the pupil
    seq: int  # rank of the save on that computer
    nth: int  # rank of the save among all of the pupil


class Day(Record, frozen=True):
    """What is rehearsed. The three shares are of saves before which it happens."""

    pupils: int
    seconds: float
    starts: Starts = "spread"
    save_every_s: float = 20.0
    seed: int = 1
    reloads: float = 1 / 400
    moves: float = 1 / 2_000
    cuts: float = 1 / 200

    @property
    def run_up_s(self) -> float:
        """How long pupils take to come."""
        return min(RUN_UP_S, self.seconds * RUN_UP_PART)

    def check(self) -> None:
        """Refuse a day out of bounds; raises DayRefused."""
        if not 1 <= self.pupils <= MAX_PUPILS:
            raise DayRefused(f"A rehearsal has 1 to {MAX_PUPILS:,} pupils.")
        if not 0 < self.seconds <= MAX_S:
            raise DayRefused("A rehearsal lasts an hour at most.")
        if not 0 < self.save_every_s <= self.seconds / 3:
            raise DayRefused("Pupils would not save three times: rehearse longer, or save oftener.")


def events(day: Day, rank: int) -> Iterator[Event]:
    """All that one pupil does, in order; begins with ARRIVE and ends with FINAL, her last save.

    A save that would be due while the network is cut is due when it is back: the browser has kept
    all answers in one newer save, and what the pupil waits for then is the network.
    """
    draws = _draws(day.seed, rank)
    every_s, reload_until = day.save_every_s, day.cuts + day.reloads
    shortest_s, spread_s = every_s * (1 - JITTER), every_s * 2 * JITTER / _HALF
    something_until = (reload_until + day.moves) * _WHOLE
    at_s = _arrival(day, draws)
    yield Event(at_s, Kind.ARRIVE, 0, 0, 0)
    at_s += every_s * _part(next(draws))
    epoch = seq = nth = 0
    while True:
        drawn = next(draws)  # its upper half says whether something happens, its lower half when
        if drawn < something_until:
            chance = _part(drawn)
            if chance < day.cuts:
                yield Event(at_s, Kind.CUT, epoch, seq, nth)
                gap = SHORTEST_GAP + (LONGEST_GAP - SHORTEST_GAP) * _part(next(draws))
                at_s = min(at_s + every_s * gap, day.seconds)
                yield Event(at_s, Kind.BACK, epoch, seq, nth)
            elif chance < reload_until:
                yield Event(at_s, Kind.RELOAD, epoch, seq, nth)
            elif epoch < LAST_EPOCH:
                epoch, seq = epoch + 1, 0
                yield Event(at_s, Kind.MOVE, epoch, seq, nth)
        next_s = at_s + shortest_s + spread_s * (drawn & _HALF)
        if next_s >= day.seconds:
            yield Event(at_s, Kind.FINAL, epoch, seq, nth)
            return
        yield Event(at_s, Kind.SAVE, epoch, seq, nth)
        at_s, seq, nth = next_s, seq + 1, nth + 1


def saves(day: Day, rank: int) -> list[Event]:
    """All that one pupil will save; the place in the list is `nth`."""
    return [event for event in events(day, rank) if event.kind in SAVES]


def _arrival(day: Day, draws: Iterator[int]) -> float:
    """When a pupil comes.

    spread: at any moment of the run-up alike. hour: a slow beginning, a peak at a fifth, a long
    tail: the second of six draws, which is Beta(2, 5). storm: everybody at the teacher's word, the
    slower ones after: the first of four draws, Beta(1, 4), at its densest four times the mean.
    """
    if day.starts == "spread":
        part = _part(next(draws))
    elif day.starts == "hour":
        part = sorted(_part(next(draws)) for _ in range(6))[1]
    else:
        part = min(_part(next(draws)) for _ in range(4))
    return part * day.run_up_s


def _part(drawn: int) -> float:
    return drawn / (_WHOLE + 1)


def _draws(seed: int, rank: int) -> Iterator[int]:
    """Numbers of 64 bits, the same in every process (SplitMix64, Steele, Lea and Flood 2014)."""
    state = seed * _STEP + rank * _FAR & _WHOLE
    while True:
        state = state + _STEP & _WHOLE
        mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _WHOLE
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _WHOLE
        yield mixed ^ mixed >> 31
