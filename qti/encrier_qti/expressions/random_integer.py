# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-random-integer: an integer drawn from min, min + step, … up to max.

QTI 3.0 ASI information model, "RandomInteger".

NULL: never; an end that a variable holds cannot be NULL.
"""

from collections.abc import Sequence
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.chance import drawn
from encrier_qti.processing.numbers import one_whole
from encrier_qti.processing.programs import Evaluate, Frame, Scope, none, written_amount, wrong
from encrier_qti.values import BaseType, Value, integer

_DEFAULTS: Final = {"min": "0", "max": "", "step": "1"}


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one draw."""
    none(node, operands)
    amounts = [
        written_amount(node, node.attributes.get(name, default).strip(), BaseType.INTEGER)
        for name, default in _DEFAULTS.items()
    ]

    def evaluate(frame: Frame) -> Value | None:
        held = [each for each in (one(frame) for one in amounts) if each is not None]
        if len(held) < len(_DEFAULTS):
            raise wrong(node, "min, max et step ne peuvent pas être NULL.")
        low, high, step = (one_whole(each, node) for each in held)
        if low > high or step < 1:
            raise wrong(node, "min ne peut pas dépasser max, ni step être moindre que 1.")
        return integer(low + step * int(drawn(frame, node) * ((high - low) // step + 1)))

    return evaluate
