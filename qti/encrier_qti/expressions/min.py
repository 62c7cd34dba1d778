# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-min: the smallest of all numbers, of any cardinality. QTI 3.0 ASI information model, "Min".

NULL: NULL if any operand is, or is not numeric (the one operator of which
the specification says so). An integer if all operands are, else a float.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import NUMERIC, Evaluate, Frame, Scope, numbers, some
from encrier_qti.values import BaseType, Value, single


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one comparison of all."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        found: list[int | float] = []
        base = BaseType.INTEGER
        for one in each:
            value = one(frame)
            if value is None or value.base not in NUMERIC:
                return None
            found += numbers(value, node)
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        best = min(found)
        return single(base, float(best) if base is BaseType.FLOAT else best)

    return evaluate
