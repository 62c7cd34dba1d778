# SPDX-License-Identifier: AGPL-3.0-or-later
"""From which rank a store goes on once it was put back from an older copy. Pure.

Results pull what has a higher rank than the last they had. A store put back knows only the ranks
of its copy, and would give again some that results have: a save under one of them would never be
pulled. So each putting back goes on above whatever could have been given before.
"""

from datetime import datetime
from typing import Final

A_MILLISECOND: Final = 16  # bits: 65,536 ranks, more than a node gives in a millisecond


def after_restore(last: int, *, at: datetime) -> int:
    """The rank below all those to be given from now on, above all that were ever given.

    last: the last rank of the copy. The moment is that of the operator's restore, not of a pupil:
    a step alone would give the same ranks twice where one copy is put back twice. 18 digits, until
    the year 2453.
    """
    return max(last, int(at.timestamp() * 1000) << A_MILLISECOND)
