# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-container-size: how many values a container has.

QTI 3.0 ASI information model, "ContainerSize".

NULL: 0 if its operand is NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, members, operand
from encrier_qti.values import Value, integer


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one count."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        return integer(0 if value is None else len(members(value, node)))

    return evaluate
