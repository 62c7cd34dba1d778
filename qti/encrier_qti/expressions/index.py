# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-index: the n-th value of an ordered container, counted from 1.

QTI 3.0 ASI information model, "Index".

NULL: NULL if its operand is, or if it has fewer than n values.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, amount, number, operand, wrong
from encrier_qti.values import BaseType, Cardinality, Value, single


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one look-up."""
    one = operand(node, operands)
    rank = amount(node, "n", BaseType.INTEGER)

    def evaluate(frame: Frame) -> Value | None:
        value, written = one(frame), rank(frame)
        if written is None or number(written, node) < 1:
            raise wrong(node, "n doit être un entier à partir de 1.")
        if value is None:
            return None
        if value.cardinality is not Cardinality.ORDERED:
            raise wrong(node, "un conteneur ordonné est attendu.")
        place = int(number(written, node)) - 1
        if place >= len(value.members):
            return None
        return single(value.base, value.members[place])

    return evaluate
