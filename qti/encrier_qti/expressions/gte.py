# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-gte: whether the first number is greater than or equal to the second.

QTI 3.0 ASI information model, "Gte".

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, number, two
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one comparison."""
    left, right = two(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        return boolean(number(one, node) >= number(other, node))

    return evaluate
