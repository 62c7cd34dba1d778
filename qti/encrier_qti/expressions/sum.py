# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-sum: the sum of all numbers, of any cardinality. QTI 3.0 ASI information model, "Sum".

NULL: NULL if any operand is. An integer if all operands are, else a float.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, numbers, some
from encrier_qti.values import BaseType, Value, single


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a running total."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        total: int | float = 0
        base = BaseType.INTEGER
        for one in each:
            value = one(frame)
            if value is None:
                return None
            total += sum(numbers(value, node))
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        return single(base, total)

    return evaluate
