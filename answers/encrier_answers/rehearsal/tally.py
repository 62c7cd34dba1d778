# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a load process counts, second by second, and how the counts of several are put together.

Pure. Knows numbers only; which pupil waited is not in them.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from encrier.records import Record

A_FOLD: Final = 40  # classes of waits from one to e times it: each is 2.5 % wide
SHORTEST_S: Final = 1e-5

COUNTS: Final = (
    "due",  # saves that were to leave in this second
    "sent",  # saves handed to the network, sent again included
    "acknowledged",
    "starts",  # sign-ins at which a pupil was let in
    "refused",  # 503 and 429: asked again when the server said
    "failed",  # any other status
    "lost_lines",  # connections that ended by themselves
)


class Waits:
    """How long something took, counted in classes 2.5 % wide."""

    def __init__(self, classes: Mapping[int, int] | None = None, longest_s: float = 0.0) -> None:
        self.classes = dict(classes or {})
        self.longest_s = longest_s

    def add(self, wait_s: float) -> None:
        """Count one."""
        place = int(math.log(wait_s / SHORTEST_S) * A_FOLD) if wait_s > SHORTEST_S else 0
        self.classes[place] = self.classes.get(place, 0) + 1
        self.longest_s = max(self.longest_s, wait_s)

    def __len__(self) -> int:
        return sum(self.classes.values())

    def at(self, part: float) -> float:
        """The wait in seconds that this part did not exceed: the upper edge of its class."""
        wanted, seen = part * len(self), 0
        for place in sorted(self.classes):
            seen += self.classes[place]
            if seen >= wanted:
                return min(self.longest_s, SHORTEST_S * math.exp((place + 1) / A_FOLD))
        return 0.0

    def written(self) -> "WrittenWaits":
        """As a record."""
        return WrittenWaits(sorted(self.classes.items()), self.longest_s)

    @classmethod
    def of(cls, many: "Iterable[Waits]") -> "Waits":
        """All of them together."""
        whole = cls()
        for one in many:
            for place, number in one.classes.items():
                whole.classes[place] = whole.classes.get(place, 0) + number
            whole.longest_s = max(whole.longest_s, one.longest_s)
        return whole


class WrittenWaits(Record, frozen=True):
    """Waits as they are written: class and number."""

    classes: list[tuple[int, int]]
    longest_s: float

    def read(self) -> Waits:
        """The waits again."""
        return Waits(dict(self.classes), self.longest_s)


class Second(Record, frozen=True):
    """One second of a process as it is written: its counts, its waits, its open connections."""

    counts: dict[str, int]
    saves: WrittenWaits  # by the second in which they were due
    starts: WrittenWaits
    lines: int


class Tallied(Record, frozen=True):
    """What one load process leaves."""

    seconds: list[Second]
    statuses: dict[str, int]  # replies that were no receipt, by status
    unanswered: int  # saves that had no receipt when the rehearsal ended
    superseded: int  # told that a later save of the stream is kept
    resumed_behind: int  # sign-ins told of an older save than the last acknowledged
    requests: int
    cpu_s: float  # of this process, while the clock ran
    sealing_s: float  # processor time before


class Tally:
    """The counts of one process, while they grow."""

    def __init__(self, n_seconds: int) -> None:
        self._last = n_seconds - 1
        self.counts = {name: [0] * n_seconds for name in COUNTS}
        self.saves = [Waits() for _ in range(n_seconds)]
        self.starts = [Waits() for _ in range(n_seconds)]
        self.lines = [0] * n_seconds
        self.statuses: dict[str, int] = {}

    def second(self, at_s: float) -> int:
        """Where a moment is counted: a late one in the last second."""
        second = int(at_s)
        return min(second, self._last)

    def count(self, name: str, at_s: float) -> None:
        """Count one more."""
        self.counts[name][self.second(at_s)] += 1

    def kept(self, *, due_s: float, now_s: float) -> None:
        """Count a save that is acknowledged, and how long its pupil waited."""
        self.counts["acknowledged"][self.second(now_s)] += 1
        self.saves[self.second(due_s)].add(now_s - due_s)

    def written(self) -> list[Second]:
        """The seconds as records."""
        return [
            Second(
                counts={name: counted[n] for name, counted in self.counts.items()},
                saves=self.saves[n].written(),
                starts=self.starts[n].written(),
                lines=self.lines[n],
            )
            for n in range(self._last + 1)
        ]


class Moment(Record, frozen=True):
    """One second of all processes."""

    counts: dict[str, int]
    saves: Waits
    starts: Waits
    lines: int


def together(tallied: Iterable[Tallied]) -> list[Moment]:
    """The seconds of several processes, added up."""
    return [
        Moment(
            counts={name: sum(one.counts[name] for one in same) for name in COUNTS},
            saves=Waits.of(one.saves.read() for one in same),
            starts=Waits.of(one.starts.read() for one in same),
            lines=sum(one.lines for one in same),
        )
        for same in zip(*(one.seconds for one in tallied), strict=True)
    ]
