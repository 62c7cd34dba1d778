# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-match: whether two values are the same. QTI 3.0 ASI information model, "Match".

NULL: NULL if either operand is.
Both must have the same base type and cardinality; multiple containers
compare without order, pairs without direction.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, alike, wrong
from encrier_qti.values import FALSE, TRUE, Value, same


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a comparison."""

    def apply(one: Value, other: Value) -> Value:
        alike(one, other, node)
        if one.cardinality is not other.cardinality:
            raise wrong(node, "les deux valeurs doivent avoir la même cardinalité.")
        return TRUE if same(one, other) else FALSE

    return both(node, operands, apply)
