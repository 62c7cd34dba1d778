# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-variable: the value of a variable. QTI 3.0 ASI information model, "Variable".

In outcome processing a name may be that of an item's variable, `Q01.SCORE`, or
`Q01.2.SCORE` for the second time that an item selected with replacement comes;
such a number may be weighted, and then is a float. A weight that the item
does not have is 1.

NULL: NULL if the variable is, if it is not declared (the check refuses it),
or if the item was not selected.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import weight
from encrier_qti.processing.programs import Evaluate, Frame, Scope, looked_up, none, nothing
from encrier_qti.values import NUMERIC, BaseType, Value


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one look-up."""
    none(node, operands)
    name = node.attributes.get("identifier", "").strip()
    if scope.stage == "outcome" and "." in name and name not in scope.declarations:
        return _of_item(node, *name.rsplit(".", 1))
    declaration = looked_up(node, scope)
    if declaration is None:
        return nothing
    name = declaration.identifier

    def evaluate(frame: Frame) -> Value | None:
        return frame[name]

    return evaluate


def _of_item(node: Node, item_name: str, name: str) -> Evaluate:
    weighted = "weight-identifier" in node.attributes

    def evaluate(frame: Frame) -> Value | None:
        item = None if frame.sessions is None else frame.sessions.named(item_name)
        value = None if item is None else item.variables.get(name)
        if item is None or value is None or not weighted or value.base not in NUMERIC:
            return value
        factor = weight(node, item)
        products = (member * factor for member in value.members if isinstance(member, int | float))
        return Value(value.cardinality, BaseType.FLOAT, tuple(products))

    return evaluate
