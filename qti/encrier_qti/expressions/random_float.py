# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-random-float: a float drawn from [min, max]. QTI 3.0 ASI information model, "RandomFloat".

NULL: never; an end that a variable holds cannot be NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.chance import drawn
from encrier_qti.processing.programs import (
    Evaluate,
    Frame,
    Scope,
    none,
    number,
    written_amount,
    wrong,
)
from encrier_qti.values import BaseType, Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one draw."""
    none(node, operands)
    ends = [
        written_amount(node, node.attributes.get(name, default).strip(), BaseType.FLOAT)
        for name, default in (("min", "0"), ("max", ""))
    ]

    def evaluate(frame: Frame) -> Value | None:
        least, most = (end(frame) for end in ends)
        if least is None or most is None:
            raise wrong(node, "min et max ne peuvent pas être NULL.")
        low, high = float(number(least, node)), float(number(most, node))
        if not low <= high:
            raise wrong(node, "min ne peut pas dépasser max.")
        return real(min(low + (high - low) * drawn(frame, node), high))

    return evaluate
