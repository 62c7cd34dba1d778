# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of one rule: the variables it leaves."""

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.rules.registry import scope_of


def run(case: Case) -> str | None:
    """Give the differences, None if there are none. Raises what the rule refuses."""
    declared, frame = variables(case)
    scope_of(declared).rules([node(case)])(frame)
    return differences(dict(frame), after(case))
