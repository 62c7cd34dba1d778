# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-ordered: a container with an order, made of all its operands.

QTI 3.0 ASI information model, "Ordered". Operands are single values or
ordered containers of one base type.

NULL: operands that are NULL are left out; NULL if none is left.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.programs import Evaluate, Frame, Scope, alike, wrong
from encrier_qti.values import Cardinality, Value, container


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one gathering; without any operand it is the constant NULL."""
    each = tuple(operands)
    taken = {Cardinality.SINGLE, Cardinality.ORDERED}

    def evaluate(frame: Frame) -> Value | None:
        values = [value for value in (one(frame) for one in each) if value is not None]
        for value in values:
            alike(values[0], value, node)
            if value.cardinality not in taken:
                raise wrong(node, "une valeur simple ou un conteneur semblable est attendu.")
        if not values:
            return None
        gathered = (member for value in values for member in value.members)
        return container(Cardinality.ORDERED, values[0].base, gathered)

    return evaluate
