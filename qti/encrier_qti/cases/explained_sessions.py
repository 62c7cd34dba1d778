# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where sessions differ from the recorded ones because the specification decides against them.

As `explained`, for cases of sessions: a clause and a predicate over the case
and its difference, never over its name.
"""

from collections.abc import Callable
from typing import Final

from encrier_qti.cases.item_sessions import ADAPTIVE
from encrier_qti.cases.recorded import Case
from encrier_qti.model import Record


class Explanation(Record, frozen=True):
    """`clause`: where the specification says so; `applies` looks at the case and its difference."""

    clause: str
    reason: str
    applies: Callable[[Case, str], bool]


def explanation(case: Case, difference: str) -> str | None:
    """Give the clause that decides against this case of a session, None if none does."""
    for each in EXPLANATIONS:
        if each.applies(case, difference):
            return f"{each.clause}: {each.reason}"
    return None


def _adaptive(_: Case, difference: str) -> bool:
    return difference.startswith(ADAPTIVE)


def _default(_: Case, difference: str) -> bool:
    return difference.endswith("endAttempt: refused (skipped), no error was recorded")


EXPLANATIONS: Final = (
    Explanation(
        clause="numAttempts",
        reason="increases by 1 at the start of each attempt, of adaptive items too",
        applies=_adaptive,
    ),
    Explanation(
        clause="ItemSessionControl, allow-skipping",
        reason="an item whose responses are all their default or NULL is skipped",
        applies=_default,
    ),
)
