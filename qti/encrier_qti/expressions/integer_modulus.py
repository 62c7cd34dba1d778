# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-integer-modulus: what the integer division of the first by the second leaves.

QTI 3.0 ASI information model, "IntegerModulus": x - y * integerDivide(x, y), so
it has the sign of y: 49 by -5 leaves -1. TAO's engine gives it the sign of x.

NULL: NULL if either operand is, or if the second is 0.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.numbers import one_whole
from encrier_qti.processing.programs import Evaluate, Scope
from encrier_qti.values import Value, integer


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one remainder."""

    def apply(one: Value, other: Value) -> Value | None:
        above, below = one_whole(one, node), one_whole(other, node)
        return integer(above % below) if below else None

    return both(node, operands, apply)
