# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is drawn at random, always the same for a seed, and what others register."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from encrier_qti.errors import NotSupported, QtiError
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame, Operator
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import BaseType, Value, integer
from stagecraft.values_of_qti import NULL, row, text

given = pytest.mark.parametrize
Operators = dict[str, Operator]


def evaluate(
    element: str,
    operands: Sequence[Value | None],
    attributes: Mapping[str, str],
    *,
    frame: Frame | None = None,
    operators: Operators | None = None,
) -> Value | None:
    node = Node(name=f"qti-{element}", file="item.xml", line=1, attributes=attributes)
    constants = [lambda _, constant=constant: constant for constant in operands]
    scope = scope_of({}, operators=operators)
    return EXPRESSIONS[node.name](node, constants, scope)(Frame() if frame is None else frame)


def drawing(seed: str) -> Frame:
    frame = Frame()
    frame.chance = Random(seed)  # noqa: S311  to be repeated, not to be secret
    return frame


@given(
    ("element", "attributes", "operands", "possible"),
    [
        ("random", {}, [row(7, 8, 9)], {7, 8, 9}),
        ("random-integer", {"min": "2", "max": "11", "step": "3"}, [], {2, 5, 8, 11}),
        ("random-integer", {"min": "-1", "max": "1"}, [], {-1, 0, 1}),
        ("random-integer", {"max": "3", "step": "2"}, [], {0, 2}),
    ],
)
def test_every_value_is_drawn_and_no_other(
    element: str,
    attributes: dict[str, str],
    operands: list[Value | None],
    possible: set[int],
) -> None:
    found = set()
    for seed in range(100):
        drawn = evaluate(element, operands, attributes, frame=drawing(str(seed)))
        assert drawn is not None
        found.add(drawn.members[0])
    assert found == possible


def test_a_float_is_drawn_between_its_ends() -> None:
    ends = {"min": "2.5", "max": "2.75"}
    for seed in range(100):
        drawn = evaluate("random-float", [], ends, frame=drawing(str(seed)))
        assert drawn is not None
        assert isinstance(drawn.members[0], float)
        assert 2.5 <= drawn.members[0] <= 2.75


def test_without_a_seed_a_draw_is_always_the_same() -> None:
    one, other = (evaluate("random-float", [], {"max": "1"}) for _ in range(2))
    assert one == other


def test_a_draw_from_null_is_null() -> None:
    assert evaluate("random", [NULL], {}) is NULL


EXPLODE = "qtism.runtime.expressions.operators.custom.Explode"
IMPLODE = "qtism.runtime.expressions.operators.custom.Implode"


@given(
    ("named", "operands", "expected"),
    [
        (EXPLODE, [text("-"), text("a-b")], row("a", "b", of=BaseType.STRING)),
        (EXPLODE, [text("-"), text("a b")], row("a b", of=BaseType.STRING)),
        (EXPLODE, [text("-"), text("-")], NULL),
        (EXPLODE, [NULL, text("-")], NULL),
        (IMPLODE, [text("-"), row("a", "b", of=BaseType.STRING)], text("a-b")),
        (IMPLODE, [text("-"), NULL], NULL),
    ],
)
def test_the_text_operators_of_tao_are_known(
    named: str, operands: list[Value | None], expected: Value | None
) -> None:
    assert evaluate("custom-operator", operands, {"class": named}) == expected


@given(
    ("named", "operands"),
    [
        (EXPLODE, [text("-")]),
        (EXPLODE, [text("-"), integer(1)]),
        (IMPLODE, [text("-"), text("a")]),
        (IMPLODE, [text("-"), row(1)]),
    ],
)
def test_the_text_operators_of_tao_refuse_what_is_no_text(
    named: str, operands: list[Value | None]
) -> None:
    with pytest.raises(QtiError):
        evaluate("custom-operator", operands, {"class": named})


def test_an_operator_that_nobody_registered_is_refused_on_compiling() -> None:
    with pytest.raises(NotSupported):
        evaluate("custom-operator", [], {"class": "org.example.Guess"})


def test_a_caller_registers_operators_of_its_own() -> None:
    own: Operators = {"org.example.Count": lambda _, operands: integer(len(operands))}
    named = {"class": "org.example.Count"}
    found = evaluate("custom-operator", [NULL, NULL], named, operators=own)
    assert found == integer(2)
    with pytest.raises(NotSupported):
        evaluate("custom-operator", [text("-"), NULL], {"class": EXPLODE}, operators=own)
