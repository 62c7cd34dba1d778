# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-set-template-value: give a template variable a value.

QTI 3.0 ASI information model, "SetTemplateValue".

NULL: the variable becomes NULL.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, Run, Scope
from encrier_qti.rules.assignment import converted, fits, source, target


def build(node: Node, scope: Scope) -> Run:
    """Compile to one assignment."""
    declaration = target(node, scope, "template")
    expression = source(node, scope)

    def run(frame: Frame) -> bool:
        value = expression(frame)
        if value is not None and not fits(value, declaration):
            value = converted(value, declaration, node)
        frame[declaration.identifier] = value
        return False

    return run
