# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-repeat: an ordered container of all its operands, over and over.

QTI 3.0 ASI information model, "Repeat".

NULL: operands that are NULL are left out; NULL if none is left, or if
`number-repeats` is less than 1.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import gathering
from encrier_qti.processing.numbers import one_whole
from encrier_qti.processing.programs import Evaluate, Frame, Scope, amount, some, wrong
from encrier_qti.values import MAX_MEMBERS, BaseType, Cardinality, Value, container


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one gathering, repeated; a container holds 1,000 values at most."""
    once = gathering(node, some(node, operands), Cardinality.ORDERED)
    count = amount(node, "number-repeats", BaseType.INTEGER)

    def evaluate(frame: Frame) -> Value | None:
        written = count(frame)
        if written is None:
            raise wrong(node, "number-repeats ne peut pas être NULL.")
        times, value = one_whole(written, node), once(frame)
        if value is None or times < 1:
            return None
        if times * len(value.members) > MAX_MEMBERS:
            raise wrong(node, "le conteneur aurait trop de valeurs.")
        return container(Cardinality.ORDERED, value.base, value.members * times)

    return evaluate
