# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever comes to an expression, it gives a value that is whole, or it refuses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_qti.errors import QtiError
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, record, single

POINTS = st.tuples(st.integers(0, 9), st.integers(0, 9))
SCALARS: dict[BaseType, st.SearchStrategy[Scalar]] = {
    BaseType.BOOLEAN: st.booleans(),
    BaseType.DURATION: st.floats(0, 1e9),
    BaseType.FLOAT: st.floats(),
    BaseType.IDENTIFIER: st.sampled_from(["A", "B"]),
    BaseType.INTEGER: st.integers(-(2**31), 2**31 - 1),
    BaseType.PAIR: st.just(("A", "B")),
    BaseType.POINT: POINTS,
    BaseType.STRING: st.text(min_size=1, max_size=5),
}
PYTHON: dict[BaseType, type] = {
    BaseType.BOOLEAN: bool,
    BaseType.FLOAT: float,
    BaseType.INTEGER: int,
    BaseType.STRING: str,
}
WORDS = ("0", "1", "2", "-1", "1.5", "1 2", "V", "{V}", "", "true", "mean", "sin", "atan2", "pi")
ATTRIBUTES: dict[str, st.SearchStrategy[str]] = {
    "base-type": st.sampled_from([*BaseType, "word"]),
    "case-sensitive": st.sampled_from(["true", "false"]),
    "coords": st.sampled_from(["0,0,5,5", "5,5,5", "0,0,4,0,0,4", "x"]),
    "field-identifier": st.just("a"),
    "identifier": st.just("V"),
    "name": st.sampled_from(["sin", "coth", "log", "exp", "floor", "mean", "popSD", "e"]),
    "pattern": st.text("ab[](){}|*+?.^$-,01\\pLd", max_size=8),
    "rounding-mode": st.sampled_from(["significantFigures", "decimalPlaces"]),
    "shape": st.sampled_from(["rect", "circle", "ellipse", "poly", "default"]),
    "tolerance-mode": st.sampled_from(["exact", "absolute", "relative"]),
    **{
        name: st.sampled_from(WORDS)
        for name in ("min", "max", "step", "n", "tolerance", "figures", "number-repeats")
    },
}


def values(base: BaseType) -> st.SearchStrategy[Value | None]:
    scalar = SCALARS[base]
    one = scalar.map(lambda member: single(base, member))
    several = st.builds(
        lambda kind, members: Value(kind, base, tuple(members)),
        st.sampled_from([Cardinality.MULTIPLE, Cardinality.ORDERED]),
        st.lists(scalar, min_size=1, max_size=4),
    )
    fields = one.map(lambda held: record({"a": held, "b": None}))
    return st.none() | one | several | fields


BASES = st.sampled_from(sorted(SCALARS))
ALIKE = BASES.flatmap(lambda base: st.lists(values(base), max_size=3))
MIXED = st.lists(BASES.flatmap(values), max_size=3)


def whole(held: Value) -> bool:
    if held.cardinality is Cardinality.RECORD:
        return bool(held.fields)
    alone = held.cardinality is not Cardinality.SINGLE or len(held.members) == 1
    kind = PYTHON.get(held.base)
    typed = kind is None or all(type(member) is kind for member in held.members)
    return bool(held.members) and alone and typed


@settings(max_examples=500, deadline=None)
@given(
    name=st.sampled_from(sorted(EXPRESSIONS)),
    operands=ALIKE | MIXED,
    attributes=st.fixed_dictionaries({}, optional=ATTRIBUTES),
    held=BASES.flatmap(values),
)
def test_an_expression_gives_a_whole_value_or_refuses(
    name: str, operands: list[Value | None], attributes: dict[str, str], held: Value | None
) -> None:
    node = Node(name=name, file="item.xml", line=1, attributes=attributes, text="1")
    constants = [lambda _, constant=constant: constant for constant in operands]
    try:
        found = EXPRESSIONS[name](node, constants, scope_of({}))(Frame({"V": held}))
    except QtiError:
        return
    assert found is None or whole(found)
