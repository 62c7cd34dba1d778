# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where every pupil's request comes in: who is recognised, and who has guessed too often."""

import time
from collections.abc import Callable

from encrier.ids import BundleId, SittingId
from encrier_answers.admission import Admissions
from encrier_answers.guessing import Guessing
from encrier_answers.sittings import Admitted, NotAdmitted


class Gate:
    """The admissions of this process, with the count of what knocked in vain."""

    def __init__(self, admissions: Admissions, clock: Callable[[], float] = time.monotonic) -> None:
        self._admissions, self._clock = admissions, clock
        self._guessing = Guessing()

    def let_in(
        self, network: bytes, sid: SittingId, recognise: Callable[[Admitted | None], Admitted]
    ) -> Admitted:
        """The admission that `recognise` finds good; raises NotAdmitted, TooManyGuesses.

        An attempt that is one too many is not looked at: a guesser learns nothing from it.
        """
        now = self._clock()
        self._guessing.check(network, sid, now=now)
        try:
            admitted = recognise(self._admissions.find(sid))
        except NotAdmitted:
            self._guessing.failed(network, sid, now=now)
            raise
        self._guessing.came_in(network, sid)
        return admitted

    def booklet_key(self, bundle: BundleId) -> bytes:
        """The key of a booklet; raises NotOpenYet."""
        return self._admissions.booklet_key(bundle)

    @property
    def guesses(self) -> tuple[int, int]:
        """Failures, and attempts held up, since the start."""
        return self._guessing.since_start

    def alarm(self) -> tuple[int, int] | None:
        """What there is to tell of guessing, now."""
        return self._guessing.alarm(now=self._clock())
