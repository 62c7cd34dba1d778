# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-divide: the first number over the second, a float. QTI 3.0 ASI information model, "Divide".

NULL: NULL if either operand is, if the second is 0, or if no float holds the
quotient of two that are finite, or it is not a number (INF over INF).
"""

from collections.abc import Sequence
from math import isfinite, isinf

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, number
from encrier_qti.values import Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one division."""

    def apply(one: Value, other: Value) -> Value | None:
        above, below = number(one, node), number(other, node)
        try:
            quotient = above / below
        except (ZeroDivisionError, OverflowError):
            return None
        held = isfinite(quotient) or (isinf(quotient) and isinf(above))
        return real(quotient) if held else None

    return both(node, operands, apply)
