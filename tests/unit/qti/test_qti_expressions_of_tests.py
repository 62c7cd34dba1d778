# SPDX-License-Identifier: AGPL-3.0-or-later
"""What outcome processing asks of the items of a test, and what template processing has set."""

from collections.abc import Mapping, Sequence

import pytest

from encrier_qti.model import Declaration, Node, Record
from encrier_qti.processing import programs
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import (
    BaseType,
    Cardinality,
    Value,
    integer,
    real,
    single,
)

given = pytest.mark.parametrize


class Session(Record, frozen=True):
    """An item session, as the expressions see one."""

    section_identifiers: tuple[str, ...]
    categories: tuple[str, ...]
    weights: Mapping[str, float]
    declarations: Mapping[str, Declaration]
    variables: Mapping[str, Value | None]


class Sessions:
    def __init__(self, **named: Session) -> None:
        self.each = named

    def selected(self) -> Sequence[programs.TestItem]:
        return list(self.each.values())

    def named(self, identifier: str) -> programs.TestItem | None:
        return self.each.get(identifier.replace(".", "_"))


def word(written: str | None) -> Value | None:
    return single(BaseType.IDENTIFIER, written) if written else None


def response(key: str | None) -> Declaration:
    return Declaration(
        identifier="RESPONSE",
        kind="response",
        cardinality=Cardinality.SINGLE,
        base=BaseType.IDENTIFIER,
        file="a.xml",
        line=1,
        correct=word(key),
    )


def score(most: float | None, least: float | None) -> Declaration:
    return Declaration(
        identifier="SCORE",
        kind="outcome",
        cardinality=Cardinality.SINGLE,
        base=BaseType.FLOAT,
        file="a.xml",
        line=1,
        normal_maximum=most,
        normal_minimum=least,
    )


def session(
    answer: str | None,
    *,
    key: str | None = "A",
    attempts: int = 1,
    points: Value | None = None,
    most: float | None = None,
) -> Session:
    return Session(
        section_identifiers=("S1", "S1a"),
        categories=("sums",) if key else ("essays", "long"),
        weights={"W": 2.0} if key else {},
        declarations={"RESPONSE": response(key), "SCORE": score(most, 0.0 if most else None)},
        variables={
            "RESPONSE": word(answer),
            "numAttempts": integer(attempts),
            "SCORE": points,
        },
    )


SESSIONS = Sessions(
    right=session("A", points=real(1.0), most=3.0),
    wrong=session("B", points=real(0.5), most=1.0),
    omitted=session(None, points=real(0.0), most=1.0),
    unseen=session(None, attempts=0, most=1.0),
    essay=session("text", key=None, points=integer(4)),
    essay_2=session("more", key=None, points=integer(5)),
)


def evaluate(element: str, **attributes: str) -> Value | None:
    node = Node(
        name=f"qti-{element}",
        file="test.xml",
        line=1,
        attributes={key.replace("_", "-"): each for key, each in attributes.items()},
    )
    frame = Frame()
    frame.sessions = SESSIONS
    return scope_of({}, stage="outcome").expression(node)(frame)


def floats(*members: float) -> Value:
    return Value(Cardinality.MULTIPLE, BaseType.FLOAT, members)


@given(
    ("element", "expected"),
    [
        ("number-correct", 1),
        ("number-incorrect", 2),
        ("number-presented", 5),
        ("number-responded", 4),
        ("number-selected", 6),
    ],
)
def test_items_are_counted(element: str, expected: int) -> None:
    assert evaluate(element) == integer(expected)


@given(
    ("subset", "expected"),
    [
        ({"section_identifier": "S1"}, 6),
        ({"section_identifier": "S2"}, 0),
        ({"include_category": "sums"}, 4),
        ({"include_category": "sums essays"}, 6),
        ({"exclude_category": "long"}, 4),
        ({"include_category": "essays", "exclude_category": "long"}, 0),
    ],
)
def test_a_subset_is_that_of_a_section_and_of_categories(
    subset: dict[str, str], expected: int
) -> None:
    assert evaluate("number-selected", **subset) == integer(expected)


