# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of one rule: the variables it leaves.

The rule runs in the processing to which it belongs. That processing ends, or
that a constraint does not hold, is an error to the recorded engine and none to
ours: a recorded error agrees with it.
"""

from typing import Final

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.errors import ContentRefused
from encrier_qti.processing.programs import Stage
from encrier_qti.rules.registry import scope_of, stages
from encrier_qti.rules.template_constraint import Unsatisfied

_ORDER: Final[tuple[Stage, ...]] = ("response", "outcome", "template")


def run(case: Case) -> str | None:
    """Give the differences, None if there are none. Raises what the rule refuses."""
    declared, frame = variables(case)
    rule = node(case)
    stage = next((each for each in _ORDER if each in stages(rule.name)), _ORDER[0])
    try:
        ended = scope_of(declared, stage=stage).rules([rule])(frame)
    except Unsatisfied:
        ended = True
    if ended and "error" in case:
        raise ContentRefused
    return differences(dict(frame), after(case))
