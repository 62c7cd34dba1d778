# SPDX-License-Identifier: AGPL-3.0-or-later
"""Expressions over a declared variable: its key, its default, its mapping, its areas."""

import pytest
from msgspec.structs import replace

from encrier_qti.errors import QtiError
from encrier_qti.model import Area as AreaOf
from encrier_qti.model import AreaMap, Declaration, MapEntry, Node, ScoreMap
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import BaseType, Cardinality, Value, parse, real
from stagecraft.values_of_qti import NULL, bag, name, text

given = pytest.mark.parametrize


def response(base: BaseType, cardinality: Cardinality) -> Declaration:
    return Declaration(
        identifier="RESPONSE",
        kind="response",
        cardinality=cardinality,
        base=base,
        file="item.xml",
        line=1,
    )


def of_variable(element: str, declaration: Declaration, value: Value | None) -> Value | None:
    node = Node(name=element, file="item.xml", line=1, attributes={"identifier": "RESPONSE"})
    return scope_of({"RESPONSE": declaration}).expression(node)(Frame({"RESPONSE": value}))


def mapped(
    declaration_base: BaseType, answers: list[str], entries: dict[str, float], **bounds: float
) -> float:
    """Score answers, given in lexical form, by a mapping."""
    mapping = ScoreMap(
        entries=tuple(
            MapEntry(key=parse(declaration_base, key), value=float(score), case_sensitive=False)
            for key, score in entries.items()
        ),
        **bounds,
    )
    declaration = replace(response(declaration_base, Cardinality.MULTIPLE), mapping=mapping)
    read = [parse(declaration_base, answer) for answer in answers]
    members = tuple(member for member in read if member is not None)
    value = Value(Cardinality.MULTIPLE, declaration_base, members) if members else None
    found = of_variable("qti-map-response", declaration, value)
    assert found is not None
    assert found.base is BaseType.FLOAT
    assert isinstance(found.members[0], float)
    return found.members[0]


@given(
    ("base", "answers", "entries", "bounds", "expected"),
    [
        (BaseType.IDENTIFIER, ["C", "B"], {"B": 1, "C": 0.5}, {}, 1.5),
        (BaseType.IDENTIFIER, ["C", "B", "B"], {"B": 1, "C": 0.5}, {}, 1.5),
        (BaseType.IDENTIFIER, ["X", "B"], {"B": 1}, {"default": -1}, 0),
        (BaseType.IDENTIFIER, ["X", "X", "Y"], {"B": 1}, {"default": -1}, -2),
        (BaseType.IDENTIFIER, ["X"], {"B": 1}, {"default": -1, "lower": 0.0}, 0),
        (BaseType.IDENTIFIER, ["A", "B"], {"A": 2, "B": 2}, {"upper": 3.0}, 3),
        (BaseType.IDENTIFIER, [], {"B": 1}, {"default": -1}, 0),
        (BaseType.IDENTIFIER, [], {"B": 1}, {"lower": 0.5}, 0.5),
        (BaseType.IDENTIFIER, ["b"], {"B": 1}, {}, 0),
        (BaseType.INTEGER, ["01"], {"1": 4}, {}, 4),
        (BaseType.PAIR, ["B A"], {"A B": 1}, {}, 1),
        (BaseType.DIRECTED_PAIR, ["B A"], {"A B": 1}, {}, 0),
        (BaseType.STRING, ["YORK"], {"york": 1}, {}, 1),
        (BaseType.STRING, ["york"], {"York": 1, "york": 0.5}, {}, 0.5),
    ],
)
def test_map_response_adds_what_each_distinct_value_scores(
    base: BaseType,
    answers: list[str],
    entries: dict[str, float],
    bounds: dict[str, float],
    expected: float,
) -> None:
    assert mapped(base, answers, entries, **bounds) == pytest.approx(expected)


def test_a_case_sensitive_entry_wants_its_own_letters() -> None:
    entry = MapEntry(key="York", value=1.0, case_sensitive=True)
    declaration = replace(
        response(BaseType.STRING, Cardinality.SINGLE), mapping=ScoreMap(entries=(entry,))
    )
    assert of_variable("qti-map-response", declaration, text("York")) == real(1.0)
    assert of_variable("qti-map-response", declaration, text("york")) == real(0.0)


@given(
    ("points", "expected"),
    [
        ([(5, 5)], 1.0),
        ([(15, 5)], 2.0),
        ([(9, 9), (1, 1)], 1.0),
        ([(5, 5), (15, 5)], 3.0),
        ([(99, 99)], -1.0),
        ([], 0.0),
    ],
)
def test_an_area_counts_once_and_the_first_listed_takes_the_point(
    points: list[tuple[int, int]], expected: float
) -> None:
    areas = (
        AreaOf(shape="rect", coords=(0, 0, 10, 10), value=1.0),
        AreaOf(shape="rect", coords=(5, 0, 20, 10), value=2.0),
    )
    declaration = replace(
        response(BaseType.POINT, Cardinality.MULTIPLE),
        area_mapping=AreaMap(areas=areas, default=-1.0),
    )
    value = bag(*points, of=BaseType.POINT) if points else None
    assert of_variable("qti-map-response-point", declaration, value) == real(expected)


@given(
    ("shape", "coords", "inside", "outside"),
    [
        ("circle", (10, 10, 5), (13, 13), (13, 14)),  # on the border: outside
        ("ellipse", (10, 10, 8, 2), (17, 10), (10, 13)),
        ("poly", (0, 0, 10, 0, 0, 10), (2, 2), (8, 8)),
        ("poly", (0, 0, 10, 0, 0, 10), (5, 5), (6, 5)),
        ("default", (), (999, -999), None),
    ],
)
def test_a_point_is_in_a_shape_or_not(
    shape: str,
    coords: tuple[float, ...],
    inside: tuple[int, int],
    outside: tuple[int, int] | None,
) -> None:
    areas = AreaMap(areas=(AreaOf(shape=shape, coords=coords, value=1.0),))
    declaration = replace(response(BaseType.POINT, Cardinality.SINGLE), area_mapping=areas)

    def score(point: tuple[int, int]) -> Value | None:
        value = Value(Cardinality.SINGLE, BaseType.POINT, (point,))
        return of_variable("qti-map-response-point", declaration, value)

    assert score(inside) == real(1.0)
    assert outside is None or score(outside) == real(0.0)


def test_correct_and_default_are_constants_of_the_declaration() -> None:
    declaration = replace(
        response(BaseType.IDENTIFIER, Cardinality.SINGLE), correct=name("A"), default=name("B")
    )
    assert of_variable("qti-correct", declaration, None) == name("A")
    assert of_variable("qti-default", declaration, None) == name("B")
    assert of_variable("qti-variable", declaration, name("C")) == name("C")


def test_correct_and_default_are_null_where_none_is_declared() -> None:
    declaration = response(BaseType.IDENTIFIER, Cardinality.SINGLE)
    assert of_variable("qti-correct", declaration, name("A")) is NULL
    assert of_variable("qti-default", declaration, name("A")) is NULL


def test_an_empty_literal_is_null() -> None:
    node = Node(name="qti-base-value", file="item.xml", line=1, attributes={"base-type": "string"})
    assert scope_of({}).expression(node)(Frame()) is NULL


def test_an_unknown_expression_is_named_with_its_file_and_line() -> None:
    node = Node(name="qti-custom-operator", file="items/a.xml", line=12, attributes={})
    with pytest.raises(QtiError, match=r"items/a\.xml, ligne 12.*qti-custom-operator"):
        scope_of({}).expression(node)
