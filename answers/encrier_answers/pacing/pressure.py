# SPDX-License-Identifier: AGPL-3.0-or-later
"""When those who cannot be served now should ask again: as long as the queue takes, and not as one.

Time and chance come in as arguments. Knows how fast the store took what it was given; nothing of
what that was.
"""

import math
from typing import Final

LONGEST_S: Final = 40.0  # before it is spread: 60 s after
LEAST_SPREAD_S: Final = 5.0


def spread(wait_s: float, chance: float) -> int:
    """Whole seconds from wait_s on; chance, in [0, 1), spreads them over half as long again."""
    return math.ceil(wait_s + chance * max(LEAST_SPREAD_S, wait_s / 2.0))


class Pressure:
    """How fast the store takes what waits. Lives on the event loop."""

    def __init__(self) -> None:
        self._a_s = math.inf  # entries kept a second, of late
        self._began: float | None = None  # the commit that goes on
        self._refusing: float | None = None  # since when the store refuses

    def began(self, now: float) -> None:
        """A commit is asked for; the first of those that go on counts."""
        if self._began is None:
            self._began = now

    def kept(self, n_entries: int, now: float) -> None:
        """It ended, and so many entries are kept."""
        took_s = max(now - (now if self._began is None else self._began), 1e-6)
        a_s = n_entries / took_s
        self._a_s = a_s if math.isinf(self._a_s) else (self._a_s + a_s) / 2.0
        self._began = self._refusing = None

    def refused(self, now: float) -> None:
        """It ended, and nothing is kept."""
        if self._refusing is None:
            self._refusing = now if self._began is None else self._began
        self._began = None

    def wait_s(self, n_waiting: int, *, now: float, chance: float) -> int:
        """When to ask again, 1 to 60 s: once what waits is kept.

        A commit that goes on, or a store that refuses, is expected to last as long again.
        """
        queue_s = n_waiting / self._a_s
        troubles = (since for since in (self._began, self._refusing) if since is not None)
        lasting_s = max((now - since for since in troubles), default=0.0)
        return spread(min(LONGEST_S, max(1.0, queue_s, lasting_s)), chance)
