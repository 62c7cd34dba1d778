# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the two rules share that set a key or a default rather than a value.

Stricter than an assignment: the specification and TAO's engine both want the
very type of the variable, but for an integer that goes into a float, which
loses nothing.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, Run, Scope, wrong
from encrier_qti.rules.assignment import converted, fits, source, target
from encrier_qti.values import BaseType


def setting(node: Node, scope: Scope, what: str, *kinds: str) -> Run:
    """Compile to one entry of the frame's settings: ("correct" or "default", identifier)."""
    declaration = target(node, scope, *kinds)
    expression = source(node, scope)
    name = declaration.identifier

    def run(frame: Frame) -> bool:
        value = expression(frame)
        if value is not None and not fits(value, declaration):
            if value.base is not BaseType.INTEGER or declaration.base is not BaseType.FLOAT:
                raise wrong(node, "la valeur n’est pas du type de la variable.")
            value = converted(value, declaration, node)
        if frame.settings is None:
            frame.settings = {}
        frame.settings[what, name] = value
        return False

    return run
