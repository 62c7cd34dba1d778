# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of one expression: its operands or its children, and the value it gives.

A case that draws at random is held to what does not depend on the draw: type,
cardinality, NULL, and the range where the element tells one.
"""

from typing import Final

from msgspec.structs import replace

from encrier_qti.cases.recorded import BadCase, Case, mapping, node, value, variables
from encrier_qti.cases.verdict import agree, difference
from encrier_qti.checks.static_types import in_rules
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import BaseType, Cardinality, Value

# NULL "if any value contained therein is NULL" (StatsOperator and its kin). Our containers hold no
# NULL: it is left out where one is made. So such an operand is posed as what it comes to, NULL.
_OF_NUMBERS: Final = frozenset(
    f"qti-{name}" for name in ("gcd", "lcm", "max", "min", "product", "stats-operator", "sum")
)


def run(case: Case) -> str | None:
    """Give the difference, None if there is none. Raises what the expression refuses."""
    element = node(case)
    found = _evaluated(case, element)
    if "error" in case:
        _check_types(case, element)
        return None
    expected = value(case.get("result"))
    if case.get("deterministic") is False:
        return _drawn(case, element, found, expected)
    return difference(found, expected)


def _evaluated(case: Case, element: Node) -> Value | None:
    declared, frame = variables(case)
    scope = scope_of(declared)
    if "operands" not in case:
        return scope.expression(element)(frame)
    build = EXPRESSIONS.get(element.name)
    if build is None:
        return scope.expression(element)(frame)  # which refuses it by its name
    operands = [_constant(_operand(each, element)) for each in _written(case)]
    return build(element, operands, scope)(frame)


def _check_types(case: Case, element: Node) -> None:
    """Raise what our gate tells an author of an expression over variables of these types.

    To the recorded engine an empty container of a wrong type is an error when
    it comes; to ours it is NULL then, and was refused before.
    """
    typed = [mapping(each, "a value") for each in _written(case) if each is not None]
    declared, _ = variables(
        {
            "state": {
                f"operand {rank}": {**each, "kind": "outcome", "value": each}
                for rank, each in enumerate(typed)
            }
        }
    )
    over = tuple(
        replace(element, name="qti-variable", attributes={"identifier": name}, children=())
        for name in declared
    )
    for told in in_rules([replace(element, children=over)], declared):
        raise told


def _written(case: Case) -> list[object]:
    written = case.get("operands", [])
    if not isinstance(written, list):
        raise BadCase("operands that are no list")
    return written


def _operand(written: object, element: Node) -> Value | None:
    """Read an operand; one that holds a NULL is NULL to the operators of numbers."""
    held = written.get("values") if isinstance(written, dict) else None
    if element.name in _OF_NUMBERS and isinstance(held, list) and None in held:
        return None
    return value(written)


def _constant(held: Value | None) -> Evaluate:
    def evaluate(_: Frame) -> Value | None:
        return held

    return evaluate


def _drawn(case: Case, element: Node, found: Value | None, expected: Value | None) -> str | None:
    if found is None or expected is None:
        return difference(found, expected)
    if (found.cardinality, found.base) != (expected.cardinality, expected.base):
        return difference(found, expected)
    operands = case.get("operands")
    drawn = found.members[0]
    if isinstance(operands, list) and operands:
        pool = value(operands[0])
        one = Value(Cardinality.SINGLE, found.base, (drawn,))
        kept = pool and any(
            agree(one, Value(Cardinality.SINGLE, pool.base, (each,))) for each in pool.members
        )
        return None if kept else f"drawn {drawn}, not among the operands"
    low, high = (element.attributes.get(name, "") for name in ("min", "max"))
    if found.base in {BaseType.INTEGER, BaseType.FLOAT} and isinstance(drawn, int | float):
        try:
            kept = float(low or 0) <= drawn <= float(high)
        except ValueError:
            return None  # an end that a variable holds
        return None if kept else f"drawn {drawn}, not from {low} to {high}"
    return None
