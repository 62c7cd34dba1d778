# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-divide: the first number over the second, a float. QTI 3.0 ASI information model, "Divide".

NULL: NULL if either operand is, or if the second is 0.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, number, two
from encrier_qti.values import Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one division; a quotient too large for a float is NULL too."""
    left, right = two(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        above, below = number(one, node), number(other, node)
        try:
            return real(above / below)
        except (ZeroDivisionError, OverflowError):
            return None

    return evaluate