def test_an_item_without_a_key_is_neither_correct_nor_incorrect() -> None:
    essays = {"include_category": "essays"}
    assert evaluate("number-correct", **essays) == integer(0)
    assert evaluate("number-incorrect", **essays) == integer(0)


def test_maxima_are_null_if_one_item_declares_none() -> None:
    of = {"outcome_identifier": "SCORE"}
    assert evaluate("outcome-maximum", **of) is None
    sums = {"include_category": "sums", **of}
    assert evaluate("outcome-maximum", **sums) == floats(3.0, 1.0, 1.0, 1.0)
    assert evaluate("outcome-maximum", **sums, weight_identifier="W") == floats(6.0, 2.0, 2.0, 2.0)


def test_minima_leave_out_the_items_that_declare_none() -> None:
    found = evaluate("outcome-minimum", outcome_identifier="SCORE")
    assert found == floats(0.0, 0.0, 0.0, 0.0)
    assert evaluate("outcome-minimum", outcome_identifier="NOBODY") is None


def test_the_values_of_a_variable_are_gathered_and_null_left_out() -> None:
    assert evaluate("test-variables", variable_identifier="SCORE") == floats(1.0, 0.5, 0.0, 4, 5)


@given(
    ("attributes", "expected"),
    [
        (
            {"include_category": "essays"},
            Value(Cardinality.MULTIPLE, BaseType.INTEGER, (4, 5)),
        ),
        ({"base_type": "integer"}, Value(Cardinality.MULTIPLE, BaseType.INTEGER, (4, 5))),
        ({"base_type": "float"}, floats(1.0, 0.5, 0.0)),
        ({"base_type": "string"}, None),
        ({"include_category": "sums", "weight_identifier": "W"}, floats(2.0, 1.0, 0.0)),
        ({"include_category": "essays", "weight_identifier": "W"}, floats(4.0, 5.0)),
    ],
)
def test_the_base_type_of_what_is_gathered(
    attributes: dict[str, str], expected: Value | None
) -> None:
    assert evaluate("test-variables", variable_identifier="SCORE", **attributes) == expected


@given(
    ("name", "weight", "expected"),
    [
        ("right.SCORE", None, real(1.0)),
        ("right.SCORE", "W", real(2.0)),
        ("right.SCORE", "V", real(1.0)),
        ("right.RESPONSE", "W", word("A")),
        ("essay.SCORE", None, integer(4)),
        ("essay.SCORE", "W", real(4.0)),
        ("essay.2.SCORE", None, integer(5)),
        ("unseen.SCORE", "W", None),
        ("nobody.SCORE", None, None),
        ("right.NOBODY", None, None),
    ],
)
def test_a_variable_of_an_item_is_read_and_weighted(
    name: str, weight: str | None, expected: Value | None
) -> None:
    weights = {} if weight is None else {"weight_identifier": weight}
    assert evaluate("variable", identifier=name, **weights) == expected


def test_a_variable_of_an_item_is_null_in_an_item() -> None:
    node = Node(name="qti-variable", file="a.xml", line=1, attributes={"identifier": "right.SCORE"})
    assert scope_of({}).expression(node)(Frame()) is None


def test_template_processing_reads_the_key_and_default_that_it_has_set() -> None:
    declared = {"RESPONSE": response("A")}
    frame = Frame()
    for name, before in (("correct", word("A")), ("default", None)):
        node = Node(name=f"qti-{name}", file="a.xml", line=1, attributes={"identifier": "RESPONSE"})
        found = scope_of(declared, stage="template").expression(node)
        frame.settings = {}
        assert found(frame) == before
        frame.settings = {(name, "RESPONSE"): word("B")}
        assert found(frame) == word("B")
        assert scope_of(declared).expression(node)(frame) == before
