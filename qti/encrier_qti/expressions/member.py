# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-member: whether a single value is in a container. QTI 3.0 ASI information model, "Member".

A single value in the place of the container is taken for a container of one: TAO's engine and
Cito's take it so, and items of national banks are written with it.

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, alike, members, wrong
from encrier_qti.values import Cardinality, Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a search."""

    def apply(one: Value, other: Value) -> Value:
        alike(one, other, node)
        if one.cardinality is not Cardinality.SINGLE:
            raise wrong(node, "la première valeur doit être simple.")
        if other.cardinality is Cardinality.SINGLE:
            return boolean(one.members[0] == other.members[0])
        return boolean(one.members[0] in members(other, node))

    return both(node, operands, apply)
