# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-outcome-maximum: the normal maximum of an outcome, for each item that has been selected.

QTI 3.0 ASI information model, "OutcomeMaximum", in outcome processing only: a
multiple container of floats, weighted if a weight is named.

NULL: NULL if any of the items declares no maximum for it, or if there is none.
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
    found = extremes(node, lambda declaration: declaration.normal_maximum)

    def evaluate(frame: Frame) -> Value | None:
        each = [found(item) for item in items(frame)]
        known = [one for one in each if one is not None]
        if len(known) < len(each):
            return None
        return container(Cardinality.MULTIPLE, BaseType.FLOAT, known)

    return evaluate
