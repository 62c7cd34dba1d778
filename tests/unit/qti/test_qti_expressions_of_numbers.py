# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operators of numbers, durations, points and records: what each gives, and its NULL rule.

Written from the QTI 3.0 ASI information model, not from the engine.
"""

import math

import pytest

from encrier_qti.errors import QtiError, WrongType
from encrier_qti.values import (
    FALSE,
    TRUE,
    BaseType,
    Value,
    integer,
    real,
    record,
)
from stagecraft.values_of_qti import NULL, at, bag, evaluate, lasting, row, text

INF = math.inf
given = pytest.mark.parametrize


PERSON = record({"age": integer(11), "name": NULL})


@given(
    ("element", "operands", "expected"),
    [
        ("duration-lt", [lasting(1), lasting(2)], TRUE),
        ("duration-lt", [lasting(2), lasting(2)], FALSE),
        ("duration-lt", [NULL, lasting(2)], NULL),
        ("duration-gte", [lasting(2), lasting(2)], TRUE),
        ("duration-gte", [lasting(2), NULL], NULL),
        ("gcd", [integer(45), bag(60, 330)], integer(15)),
        ("gcd", [integer(0), integer(0)], integer(0)),
        ("gcd", [integer(0), row(7)], integer(7)),
        ("gcd", [integer(-4), integer(6)], integer(2)),
        ("gcd", [integer(4), NULL], NULL),
        ("lcm", [integer(4), bag(6)], integer(12)),
        ("lcm", [integer(4), integer(0)], integer(0)),
        ("lcm", [NULL], NULL),
        ("integer-divide", [integer(7), integer(2)], integer(3)),
        ("integer-divide", [integer(-7), integer(2)], integer(-4)),
        ("integer-divide", [integer(7), integer(0)], NULL),
        ("integer-divide", [NULL, integer(2)], NULL),
        ("integer-modulus", [integer(7), integer(2)], integer(1)),
        ("integer-modulus", [integer(49), integer(-5)], integer(-1)),
        ("integer-modulus", [integer(7), integer(0)], NULL),
        ("power", [integer(2), integer(8)], real(256.0)),
        ("power", [integer(0), integer(0)], real(1.0)),
        ("power", [integer(-20), real(3.4)], NULL),
        ("power", [integer(0), integer(-1)], NULL),
        ("power", [integer(10), integer(400)], NULL),
        ("power", [integer(10), integer(-400)], NULL),
        ("power", [real(INF), integer(2)], real(INF)),
        ("power", [NULL, integer(2)], NULL),
        ("match", [PERSON, PERSON], TRUE),
        ("match", [PERSON, record({"age": integer(12), "name": NULL})], FALSE),
        ("is-null", [PERSON], FALSE),
        ("is-null", [record({})], TRUE),
    ],
)
def test_an_operator_gives(
    element: str, operands: list[Value | None], expected: Value | None
) -> None:
    assert evaluate(element, *operands) == expected


@given(
    ("element", "attributes", "operands", "expected"),
    [
        ("field-value", {"field_identifier": "age"}, [PERSON], integer(11)),
        ("field-value", {"field_identifier": "name"}, [PERSON], NULL),
        ("field-value", {"field_identifier": "size"}, [PERSON], NULL),
        ("field-value", {"field_identifier": "age"}, [NULL], NULL),
        ("inside", {"shape": "rect", "coords": "0,0,5,3"}, [at(5, 3)], TRUE),
        ("inside", {"shape": "rect", "coords": "0,0,5,3"}, [at(6, 3)], FALSE),
        ("inside", {"shape": "circle", "coords": "5,5,5"}, [at(5, 1)], TRUE),
        ("inside", {"shape": "circle", "coords": "5,5,5"}, [at(5, 0)], FALSE),
        ("inside", {"shape": "ellipse", "coords": "0,0,4,2"}, [at(3, 1)], TRUE),
        ("inside", {"shape": "ellipse", "coords": "0,0,4,2"}, [at(3, 2)], FALSE),
        ("inside", {"shape": "poly", "coords": "0,0,4,0,0,4"}, [at(2, 2)], TRUE),
        ("inside", {"shape": "poly", "coords": "0,0,4,0,0,4"}, [at(3, 2)], FALSE),
        ("inside", {"shape": "default"}, [at(99, 99)], TRUE),
        ("inside", {"shape": "default", "coords": "0,0,100%,100%"}, [at(99, 99)], TRUE),
        (
            "inside",
            {"shape": "rect", "coords": "0,0,5,3"},
            [bag((9, 9), (1, 1), of=BaseType.POINT)],
            TRUE,
        ),
        ("inside", {"shape": "rect", "coords": "0,0,5,3"}, [NULL], NULL),
        ("math-constant", {"name": "pi"}, [], real(math.pi)),
        ("math-constant", {"name": "e"}, [], real(math.e)),
        ("repeat", {"number_repeats": "2"}, [integer(1), NULL, row(2)], row(1, 2, 1, 2)),
        ("repeat", {"number_repeats": "0"}, [integer(1)], NULL),
        ("repeat", {"number_repeats": "2"}, [NULL], NULL),
        ("repeat", {"number_repeats": "N"}, [integer(1)], row(1, 1, 1)),
        ("repeat", {"number_repeats": "{N}"}, [integer(1)], row(1, 1, 1)),
        ("stats-operator", {"name": "mean"}, [bag(1, 2)], real(1.5)),
        ("stats-operator", {"name": "sampleVariance"}, [row(1, 3)], real(2.0)),
        ("stats-operator", {"name": "sampleVariance"}, [row(1)], NULL),
        ("stats-operator", {"name": "sampleSD"}, [row(1, 3, 5)], real(2.0)),
        ("stats-operator", {"name": "popVariance"}, [row(1, 3)], real(1.0)),
        ("stats-operator", {"name": "popSD"}, [row(1, 3)], real(1.0)),
        ("stats-operator", {"name": "mean"}, [bag(INF, -INF, of=BaseType.FLOAT)], NULL),
        ("stats-operator", {"name": "mean"}, [NULL], NULL),
    ],
)
def test_an_operator_with_attributes_gives(
    element: str,
    attributes: dict[str, str],
    operands: list[Value | None],
    expected: Value | None,
) -> None:
    assert evaluate(element, *operands, **attributes) == expected


@given(
    ("mode", "figures", "number", "expected"),
    [
        ("significantFigures", "3", integer(1_239_451), 1_240_000.0),
        ("significantFigures", "3", real(12.1257), 12.1),
        ("significantFigures", "3", real(0.0681), 0.0681),
        ("significantFigures", "1", real(-0.95), -1.0),
        ("significantFigures", "2", real(0.0), 0.0),
        ("significantFigures", "400", real(1.5), 1.5),
        ("decimalPlaces", "0", real(3.5), 4.0),
        ("decimalPlaces", "2", real(5.055), 5.06),
        ("decimalPlaces", "2", real(-5.045), -5.05),
        ("decimalPlaces", "1", real(1e300), 1e300),
        ("decimalPlaces", "2", real(INF), INF),
    ],
)
def test_rounding_looks_at_the_digits_as_they_are_written(
    mode: str, figures: str, number: Value, expected: float
) -> None:
    """The examples of the specification, and the ends."""
    assert evaluate("round-to", number, rounding_mode=mode, figures=figures) == real(expected)


def test_rounding_a_nan_or_null_is_null() -> None:
    how = {"rounding_mode": "decimalPlaces", "figures": "1"}
    assert evaluate("round-to", real(math.nan), **how) is NULL
    assert evaluate("round-to", NULL, **how) is NULL


@given(
    ("mode", "figures", "one", "other", "expected"),
    [
        ("significantFigures", "3", 3.175, 3.183, TRUE),
        ("significantFigures", "3", 3.175, 3.1749, FALSE),
        ("decimalPlaces", "2", 1.68572, 1.69, TRUE),
        ("decimalPlaces", "2", 1.68572, 1.68432, FALSE),
        ("decimalPlaces", "2", math.nan, 1.69, NULL),
    ],
)
def test_equal_once_rounded(
    mode: str, figures: str, one: float, other: float, expected: Value | None
) -> None:
    """The four examples of the specification, and a NaN."""
    how = {"rounding_mode": mode, "figures": figures}
    assert evaluate("equal-rounded", real(one), real(other), **how) == expected


@given(
    ("name", "x", "expected"),
    [
        ("sin", 0, 0.0),
        ("sin", INF, NULL),
        ("sec", 0, 1.0),
        ("csc", 0, NULL),
        ("cot", 0, NULL),
        ("asin", 2, NULL),
        ("acos", 1, 0.0),
        ("asec", 0.5, NULL),
        ("asec", 2, math.acos(0.5)),
        ("asec", INF, math.pi / 2),
        ("acsc", 2, math.asin(0.5)),
        ("acot", 0, math.pi / 2),
        ("acot", INF, 0.0),
        ("sinh", -1000, -INF),
        ("cosh", 1000, INF),
        ("sech", 0, 1.0),
        ("sech", 1000, 0.0),
        ("csch", 0, NULL),
        ("csch", INF, 0.0),
        ("coth", 0, NULL),
        ("coth", -INF, -1.0),
        ("log", 1000, 3.0),
        ("log", 0, NULL),
        ("ln", -1, NULL),
        ("ln", INF, INF),
        ("exp", -INF, 0.0),
        ("exp", 1000, INF),
        ("abs", -24, 24.0),
        ("toDegrees", math.pi, 180.0),
        ("toRadians", 180, math.pi),
        ("abs", math.nan, NULL),
        ("floor", INF, INF),
    ],
)
def test_a_function_gives_a_float_or_null_outside_its_domain(
    name: str, x: float, expected: float | None
) -> None:
    found = evaluate("math-operator", integer(x) if isinstance(x, int) else real(x), name=name)
    assert found == (NULL if expected is None else real(expected))


@given(("name", "x", "expected"), [("signum", -0.1, -1), ("floor", -3.1, -4), ("ceil", 3.1, 4)])
def test_three_functions_give_an_integer(name: str, x: float, expected: int) -> None:
    assert evaluate("math-operator", real(x), name=name) == integer(expected)


@given(
    ("y", "x", "expected"),
    [(1, INF, 0.0), (1, -INF, math.pi), (INF, -INF, 3 * math.pi / 4), (math.nan, 1.0, NULL)],
)
def test_atan2_takes_two_numbers(y: float, x: float, expected: float | None) -> None:
    found = evaluate("math-operator", real(y), real(x), name="atan2")
    assert found == (NULL if expected is None else real(expected))


@given(
    ("element", "attributes", "operands"),
    [
        ("duration-lt", {}, [lasting(1), real(2.0)]),
        ("duration-gte", {}, [lasting(1), bag(1.0, of=BaseType.DURATION)]),
        ("gcd", {}, [real(4.0)]),
        ("lcm", {}, [PERSON]),
        ("integer-divide", {}, [integer(4), real(2.0)]),
        ("integer-modulus", {}, [bag(4), integer(2)]),
        ("power", {}, [integer(4), text("2")]),
        ("equal", {}, [PERSON, integer(1)]),
        ("max", {}, [PERSON]),
        ("field-value", {"field_identifier": "age"}, [integer(1)]),
        ("inside", {"shape": "default"}, [integer(1)]),
        ("math-operator", {"name": "sin"}, [TRUE]),
        ("repeat", {"number_repeats": "1"}, [bag(1)]),
        ("repeat", {"number_repeats": "NOBODY"}, [integer(1)]),
        ("repeat", {"number_repeats": "1001"}, [integer(1)]),
        ("round-to", {"figures": "0"}, [real(1.0)]),
        ("round-to", {"figures": "-1", "rounding_mode": "decimalPlaces"}, [real(1.0)]),
        ("round-to", {"figures": "3"}, [text("1")]),
        ("stats-operator", {"name": "mean"}, [real(1.0)]),
        ("stats-operator", {"name": "mean"}, [bag("a", of=BaseType.STRING)]),
        ("random", {}, [integer(1)]),
        ("random-integer", {"min": "3", "max": "2"}, []),
        ("random-integer", {"max": "2", "step": "0"}, []),
        ("random-integer", {"max": "NOBODY"}, []),
        ("random-float", {"min": "3", "max": "2"}, []),
        ("pattern-match", {"pattern": "a"}, [integer(1)]),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_and_not_null(
    element: str, attributes: dict[str, str], operands: list[Value | None]
) -> None:
    with pytest.raises(WrongType):
        evaluate(element, *operands, **attributes)


@given(
    ("element", "attributes", "operands"),
    [
        ("field-value", {}, [PERSON]),
        ("inside", {"shape": "star", "coords": "1,2"}, [at(1, 1)]),
        ("inside", {"shape": "poly", "coords": "1,2,3,4,5"}, [at(1, 1)]),
        ("math-constant", {"name": "phi"}, []),
        ("math-operator", {"name": "sinc"}, [real(1.0)]),
        ("math-operator", {"name": "atan2"}, [real(1.0)]),
        ("stats-operator", {"name": "median"}, [bag(1)]),
        ("round-to", {"figures": "1", "rounding_mode": "up"}, [real(1.0)]),
        ("pattern-match", {"pattern": "["}, [text("a")]),
        ("number-correct", {}, []),  # in an item
    ],
)
def test_an_operator_written_wrong_does_not_compile(
    element: str, attributes: dict[str, str], operands: list[Value | None]
) -> None:
    with pytest.raises(QtiError):
        evaluate(element, *operands, **attributes)
