# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-random: one value of a container, drawn. QTI 3.0 ASI information model, "Random".

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.chance import drawn
from encrier_qti.processing.programs import Evaluate, Frame, Scope, members, operand
from encrier_qti.values import Value, single


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one draw."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        pool = members(value, node)
        return single(value.base, pool[int(drawn(frame, node) * len(pool))])

    return evaluate
