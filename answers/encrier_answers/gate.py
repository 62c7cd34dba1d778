# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where every pupil's request comes in: who is recognised, who has guessed too often, who waits."""

import random
import time
from collections.abc import Callable
from typing import Final

from encrier import uploads
from encrier.ids import BundleId, SittingId
from encrier.records import to_bytes
from encrier_answers.admission import Admissions
from encrier_answers.guessing import Guessing
from encrier_answers.pacing.tickets import Tickets
from encrier_answers.pacing.waiting import WaitingRoom
from encrier_answers.replies import Reply, reply
from encrier_answers.sittings import Admitted, NotAdmitted

TELL_EVERY_S: Final = 60.0


class Gate:
    """The admissions of this process, with what knocked in vain and who waits to start."""

    def __init__(
        self,
        admissions: Admissions,
        room: WaitingRoom,
        tickets: Tickets,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._admissions, self._clock = admissions, clock
        self._guessing = Guessing()
        self._room, self._tickets = room, tickets
        self._crowd_told_at = -TELL_EVERY_S

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

    def held(self, sid: SittingId, ticket: bytes = b"") -> Reply | None:
        """The place at which somebody who was let in must wait; None: she may start now."""
        now = self._clock()
        since = self._tickets.since(sid, ticket, now=now) if ticket else None
        place = self._room.ask(sid, now=now, chance=random.random(), since=since)  # noqa: S311 spreads
        if place is None:
            return None
        said = uploads.Waiting(self._tickets.draw(sid, place), place.rank, place.wait_s)
        return reply(to_bytes(said), status=202, more={"retry-after": str(place.ask_in_s)})

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

    def crowd(self) -> int | None:
        """How many wait, to be told once a minute while somebody does; None: nothing to tell."""
        now = self._clock()
        n_waiting = self._room.n_waiting(now=now)
        if n_waiting == 0 or now - self._crowd_told_at < TELL_EVERY_S:
            return None
        self._crowd_told_at = now
        return n_waiting
