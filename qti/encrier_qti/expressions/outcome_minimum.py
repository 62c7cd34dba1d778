# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-outcome-minimum: the normal minimum of an outcome, for each item that declares one.

QTI 3.0 ASI information model, "OutcomeMinimum", in outcome processing only: a
multiple container of floats, weighted if a weight is named.

NULL: items without a minimum are left out; NULL if none is left.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import extremes, subset
from encrier_qti.processing.programs import Evaluate, Frame, Scope, none
from encrier_qti.values import BaseType, Cardinality, Value, container


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one walk over the items."""
    none(node, operands)
    items = subset(node, scope)
    found = extremes(node, lambda declaration: declaration.normal_minimum)

    def evaluate(frame: Frame) -> Value | None:
        each = (found(item) for item in items(frame))
        known = [one for one in each if one is not None]
        return container(Cardinality.MULTIPLE, BaseType.FLOAT, known)

    return evaluate
