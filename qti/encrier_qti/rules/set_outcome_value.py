# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-set-outcome-value: give an outcome a value. QTI 3.0 ASI information model, "SetOutcomeValue".

NULL: the outcome becomes NULL.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, Run, Scope, looked_up
from encrier_qti.rules.assignment import converted, failing, source, target
from encrier_qti.values import BaseType


def build(node: Node, scope: Scope) -> Run:
    """Compile to one assignment; completionStatus is an outcome that nobody declares."""
    expression = source(node, scope)
    if scope.stage == "response" and looked_up(node, scope) is None:
        return failing(node, "cette variable n’est pas déclarée.")
    declaration = target(node, scope, "outcome", "implied")
    name, cardinality = declaration.identifier, declaration.cardinality
    base = declaration.base or BaseType.NONE

    def run(frame: Frame) -> bool:
        value = expression(frame)
        if value is not None and (value.base is not base or value.cardinality is not cardinality):
            value = converted(value, declaration, node)
        frame[name] = value
        return False

    return run
