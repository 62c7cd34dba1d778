# SPDX-License-Identifier: AGPL-3.0-or-later
"""From which rank a store goes on once it was put back from an older copy. Pure.

Results pull what has a higher rank than the last they had. A store put back knows only the ranks
of its copy, and would give again some that results have: a save under one of them would never be
pulled. So each putting back goes on above whatever could have been given before.
"""

from datetime import datetime
from typing import Final

from encrier.errors import EncrierError
from encrier_answers.sittings import to_minute

A_MILLISECOND: Final = 16  # bits: 65,536 ranks, more than a node gives in a millisecond


class ClockBehind(EncrierError):
    what = "This machine's clock is behind the newest save of the copy."
    next_step = "Set it: ranks go by it, and one given twice is a save that results never see."


def after_restore(last: int, *, newest_minute: int | None, at: datetime) -> int:
    """The rank below all those to be given from now on, above all ever given; raises ClockBehind.

    last, newest_minute: the last rank and minute of the copy. The moment is that of the operator's
    restore, not of a pupil: a step alone would give the same ranks twice where one copy is put back
    twice. 18 digits, until the year 2453.
    """
    if newest_minute is not None and to_minute(at) < newest_minute:
        raise ClockBehind
    return max(last, int(at.timestamp() * 1000) << A_MILLISECOND)
