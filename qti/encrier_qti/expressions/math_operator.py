# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-math-operator: a function of one number, or of two for atan2.

QTI 3.0 ASI information model, "MathOperator". Angles are in radians; `log` is
to base 10, `ln` natural. A single float, but an integer for signum, floor and
ceil; an infinity that those two meet stays one, as a float. What is too large
for a float is an infinity.

NULL: NULL if any operand is, or is not a number (NaN), or is outside the
natural domain of the function (log(0), asin(2), sin(INF)), or if a reciprocal
(sec, csc, cot, csch, coth) is that of 0.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.programs import (
    Evaluate,
    Frame,
    Scope,
    number,
    operand,
    refuse,
    two,
)
from encrier_qti.values import Value, integer, real

Number = int | float


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one call."""
    name = node.attributes.get("name", "").strip()
    if name == "atan2":
        return _atan2(node, *two(node, operands))
    function = _FUNCTIONS.get(name)
    if function is None:
        raise refuse(node, "cette fonction mathématique n’existe pas.")
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        return None if value is None else _result(function, number(value, node))

    return evaluate


def _atan2(node: Node, left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        angle = math.atan2(number(one, node), number(other, node))
        return None if math.isnan(angle) else real(angle)

    return evaluate


def _result(function: Callable[[Number], Number], x: Number) -> Value | None:
    if math.isnan(x):
        return None
    try:
        found = function(x)
    except (ValueError, ZeroDivisionError):
        return None
    return integer(found) if isinstance(found, int) else real(found)


def _sinh(x: Number) -> float:
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


def _cosh(x: Number) -> float:
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


def _exp(x: Number) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _outside(x: Number) -> Number:
    """The domain of asec and acsc."""
    if abs(x) < 1:
        raise ValueError
    return x


def _whole(to_integer: Callable[[Number], int]) -> Callable[[Number], Number]:
    return lambda x: x if math.isinf(x) else to_integer(x)


_FUNCTIONS: Final[dict[str, Callable[[Number], Number]]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x),
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "asec": lambda x: math.acos(1 / _outside(x)),
    "acsc": lambda x: math.asin(1 / _outside(x)),
    "acot": lambda x: math.atan(1 / x) if x else math.pi / 2,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": math.tanh,
    "sech": lambda x: 1 / _cosh(x),
    "csch": lambda x: 1 / _sinh(x),
    "coth": lambda x: 1 / math.tanh(x),
    "log": math.log10,
    "ln": math.log,
    "exp": _exp,
    "abs": lambda x: float(abs(x)),
    "signum": lambda x: (x > 0) - (x < 0),
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}
