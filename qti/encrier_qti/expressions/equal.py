# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-equal: whether two numbers are equal, exactly or within a tolerance.

QTI 3.0 ASI information model, "Equal". With the first number x and the
tolerance t0 t1 (t1 is t0 if absent), the second must be from x - t0 to x + t1
(absolute) or from x (1 - t0/100) to x (1 + t1/100) (relative). For a negative x
the two ends of a relative range are put back in order; the specification is
silent and TAO's engine then never answers true.

NULL: NULL if either operand is, or the first tolerance, which a variable may
hold; a second one that is NULL is as the first.
"""

from collections.abc import Callable, Sequence
from operator import eq
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.forms import comparing
from encrier_qti.processing.programs import (
    Evaluate,
    Frame,
    Scope,
    flag,
    number,
    refuse,
    two,
    written_amount,
)
from encrier_qti.values import BaseType, Value, boolean

Range = Callable[[float, float, float], tuple[float, float]]
_PERCENT: Final = 100


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a comparison with a range."""
    mode = node.attributes.get("tolerance-mode", "exact")
    if mode == "exact":
        return comparing(node, operands, eq)
    left, right = two(node, operands)
    if mode not in _RANGES:
        raise refuse(node, "tolerance-mode doit être exact, absolute ou relative.")
    written = node.attributes.get("tolerance", "").split()
    if len(written) not in {1, 2}:
        raise refuse(node, "l’attribut tolerance doit avoir un ou deux nombres.")
    down, up = (written_amount(node, each, BaseType.FLOAT) for each in (written * 2)[:2])
    reach, with_low, with_high = _RANGES[mode], *_ends(node)

    def evaluate(frame: Frame) -> Value | None:
        one, other, below, above = left(frame), right(frame), down(frame), up(frame)
        if one is None or other is None or below is None:
            return None
        down_by = number(below, node)
        up_by = down_by if above is None else number(above, node)
        low, high = reach(number(one, node), down_by, up_by)
        y = number(other, node)
        enough = y >= low if with_low else y > low
        return boolean(enough and (y <= high if with_high else y < high))

    return evaluate


def _ends(node: Node) -> tuple[bool, bool]:
    return (
        flag(node, "include-lower-bound", default=True),
        flag(node, "include-upper-bound", default=True),
    )


def _absolute(x: float, below: float, above: float) -> tuple[float, float]:
    return x - below, x + above


def _relative(x: float, below: float, above: float) -> tuple[float, float]:
    ends = x * (1 - below / _PERCENT), x * (1 + above / _PERCENT)
    return min(ends), max(ends)


_RANGES: Final[dict[str, Range]] = {"absolute": _absolute, "relative": _relative}
