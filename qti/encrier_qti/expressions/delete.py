# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-delete: the second container without any copy of the first value.

QTI 3.0 ASI information model, "Delete".

NULL: NULL if either operand is, or if nothing is left.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, alike, members, wrong
from encrier_qti.values import Cardinality, Value, container


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a filter that keeps order and cardinality."""

    def apply(one: Value, other: Value) -> Value | None:
        alike(one, other, node)
        if one.cardinality is not Cardinality.SINGLE:
            raise wrong(node, "la première valeur doit être simple.")
        unwanted = one.members[0]
        kept = (member for member in members(other, node) if member != unwanted)
        return container(other.cardinality, other.base, kept)

    return both(node, operands, apply)
