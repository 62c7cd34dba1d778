# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms that several expressions share, where only one step differs between them.

Each gives the closure of an expression; its NULL rule stands in the file of the element that uses
it. Knows no element by name.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isinf, isnan

from encrier_qti.model import Node
from encrier_qti.processing.numbers import whole
from encrier_qti.processing.programs import (
    Evaluate,
    Frame,
    alike,
    number,
    numbers,
    operand,
    some,
    truth,
    two,
    wrong,
)
from encrier_qti.values import (
    FALSE,
    MAX_MEMBERS,
    NUMERIC,
    TRUE,
    BaseType,
    Cardinality,
    Value,
    boolean,
    container,
    integer,
    real,
    single,
)

Number = int | float


def alone(
    node: Node, operands: Sequence[Evaluate], apply: Callable[[Value], Value | None]
) -> Evaluate:
    """What is made of one value; NULL if it is."""
    one = operand(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        return None if value is None else apply(value)

    return evaluate


def both(
    node: Node, operands: Sequence[Evaluate], apply: Callable[[Value, Value], Value | None]
) -> Evaluate:
    """What is made of two values; NULL if either is."""
    left, right = two(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        return None if one is None or other is None else apply(one, other)

    return evaluate


def comparing(
    node: Node,
    operands: Sequence[Evaluate],
    holds: Callable[[Number, Number], bool],
    *,
    read: Callable[[Value, Node], Number] = number,
) -> Evaluate:
    """Whether a relation holds between two numbers, as they are read; NULL if either is."""
    return both(
        node, operands, lambda one, other: boolean(holds(read(one, node), read(other, node)))
    )


def deciding(node: Node, operands: Sequence[Evaluate], *, decisive: bool) -> Evaluate:
    """A walk over booleans that stops at the first decisive one; else NULL if any is NULL."""
    each = some(node, operands)
    found, otherwise = (TRUE, FALSE) if decisive else (FALSE, TRUE)

    def evaluate(frame: Frame) -> Value | None:
        answer: Value | None = otherwise
        for one in each:
            value = one(frame)
            if value is None:
                answer = None
            elif truth(value, node) is decisive:
                return found
        return answer

    return evaluate


def accumulating(
    node: Node,
    operands: Sequence[Evaluate],
    *,
    start: int,
    step: Callable[[Number, list[Number]], Number],
) -> Evaluate:
    """One number from all numbers of all operands; NULL if any operand is, integer if all are."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        total: Number = start
        base = BaseType.INTEGER
        for one in each:
            value = one(frame)
            if value is None:
                return None
            total = step(total, numbers(value, node))
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        return integer(int(total)) if base is BaseType.INTEGER else real(total)

    return evaluate


def over_integers(
    node: Node, operands: Sequence[Evaluate], combine: Callable[..., int]
) -> Evaluate:
    """One integer from all integers of all operands; NULL if any operand is."""
    each = some(node, operands)

    def evaluate(frame: Frame) -> Value | None:
        found: list[int] = []
        for one in each:
            value = one(frame)
            if value is None:
                return None
            found += whole(value, node)
        return integer(combine(*found))

    return evaluate


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
            if value is not None and value.cardinality is Cardinality.RECORD:
                raise wrong(node, "des nombres sont attendus.")
            if value is None or value.base not in NUMERIC:
                return None
            found += numbers(value, node)
            if value.base is BaseType.FLOAT:
                base = BaseType.FLOAT
        chosen = choose(found)
        return single(base, float(chosen) if base is BaseType.FLOAT else chosen)

    return evaluate


def gathering(node: Node, operands: Sequence[Evaluate], kind: Cardinality) -> Evaluate:
    """A container of that kind, of all members of all operands that are not NULL: 1,000 at most."""
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
        if sum(len(value.members) for value in values) > MAX_MEMBERS:
            raise wrong(node, "le conteneur aurait trop de valeurs.")
        gathered = (member for value in values for member in value.members)
        return container(kind, values[0].base, gathered)

    return evaluate


def rounding(
    node: Node, operands: Sequence[Evaluate], to_integer: Callable[[Number], int]
) -> Evaluate:
    """An integer made of one number; an infinity stays one, as a float."""

    def apply(value: Value) -> Value | None:
        found = number(value, node)
        if isnan(found):
            return None
        return real(found) if isinf(found) else integer(to_integer(found))

    return alone(node, operands, apply)
