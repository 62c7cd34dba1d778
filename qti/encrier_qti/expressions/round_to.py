# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-round-to: a number rounded to so many figures, a float.

QTI 3.0 ASI information model, "RoundTo": the deciding digit is that of the
number as it is written, so 5.055 to two decimal places is 5.06; a 5 rounds
away from 0.

NULL: NULL if its operand is, or is not a number (NaN). An infinity stays one.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.numbers import rounded, rounding_of
from encrier_qti.processing.programs import Evaluate, Frame, Scope, number, operand
from encrier_qti.values import Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one rounding."""
    one = operand(node, operands)
    places = rounding_of(node)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        found = rounded(number(value, node), places(frame))
        return None if found is None else real(found)

    return evaluate
