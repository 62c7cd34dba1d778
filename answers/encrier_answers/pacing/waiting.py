# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may start now, and who waits at which place: first come, first in, at a steady pace.

Time and chance come in as arguments. What is remembered is in memory only, bounded, and gone with
the process. Knows sitting ids that were recognised; no code, no secret, no network.
Docs: docs/spec/waiting-room.md.
"""

import math
from bisect import bisect_left, insort
from typing import Final

from encrier.errors import EncrierError
from encrier.ids import SittingId
from encrier.records import Record
from encrier_answers.pacing.pressure import spread

BURST_S: Final = 5.0  # starts that may come at once: those of so many seconds
MOST_WAITING: Final = 60_000
PATIENCE_S: Final = 60.0  # a place is kept so long after the moment to ask again
ASK_EVERY_S: Final = 20.0  # the longest between two looks at the place
NEAR_S: Final = 10.0  # who has less to wait asks again when it is her turn
FULL_S: Final = 20.0
_SWEEP_S: Final = 1.0

Key = tuple[float, int]  # since when, and the how manieth: the order in which they came


class WaitingRoomFull(EncrierError):
    """More wait than are remembered; `wait_s`: when to try again."""

    what = "Il y a trop de monde en même temps, même pour la salle d’attente."
    next_step = "Garde cette page ouverte\u00a0: elle réessaie toute seule."

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


class Place(Record, frozen=True):
    """A place in the queue; moments are those of the clock that is given."""

    rank: int  # 1: the next to start
    wait_s: int  # until her turn, as it looks now
    ask_in_s: int
    since: float
    until: float  # kept until then, if she does not ask again before


class WaitingRoom:
    """The queue of one process. Called on the event loop's thread.

    As time passes, starts are given along the line; whoever was given one comes in when she asks
    next. So the pace is used whenever they ask, and who has left costs no more than her own start.
    """

    def __init__(self, *, starts_a_s: float, most: int = MOST_WAITING) -> None:
        self._pace, self._most = starts_a_s, most
        self._burst = max(1.0, starts_a_s * BURST_S)
        self._starts = self._burst  # that may be given at this moment
        self._line: list[Key] = []  # sorted; those who were given a start stand in it no more
        self._known: dict[SittingId, tuple[Key, float]] = {}  # and until when it is kept
        self._n_came = 0
        self._now = self._swept_at = -math.inf
        self._behind = 0.0  # by how much the given clock went back so far

    def n_waiting(self, *, now: float) -> int:
        """How many wait."""
        self._pass_time(now)
        return len(self._line)

    def ask(
        self, sid: SittingId, *, now: float, chance: float, since: float | None = None
    ) -> Place | None:
        """None: she may start now. Else her place, which asking often neither betters nor loses.

        chance: in [0, 1), spreads those who are told to ask again. since: when she came, as a
        ticket of this clock says it that this process does not remember. Raises WaitingRoomFull.
        """
        now = self._pass_time(now)
        known = self._known.get(sid)
        if known is None and self._starts >= 1.0:  # nobody waits, else these would be given
            self._starts -= 1.0
            return None
        if known is None and len(self._known) >= self._most:
            raise WaitingRoomFull(spread(FULL_S, chance))
        key = known[0] if known else self._joined(now, since)
        ahead = bisect_left(self._line, key)
        if self._line[ahead : ahead + 1] != [key]:  # she was given a start meanwhile
            del self._known[sid]
            return None
        wait_s = (ahead + 1 - self._starts) / self._pace
        ask_in_s = math.ceil(_look_again_s(wait_s) * (1.0 + chance / 4.0))
        until = now + ask_in_s + PATIENCE_S
        self._known[sid] = (key, until)
        return Place(ahead + 1, math.ceil(wait_s), ask_in_s, key[0], until)

    def _pass_time(self, now: float) -> float:
        """Give the starts of the time that went by, on a clock that never goes back."""
        now += self._behind
        if now < self._now:
            self._behind += self._now - now
            now = self._now
        if now - self._swept_at >= _SWEEP_S:
            self._swept_at = now
            for sid in [sid for sid, (_, until) in self._known.items() if until < now]:
                self._forget(sid)
        passed = 0.0 if self._now == -math.inf else now - self._now
        starts = self._starts + passed * self._pace
        n_given = min(len(self._line), int(starts))
        del self._line[:n_given]
        self._starts, self._now = min(self._burst, starts - n_given), now
        return now

    def _joined(self, now: float, since: float | None) -> Key:
        """A place behind everybody, but for who brings a ticket: what is still to come is none."""
        self._n_came += 1
        last = self._line[-1][0] if self._line else now
        key = (max(now, last) if since is None or since > now else since, self._n_came)
        insort(self._line, key)
        return key

    def _forget(self, sid: SittingId) -> None:
        key, _ = self._known.pop(sid)
        at = bisect_left(self._line, key)
        if self._line[at : at + 1] == [key]:
            del self._line[at]


def _look_again_s(wait_s: float) -> float:
    """When to look again: at one's turn where it is near, else often enough to see it move."""
    return wait_s if wait_s <= NEAR_S else min(wait_s / 2.0, ASK_EVERY_S)
