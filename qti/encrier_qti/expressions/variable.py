# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-variable: the value of a variable. QTI 3.0 ASI information model, "Variable".

NULL: NULL if the variable is.
"""

from collections.abc import Sequence

from encrier_qti.errors import NotSupported
from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, declared, none
from encrier_qti.values import Value


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one look-up. Weights exist only in the outcomes of a test."""
    none(node, operands)
    if "weight-identifier" in node.attributes:
        raise NotSupported(file=node.file, line=node.line)
    name = declared(node, scope).identifier

    def evaluate(frame: Frame) -> Value | None:
        return frame[name]

    return evaluate
