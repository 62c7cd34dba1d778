# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a process counts while it serves: whole numbers in a row of slots, and nothing else.

Knows outcomes and statuses. Must never be given a sitting, a network or a time of day: what cannot
be counted here cannot be told by the metrics. Each slot is changed by one thread only, so that an
increment needs no lock.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Protocol

from encrier_answers.sittings import Verdict
from encrier_answers.store import Arrival, Outcome, SignInMark, Taken

VERDICTS: Final = (Verdict.KEEP, Verdict.SAME, Verdict.SUPERSEDED, Verdict.CONFLICT)
STATUSES: Final = (400, 403, 404, 405, 408, 409, 411, 413, 422, 423, 425, 429, 500, 503)
BATCH_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
COMMIT_MS: Final = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500, 5000, 10000)

# Where each count begins in the row.
SAVES: Final = 0
SIGN_INS: Final = SAVES + len(VERDICTS)
STORE_REFUSED: Final = SIGN_INS + 1
GUESSES_FAILED: Final = STORE_REFUSED + 1
GUESSES_HELD: Final = GUESSES_FAILED + 1
WAITING: Final = GUESSES_HELD + 1  # now, not since the start
BATCHES: Final = WAITING + 1  # a bucket a size, one for what is larger, then the sum
BATCH_SUM: Final = BATCHES + len(BATCH_SIZES) + 1
COMMITS: Final = BATCH_SUM + 1
COMMIT_SUM_US: Final = COMMITS + len(COMMIT_MS) + 1
REFUSALS: Final = COMMIT_SUM_US + 1  # a status each, then all others
N_SLOTS: Final = REFUSALS + len(STATUSES) + 1

_SLOT_OF_VERDICT: Final = {verdict: SAVES + at for at, verdict in enumerate(VERDICTS)}
_SLOT_OF_STATUS: Final = {status: REFUSALS + at for at, status in enumerate(STATUSES)}
_COMMIT_S: Final = tuple(ms / 1000 for ms in COMMIT_MS)


class Slots(Protocol):
    """A row of whole numbers: a list, or memory that another process may read."""

    def __getitem__(self, at: int, /) -> int: ...
    def __setitem__(self, at: int, number: int, /) -> None: ...


class Counts:
    """The counts of one process."""

    __slots__ = ("_slots",)

    def __init__(self, slots: Slots | None = None) -> None:
        """slots: N_SLOTS numbers; none given, they are this object's own."""
        self._slots: Slots = [0] * N_SLOTS if slots is None else slots

    def committed(
        self,
        entries: Sequence[Arrival | Taken | SignInMark],
        outcomes: Sequence[Outcome],
        took_s: float,
    ) -> None:
        """Count a batch that is on disk; called on the writer's thread."""
        slots = self._slots
        for entry, outcome in zip(entries, outcomes, strict=True):
            is_mark = isinstance(entry, SignInMark)
            slots[SIGN_INS if is_mark else _SLOT_OF_VERDICT[outcome.verdict]] += 1
        slots[BATCHES + bisect_left(BATCH_SIZES, len(entries))] += 1
        slots[BATCH_SUM] += len(entries)
        slots[COMMITS + bisect_left(_COMMIT_S, took_s)] += 1
        slots[COMMIT_SUM_US] += int(took_s * 1e6)

    def store_refused(self, n_entries: int) -> None:
        """Count the entries of a batch that the store did not take."""
        self._slots[STORE_REFUSED] += n_entries

    def refused(self, status: int) -> None:
        """Count a reply that says no; called on the event loop's thread."""
        self._slots[_SLOT_OF_STATUS.get(status, N_SLOTS - 1)] += 1

    def note_waiting(self, n_waiting: int) -> None:
        """Note how many wait for the writer, now."""
        self._slots[WAITING] = n_waiting

    def note_guesses(self, *, failed: int, held: int) -> None:
        """Note the guesses since the start."""
        self._slots[GUESSES_FAILED], self._slots[GUESSES_HELD] = failed, held
