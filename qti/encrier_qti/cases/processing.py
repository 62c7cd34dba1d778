# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of a rule, of a whole processing and of a printed variable: the variables they leave.

That processing ends, or that a constraint does not hold, is an error to the
recorded engine and none to ours: a recorded error agrees with it.
"""

from typing import Final

from encrier_qti.cases.recorded import Case, after, node, variables
from encrier_qti.cases.verdict import differences
from encrier_qti.clones import settle
from encrier_qti.delivery.printing import print_variable
from encrier_qti.errors import ContentRefused
from encrier_qti.processing.programs import Stage
from encrier_qti.rules.registry import scope_of, stages
from encrier_qti.rules.template_constraint import Unsatisfied
from encrier_qti.rules.templates import template

_TEMPLATE: Final = "qti-template-processing"
_OUTCOME: Final = "qti-outcome-processing"
_ORDER: Final[tuple[Stage, ...]] = ("response", "outcome", "template")


def whole(case: Case) -> str | None:
    """Run the rules of a processing, or those of its template.

    Gives the differences, None if there are none. Raises what is refused.
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


def rule(case: Case) -> str | None:
    """Run one rule, in the processing to which it belongs; gives and raises the same."""
    declared, frame = variables(case)
    found = node(case)
    stage = next((each for each in _ORDER if each in stages(found.name)), _ORDER[0])
    try:
        ended = scope_of(declared, stage=stage).rules([found])(frame)
    except Unsatisfied:
        ended = True
    if ended and "error" in case:
        raise ContentRefused
    return differences(dict(frame), after(case))


def printed(case: Case) -> str | None:
    """Print one variable: the text, where one was recorded, and no variable changed."""
    _, frame = variables(case)
    text = print_variable(node(case), frame)
    recorded = case.get("result")
    if isinstance(recorded, str) and recorded != text:
        return f"found {text!r}, recorded {recorded!r}"
    return differences(dict(frame), after(case))
