# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-inside: whether a point, or any point of a container, is in an area.

QTI 3.0 ASI information model, "Inside".

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Area, Node
from encrier_qti.processing.areas import coordinates
from encrier_qti.processing.areas import inside as is_in
from encrier_qti.processing.forms import alone
from encrier_qti.processing.programs import Evaluate, Scope, refuse, wrong
from encrier_qti.values import BaseType, Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one walk over the points."""
    shape = node.attributes.get("shape", "").strip()
    coords = coordinates(shape, node.attributes.get("coords", ""))
    if coords is None:
        raise refuse(node, "les coordonnées ne conviennent pas à cette forme.")
    area = Area(shape=shape, coords=coords, value=0.0)

    def apply(value: Value) -> Value:
        if value.base is not BaseType.POINT:
            raise wrong(node, "des points sont attendus.")
        return boolean(any(is_in(area, point) for point in value.members))

    return alone(node, operands, apply)
