# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-contains: whether the first container holds the second.

QTI 3.0 ASI information model, "Contains". Multiple: as bags, {A,A} is not in
{A,B}. Ordered: as an unbroken run, as TAO's engine reads the specification.

NULL: NULL if either operand is.
"""

from collections import Counter
from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, alike, members, wrong
from encrier_qti.values import Cardinality, Scalar, Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a search."""

    def apply(one: Value, other: Value) -> Value:
        alike(one, other, node)
        whole, part = members(one, node), members(other, node)
        if one.cardinality is not other.cardinality:
            raise wrong(node, "les deux conteneurs doivent avoir la même cardinalité.")
        if one.cardinality is Cardinality.ORDERED:
            return boolean(_run(whole, part))
        return boolean(Counter(part) <= Counter(whole))

    return both(node, operands, apply)


def _run(whole: tuple[Scalar, ...], part: tuple[Scalar, ...]) -> bool:
    last = len(whole) - len(part)
    return any(whole[start : start + len(part)] == part for start in range(last + 1))
