# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-power: the first number raised to the power of the second, a float.

QTI 3.0 ASI information model, "Power".

NULL: NULL if either operand is, or if the result is not a number or is beyond
a float: too large, or so small that it would be 0 though the first is not.
"""

import math
from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, number
from encrier_qti.values import Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one power."""

    def apply(one: Value, other: Value) -> Value | None:
        base, exponent = number(one, node), number(other, node)
        try:
            raised = math.pow(base, exponent)
        except (ValueError, OverflowError):
            return None
        return None if math.isnan(raised) or (base and not raised) else real(raised)

    return both(node, operands, apply)
