# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-or: whether any is true. QTI 3.0 ASI information model, "Or".

NULL: true if any operand is true; else NULL if any is NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, some, truth
from encrier_qti.values import FALSE, TRUE, Value


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a walk that stops at the first true."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        answer: Value | None = FALSE
        for one in each:
            value = one(frame)
            if value is None:
                answer = None
            elif truth(value, node):
                return TRUE
        return answer

    return evaluate
