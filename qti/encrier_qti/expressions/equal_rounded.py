# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-equal-rounded: whether two numbers are equal once rounded, as qti-round-to rounds.

QTI 3.0 ASI information model, "EqualRounded".

NULL: NULL if either operand is, or is not a number (NaN).
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.numbers import rounded, rounding_of
from encrier_qti.processing.programs import Evaluate, Frame, Scope, number, two
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to two roundings and a comparison."""
    left, right = two(node, operands)
    places = rounding_of(node)

    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        to = places(frame)
        x, y = rounded(number(one, node), to), rounded(number(other, node), to)
        return None if x is None or y is None else boolean(x == y)

    return evaluate
