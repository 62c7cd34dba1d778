# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-not: the contrary. QTI 3.0 ASI information model, "Not".

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, operand, truth
from encrier_qti.values import FALSE, TRUE, Value


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one negation."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        return FALSE if truth(value, node) else TRUE

    return evaluate
