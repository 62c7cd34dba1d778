# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-product: the product of all numbers, of any cardinality.

QTI 3.0 ASI information model, "Product".

NULL: NULL if any operand is. An integer if all operands are, else a float.
"""

from collections.abc import Sequence
from math import prod

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, numbers, some
from encrier_qti.values import BaseType, Value, single


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a running product."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        total: int | float = 1
        base = BaseType.INTEGER
        for one in each:
            value = one(frame)
            if value is None:
                return None
            total *= prod(numbers(value, node))
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        return single(base, total)

    return evaluate
