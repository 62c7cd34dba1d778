# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-template-constraint: draw again until a condition holds.

QTI 3.0 ASI information model, "TemplateConstraint". How often, and what is
left when it never holds, is for `clones`.

NULL: a condition that is NULL does not hold; an empty string is NULL.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, Run, Scope, truth
from encrier_qti.rules.assignment import source


class Unsatisfied(Exception):
    """Says to `clones` that this draw will not do; `node` is the constraint."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node


def build(node: Node, scope: Scope) -> Run:
    """Compile to a check that raises Unsatisfied."""
    condition = source(node, scope)

    def run(frame: Frame) -> bool:
        value = condition(frame)
        if value is None or not truth(value, node):
            raise Unsatisfied(node)
        return False

    return run
