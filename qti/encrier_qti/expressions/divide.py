# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-divide: the first number over the second, a float. QTI 3.0 ASI information model, "Divide".

NULL: NULL if either operand is, or if the second is 0.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, number
from encrier_qti.values import Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one division; a quotient too large for a float is NULL too."""

    def apply(one: Value, other: Value) -> Value | None:
        above, below = number(one, node), number(other, node)
        try:
            return real(above / below)
        except (ZeroDivisionError, OverflowError):
            return None

    return both(node, operands, apply)
