# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-subtract: the first number less the second. QTI 3.0 ASI information model, "Subtract".

NULL: NULL if either operand is. An integer if both are, else a float.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, number
from encrier_qti.values import Value, integer, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one subtraction."""

    def apply(one: Value, other: Value) -> Value:
        rest = number(one, node) - number(other, node)
        return integer(rest) if isinstance(rest, int) else real(rest)

    return both(node, operands, apply)
