# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-any-n: whether at least `min` and at most `max` are true.

QTI 3.0 ASI information model, "AnyN".

NULL: NULL only if the operands that are NULL could decide either way.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import (
    Evaluate,
    Frame,
    Scope,
    amount,
    number,
    some,
    truth,
    wrong,
)
from encrier_qti.values import FALSE, TRUE, BaseType, Value


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to two counts."""
    each = some(node, operands)
    least, most = (amount(node, name, BaseType.INTEGER) for name in ("min", "max"))

    def evaluate(frame: Frame) -> Value | None:
        low, high = least(frame), most(frame)
        if low is None or high is None:
            raise wrong(node, "min et max ne peuvent pas être NULL.")
        values = [one(frame) for one in each]
        unknown = values.count(None)
        true = sum(truth(value, node) for value in values if value is not None)
        if true > number(high, node) or true + unknown < number(low, node):
            return FALSE
        if true >= number(low, node) and true + unknown <= number(high, node):
            return TRUE
        return None

    return evaluate
