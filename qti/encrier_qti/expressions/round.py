# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-round: the nearest integer, halves upward (6.5 gives 7, -6.5 gives -6).

QTI 3.0 ASI information model, "Round".

NULL: NULL if its operand is, or is not a number (NaN). An infinity stays
one, as a float: no integer can hold it.
"""

from collections.abc import Sequence
from math import floor, isinf, isnan

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, number, operand
from encrier_qti.values import Value, integer, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one rounding."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        found = number(value, node)
        if isnan(found):
            return None
        return real(found) if isinf(found) else integer(floor(found + 0.5))

    return evaluate
