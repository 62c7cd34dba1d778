# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of a whole processing, with its rules or by its template: the variables it leaves."""

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.rules.registry import scope_of
from encrier_qti.rules.templates import template


def run(case: Case) -> str | None:
    """Give the differences, None if there are none. Raises what the processing refuses."""
    declared, frame = variables(case)
    scope_of(declared).rules(template(node(case)))(frame)
    return differences(dict(frame), after(case))
