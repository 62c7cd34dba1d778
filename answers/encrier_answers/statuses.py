# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which status a refusal has, and when its browser may ask again."""

import random
from typing import Final

from encrier.errors import BadEnvelope, BadRecord, BadSignature, EncrierError
from encrier_answers.admission import ListRefused
from encrier_answers.guessing import TooManyGuesses
from encrier_answers.pacing.pressure import spread
from encrier_answers.pacing.waiting import WaitingRoomFull
from encrier_answers.replies import Reply, refusal
from encrier_answers.sittings import NotAdmitted, NotOpenYet, SaveConflict, SittingClosed
from encrier_answers.store import RanksWentBack, StoreFull, StoreSilent

RETRY_S: Final = 5.0
STATUSES: Final[tuple[tuple[type[EncrierError], int], ...]] = (  # the first that fits
    (NotAdmitted, 403),
    (BadSignature, 403),
    (BadRecord, 400),
    (BadEnvelope, 400),
    (SaveConflict, 409),
    (ListRefused, 409),
    (RanksWentBack, 409),
    (SittingClosed, 423),
    (TooManyGuesses, 429),
    (WaitingRoomFull, 503),
    (NotOpenYet, 425),
    (StoreSilent, 503),
    (StoreFull, 503),
)


def refused(error: EncrierError) -> Reply:
    """What whoever asked is told."""
    status = next((code for kind, code in STATUSES if isinstance(error, kind)), 500)
    return refusal(status, error.what_happened, error.what_next, more=_when_again(error))


def busy(status: int, what: str, next_step: str) -> Reply:
    """A refusal that will not last."""
    return refusal(status, what, next_step, more=_soon())


def _when_again(error: EncrierError) -> dict[str, str] | None:
    """When a browser may ask again, where it may."""
    if isinstance(error, TooManyGuesses | WaitingRoomFull | StoreSilent):
        return {"retry-after": str(error.wait_s)}
    return _soon() if isinstance(error, StoreFull) else None


def _soon() -> dict[str, str]:
    """Some seconds, and not as one, where nothing says how many."""
    return {"retry-after": str(spread(RETRY_S, random.random()))}  # noqa: S311 spreads
