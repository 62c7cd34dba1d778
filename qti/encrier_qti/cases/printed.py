# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of one printed variable: the text, where one was recorded, and no variable changed."""

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.printing import print_variable


def run(case: Case) -> str | None:
    """Give the difference, None if there is none. Raises what cannot be printed."""
    _, frame = variables(case)
    text = print_variable(node(case), frame)
    recorded = case.get("result")
    if isinstance(recorded, str) and recorded != text:
        return f"found {text!r}, recorded {recorded!r}"
    return differences(dict(frame), after(case))
