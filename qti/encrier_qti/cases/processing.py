# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of a whole processing, with its rules or by its template: the variables it leaves."""

from typing import Final

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.clones import settle
from encrier_qti.errors import ContentRefused
from encrier_qti.rules.registry import scope_of
from encrier_qti.rules.templates import template

_TEMPLATE: Final = "qti-template-processing"
_OUTCOME: Final = "qti-outcome-processing"


def run(case: Case) -> str | None:
    """Give the differences, None if there are none. Raises what the processing refuses.

    That the test ends is an error to the recorded engine and none to ours: they agree.
    """
    declared, frame = variables(case)
    root = node(case)
    ended = False
    if root.name == _TEMPLATE:
        settle(root, scope_of(declared, stage="template"), frame)
    elif root.name == _OUTCOME:
        ended = scope_of(declared, stage="outcome").rules(root.children)(frame)
    else:
        scope_of(declared).rules(template(root))(frame)
    if ended and "error" in case:
        raise ContentRefused
    return differences(dict(frame), after(case))
