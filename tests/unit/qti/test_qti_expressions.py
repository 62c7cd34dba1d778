# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each expression by itself: what it gives, and what NULL makes of it.

Written from the QTI 3.0 ASI information model, not from the engine.
"""

import pytest

from encrier_qti.errors import QtiError, WrongType
from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import FALSE, TRUE, BaseType, Value, integer, real
from stagecraft.values_of_qti import NULL, bag, evaluate, row, text

given = pytest.mark.parametrize


@given(
    ("element", "operands", "expected"),
    [
        ("is-null", [NULL], TRUE),
        ("is-null", [text("a")], FALSE),
        ("not", [TRUE], FALSE),
        ("not", [NULL], NULL),
        ("and", [TRUE, TRUE], TRUE),
        ("and", [TRUE, NULL], NULL),
        ("and", [NULL, FALSE], FALSE),
        ("or", [FALSE, NULL], NULL),
        ("or", [NULL, TRUE], TRUE),
        ("or", [FALSE, FALSE], FALSE),
        ("match", [bag(1, 2), bag(2, 1)], TRUE),
        ("match", [bag(1, 1, 2), bag(1, 2, 2)], FALSE),
        ("match", [row(1, 2), row(2, 1)], FALSE),
        ("match", [NULL, integer(1)], NULL),
        ("member", [integer(2), bag(1, 2)], TRUE),
        ("member", [integer(2), NULL], NULL),
        ("contains", [bag(1, 2, 3), bag(3, 1)], TRUE),
        ("contains", [bag(1, 2), bag(1, 1)], FALSE),
        ("contains", [row(1, 2, 3), row(2, 3)], TRUE),
        ("contains", [row(1, 2, 3), row(1, 3)], FALSE),
        ("contains", [NULL, bag(1)], NULL),
        ("delete", [integer(1), bag(1, 2, 1)], bag(2)),
        ("delete", [integer(1), bag(1, 1)], NULL),
        ("delete", [NULL, bag(1)], NULL),
        ("multiple", [integer(1), NULL, bag(2)], bag(1, 2)),
        ("multiple", [NULL], NULL),
        ("ordered", [integer(2), row(1)], row(2, 1)),
        ("ordered", [], NULL),
        ("container-size", [bag(7, 7)], integer(2)),
        ("container-size", [NULL], integer(0)),
        ("sum", [integer(1), bag(2, 3)], integer(6)),
        ("sum", [integer(1), real(0.5)], real(1.5)),
        ("sum", [integer(1), NULL], NULL),
        ("product", [integer(2), row(3, 4)], integer(24)),
        ("product", [NULL], NULL),
        ("subtract", [integer(1), real(0.5)], real(0.5)),
        ("subtract", [NULL, integer(1)], NULL),
        ("divide", [integer(1), integer(2)], real(0.5)),
        ("divide", [integer(1), integer(0)], NULL),
        ("divide", [integer(1), NULL], NULL),
        ("divide", [real(1e300), real(1e-300)], NULL),
        ("divide", [real(float("inf")), real(float("inf"))], NULL),
        ("divide", [real(float("inf")), integer(2)], real(float("inf"))),
        ("gt", [integer(2), real(1.5)], TRUE),
        ("gt", [integer(2), NULL], NULL),
        ("gte", [integer(2), integer(2)], TRUE),
        ("gte", [NULL, integer(2)], NULL),
        ("lt", [integer(2), integer(2)], FALSE),
        ("lt", [NULL, NULL], NULL),
        ("lte", [integer(2), integer(2)], TRUE),
        ("lte", [integer(2), NULL], NULL),
        ("min", [integer(3), bag(2, 5)], integer(2)),
        ("min", [integer(3), real(2.5)], real(2.5)),
        ("min", [NULL], NULL),
        ("max", [integer(3), real(2.5)], real(3.0)),
        ("max", [integer(3), text("9")], NULL),
        ("max", [integer(3), NULL], NULL),
        ("round", [real(6.5)], integer(7)),
        ("round", [real(-6.5)], integer(-6)),
        ("round", [real(0.49999999999999994)], integer(0)),
        ("round", [integer(7)], integer(7)),
        ("round", [real(float("nan"))], NULL),
        ("round", [NULL], NULL),
        ("truncate", [real(-6.8)], integer(-6)),
        ("truncate", [real(float("inf"))], real(float("inf"))),
        ("truncate", [NULL], NULL),
        ("integer-to-float", [integer(3)], real(3.0)),
        ("integer-to-float", [NULL], NULL),
        ("null", [], NULL),
    ],
)
def test_an_expression_gives(
    element: str, operands: list[Value | None], expected: Value | None
) -> None:
    assert evaluate(element, *operands) == expected


@given(
    ("operands", "expected"),
    [
        ([TRUE, TRUE, FALSE, NULL], NULL),
        ([TRUE, FALSE, FALSE, NULL], FALSE),
        ([TRUE, TRUE, TRUE, NULL], TRUE),
        ([TRUE, TRUE, TRUE, TRUE, TRUE], FALSE),
    ],
)
def test_any_n_says_null_only_if_null_could_decide(
    operands: list[Value | None], expected: Value | None
) -> None:
    """The three examples of the specification, and one too many."""
    assert evaluate("any-n", *operands, min="3", max="4") == expected


@given(
    ("element", "attributes", "operands", "expected"),
    [
        ("string-match", {"case_sensitive": "true"}, [text("Été"), text("été")], FALSE),
        ("string-match", {"case_sensitive": "false"}, [text("Été"), text("ÉTÉ")], TRUE),
        ("string-match", {"case_sensitive": "true"}, [text("a"), NULL], NULL),
        (
            "string-match",
            {"case_sensitive": "false", "substring": "true"},
            [text("Bordeaux"), text("EAU")],
            TRUE,
        ),
        ("substring", {"case_sensitive": "true"}, [text("eau"), text("Bordeaux")], TRUE),
        ("substring", {"case_sensitive": "true"}, [text("Bordeaux"), text("eau")], FALSE),
        ("substring", {"case_sensitive": "false"}, [NULL, text("eau")], NULL),
        ("equal", {}, [integer(1), real(1.0)], TRUE),
        ("equal", {}, [integer(1), NULL], NULL),
        (
            "equal",
            {"tolerance_mode": "absolute", "tolerance": "0.5"},
            [real(2), real(2.5)],
            TRUE,
        ),
        (
            "equal",
            {"tolerance_mode": "absolute", "tolerance": "0.5", "include_upper_bound": "false"},
            [real(2), real(2.5)],
            FALSE,
        ),
        (
            "equal",
            {"tolerance_mode": "absolute", "tolerance": "0.5 2"},
            [real(2), real(4)],
            TRUE,
        ),
        (
            "equal",
            {"tolerance_mode": "relative", "tolerance": "10"},
            [integer(100), integer(91)],
            TRUE,
        ),
        (
            "equal",
            {"tolerance_mode": "relative", "tolerance": "10"},
            [integer(-100), integer(-91)],
            TRUE,
        ),
        (
            "equal",
            {"tolerance_mode": "relative", "tolerance": "10"},
            [integer(100), integer(89)],
            FALSE,
        ),
        ("index", {"n": "2"}, [row(7, 8)], integer(8)),
        ("index", {"n": "3"}, [row(7, 8)], NULL),
        ("index", {"n": "1"}, [NULL], NULL),
    ],
)
def test_an_expression_with_attributes_gives(
    element: str,
    attributes: dict[str, str],
    operands: list[Value | None],
    expected: Value | None,
) -> None:
    assert evaluate(element, *operands, **attributes) == expected


@given(
    ("element", "attributes", "operands"),
    [
        ("and", {}, [integer(1)]),
        ("not", {}, [text("true")]),
        ("match", {}, [integer(1), real(1.0)]),
        ("match", {}, [integer(1), bag(1)]),
        ("member", {}, [bag(1), bag(1)]),
        ("contains", {}, [bag(1), row(1)]),
        ("delete", {}, [integer(1), bag("a", of=BaseType.STRING)]),
        ("multiple", {}, [integer(1), text("1")]),
        ("multiple", {}, [row(1)]),
        ("container-size", {}, [integer(1)]),
        ("sum", {}, [text("1")]),
        ("divide", {}, [bag(1), integer(1)]),
        ("gt", {}, [integer(1), TRUE]),
        ("round", {}, [text("1")]),
        ("integer-to-float", {}, [real(1)]),
        ("string-match", {"case_sensitive": "true"}, [text("1"), integer(1)]),
        ("index", {"n": "1"}, [bag(1)]),
        ("index", {"n": "0"}, [row(1)]),
        ("any-n", {"min": "nobody", "max": "1"}, [TRUE]),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_and_not_null(
    element: str, attributes: dict[str, str], operands: list[Value | None]
) -> None:
    with pytest.raises(WrongType) as caught:
        evaluate(element, *operands, **attributes)
    assert (caught.value.file, caught.value.line) == ("item.xml", 1)


@given(
    ("element", "attributes", "operands"),
    [
        ("not", {}, [TRUE, TRUE]),
        ("match", {}, [TRUE]),
        ("and", {}, []),
        ("null", {}, [TRUE]),
        ("equal", {"tolerance_mode": "near"}, [TRUE, TRUE]),
        ("equal", {"tolerance_mode": "absolute"}, [TRUE, TRUE]),
        ("string-match", {}, [text("a"), text("a")]),
        ("base-value", {"base_type": "word"}, []),
    ],
)
def test_an_expression_written_wrong_does_not_compile(
    element: str, attributes: dict[str, str], operands: list[Value | None]
) -> None:
    with pytest.raises(QtiError):
        evaluate(element, *operands, **attributes)


def test_a_literal_equals_the_same_letters_written_in_another_way() -> None:
    node = Node(
        name="qti-base-value",
        file="item.xml",
        line=1,
        attributes={"base-type": "string"},
        text="e\u0301te\u0301",
    )
    assert scope_of({}).expression(node)(Frame()) == text("\u00e9t\u00e9")
