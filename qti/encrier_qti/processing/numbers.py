# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers in values, and rounding as people write it. Knows no element by name."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import isfinite, isnan

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, amount, refuse, wrong
from encrier_qti.values import BaseType, Cardinality, Value

Places = tuple[bool, int]  # whether they are significant figures (or decimal places), how many


def whole(value: Value, node: Node) -> list[int]:
    """The integers in an integer value of any cardinality but record."""
    if value.base is not BaseType.INTEGER:
        raise wrong(node, "un entier est attendu.")
    return [member for member in value.members if isinstance(member, int)]


def one_whole(value: Value, node: Node) -> int:
    """The integer in a single integer value."""
    if value.cardinality is not Cardinality.SINGLE:
        raise wrong(node, "un entier est attendu.")
    return whole(value, node)[0]


def duration(value: Value, node: Node) -> float:
    """The seconds in a single duration."""
    member = value.members[0] if value.members else None
    if (
        value.base is not BaseType.DURATION
        or value.cardinality is not Cardinality.SINGLE
        or not isinstance(member, int | float)
    ):
        raise wrong(node, "une durée simple est attendue.")
    return member


def rounding_of(node: Node) -> Callable[[Frame], Places]:
    """Read `rounding-mode` and `figures`, which a variable may hold."""
    mode = node.attributes.get("rounding-mode", "significantFigures").strip()
    if mode not in {"significantFigures", "decimalPlaces"}:
        raise refuse(node, "rounding-mode doit être significantFigures ou decimalPlaces.")
    significant = mode == "significantFigures"
    figures = amount(node, "figures", BaseType.INTEGER)

    def places(frame: Frame) -> Places:
        held = figures(frame)
        if held is None or one_whole(held, node) < (1 if significant else 0):
            raise wrong(node, "figures doit être un entier assez grand pour cet arrondi.")
        return significant, one_whole(held, node)

    return places


def rounded(number: float, places: Places) -> float | None:
    """Round by the decimal digits of a number, a 5 away from 0; None for a NaN."""
    if not isfinite(number):
        return None if isnan(number) else number
    written = Decimal(repr(number))
    significant, count = places
    last = written.adjusted() - count + 1 if significant else -count
    digits = written.as_tuple()
    if not written or not isinstance(digits.exponent, int) or digits.exponent >= last:
        return float(number)
    with localcontext() as context:
        context.prec = len(digits.digits) + 1
        return float(written.quantize(Decimal((0, (1,), last)), ROUND_HALF_UP))
