# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where we differ from the recorded engine because the specification decides against it.

Each explanation is a clause and a predicate over the case and its difference,
never over its name, so that it explains cases of the same kind that nobody
has seen yet, and no others.
"""

from collections.abc import Callable
from typing import Final

from encrier_qti.cases.recorded import Case
from encrier_qti.model import Record


class Explanation(Record, frozen=True):
    """`clause`: where the specification says so; `applies` looks at kind, case, difference."""

    clause: str
    reason: str
    applies: Callable[[str, Case, str], bool]


EXPLANATIONS: Final[tuple[Explanation, ...]] = ()


def explanation(kind: str, case: Case, difference: str) -> str | None:
    """Give the clause that decides against this case, None if none does."""
    for each in EXPLANATIONS:
        if each.applies(kind, case, difference):
            return f"{each.clause}: {each.reason}"
    return None
