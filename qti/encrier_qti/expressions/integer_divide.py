# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-integer-divide: the first integer over the second, rounded down.

QTI 3.0 ASI information model, "IntegerDivide": the greatest integer i such
that i <= x/y, so -7 over 2 gives -4.

NULL: NULL if either operand is, or if the second is 0.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.numbers import one_whole
from encrier_qti.processing.programs import Evaluate, Scope
from encrier_qti.values import Value, integer


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one division."""

    def apply(one: Value, other: Value) -> Value | None:
        above, below = one_whole(one, node), one_whole(other, node)
        return integer(above // below) if below else None

    return both(node, operands, apply)
