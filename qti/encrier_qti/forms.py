# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms that several expressions share, where only one step differs between them.

Each gives the closure of an expression; its NULL rule stands in the file of the element that uses
it. Knows no element by name.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isinf, isnan

from encrier_qti.model import Node
from encrier_qti.programs import (
    NUMERIC,
    Evaluate,
    Frame,
    alike,
    number,
    numbers,
    operand,
    some,
    wrong,
)
from encrier_qti.values import BaseType, Cardinality, Value, container, integer, real, single

Number = int | float


def extreme(
    node: Node, operands: Sequence[Evaluate], choose: Callable[[Iterable[Number]], Number]
) -> Evaluate:
    """One number chosen among all numbers of all operands; an integer if all are."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        found: list[Number] = []
        base = BaseType.INTEGER
        for one in each:
            value = one(frame)
            if value is None or value.base not in NUMERIC:
                return None
            found += numbers(value, node)
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        chosen = choose(found)
        return single(base, float(chosen) if base is BaseType.FLOAT else chosen)

    return evaluate


def gathering(node: Node, operands: Sequence[Evaluate], kind: Cardinality) -> Evaluate:
    """A container of that kind, of all members of all operands that are not NULL."""
    each = tuple(operands)
    taken = {Cardinality.SINGLE, kind}

    def evaluate(frame: Frame) -> Value | None:
        values = [value for value in (one(frame) for one in each) if value is not None]
        for value in values:
            alike(values[0], value, node)
            if value.cardinality not in taken:
                raise wrong(node, "une valeur simple ou un conteneur semblable est attendu.")
        if not values:
            return None
        gathered = (member for value in values for member in value.members)
        return container(kind, values[0].base, gathered)

    return evaluate


def rounding(
    node: Node, operands: Sequence[Evaluate], to_integer: Callable[[Number], int]
) -> Evaluate:
    """An integer made of one number; an infinity stays one, as a float."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        found = number(value, node)
        if isnan(found):
            return None
        return real(found) if isinf(found) else integer(to_integer(found))

    return evaluate
