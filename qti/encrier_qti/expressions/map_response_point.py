# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-map-response-point: the score of the areas that the points of a response fall in.

QTI 3.0 ASI information model, "MapResponsePoint" and "AreaMapEntry": where
areas overlap the one listed first takes the point; each area counts once; a
point in no area scores the default; the sum is kept within the bounds.

NULL: a response that is NULL scores 0, kept within the bounds, as the
standard template makes it. Without areas every response scores 0; the check
refuses such an item.
"""

from collections.abc import Sequence

from encrier_qti.expressions.map_response import mapped, raising, unmapped, within
from encrier_qti.model import Node
from encrier_qti.processing.areas import inside
from encrier_qti.processing.programs import Evaluate, Frame, Scope, none, wrong
from encrier_qti.values import BaseType, Value, real


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to a walk over the areas."""
    none(node, operands)
    declaration = mapped(node, scope)
    if declaration is None:
        return raising(node)
    if declaration.area_mapping is None:
        return unmapped
    mapping = declaration.area_mapping
    if declaration.base is not BaseType.POINT:
        raise wrong(node, "des points sont attendus.")
    name = declaration.identifier
    areas = mapping.areas

    def evaluate(frame: Frame) -> Value | None:
        value = frame[name]
        total = 0.0
        counted: set[int] = set()
        for point in () if value is None else value.members:
            found = next((i for i, area in enumerate(areas) if inside(area, point)), None)
            if found is None:
                total += mapping.default
            elif found not in counted:
                counted.add(found)
                total += areas[found].value
        return real(within(total, mapping.lower, mapping.upper))

    return evaluate
