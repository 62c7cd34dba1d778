# SPDX-License-Identifier: AGPL-3.0-or-later
"""A departure is explained by its kind: each explanation has a case, and a case it must not excuse.

The cases are made here; what makes each a departure is the clause that the
explanation names.
"""

import pytest

from encrier_qti.cases.explained import EXPLANATIONS
from encrier_qti.cases.runner import run_case

given = pytest.mark.parametrize
Recorded = dict[str, object]
ERROR: Recorded = {"error": {"code": 1}}


def one(base: str, value: object) -> Recorded:
    return {"cardinality": "single", "baseType": base, "value": value}


def bag(base: str, *values: object) -> Recorded:
    return {"cardinality": "multiple", "baseType": base, "values": list(values)}


def gives(result: object) -> Recorded:
    return {"result": result}


def of(xml: str, *operands: object) -> Recorded:
    return {"qti3": xml, "state": [], "operands": list(operands)}


def points(areas: str, *held: object) -> Recorded:
    variable = {"kind": "response", "cardinality": "multiple", "baseType": "point"}
    mapped = {"value": bag("point", *held), "areaMapping": areas}
    return {
        "qti3": '<qti-map-response-point identifier="R"/>',
        "state": {"R": {**variable, **mapped}},
    }


def looked_up(score: int) -> Recorded:
    table = (
        '<interpolationTable><interpolationTableEntry sourceValue="10" targetValue="high"/>'
        '<interpolationTableEntry sourceValue="5" targetValue="low"/></interpolationTable>'
    )
    variable = {"kind": "outcome", "cardinality": "single", "baseType": "string", "value": None}
    return {
        "qti3": '<qti-lookup-outcome-value identifier="G">'
        f'<qti-base-value base-type="integer">{score}</qti-base-value></qti-lookup-outcome-value>',
        "state": {"G": {**variable, "lookupTable": table}},
    }


def function(name: str, x: object) -> Recorded:
    return of(f'<qti-math-operator name="{name}"/>', one("float", x))


TWO_AREAS = (
    '<areaMapping defaultValue="0"><areaMapEntry shape="rect" coords="0,0,9,9" mappedValue="1"/>'
    '<areaMapEntry shape="rect" coords="5,5,20,20" mappedValue="2"/></areaMapping>'
)
ONE_AREA = (
    '<areaMapping defaultValue="-1"><areaMapEntry shape="rect" coords="0,0,9,9" mappedValue="1"/>'
    "</areaMapping>"
)
NO_MAPPING = {
    "qti3": '<qti-map-response identifier="R"/>',
    "state": {
        "R": {"kind": "response", "cardinality": "single", "baseType": "integer", "value": None}
    },
}
TRUE, FALSE = one("boolean", True), one("boolean", False)
MODULUS, INSIDE = "<qti-integer-modulus/>", '<qti-inside shape="rect" coords="0,0,5,3"/>'


@given(
    ("clause", "case", "recorded"),
    [
        ("Standard", points(ONE_AREA), gives(one("float", -1.0))),
        ("AreaMapEntry", points(TWO_AREAS, [6, 6]), gives(one("float", 3.0))),
        ("Mapping,", points(ONE_AREA, [1, 1], [50, 50]), gives(one("float", 1.0))),
        ("And", of("<qti-and/>", FALSE, None), gives(None)),
        ("And", of("<qti-or/>", None, TRUE), gives(None)),
        ("Cardinality", of("<qti-max/>", {"cardinality": "record", "fields": []}), ERROR),
        (
            "Multiple",
            of("<qti-container-size/>", bag("integer", 1, None)),
            gives(one("integer", 2)),
        ),
        ("Inside", of(INSIDE, bag("point", [1, 1])), ERROR),
        (
            "IntegerModulus",
            of(MODULUS, one("integer", -7), one("integer", 2)),
            gives(one("integer", -1)),
        ),
        ("MathOperator:", function("ln", 0.0), gives(one("float", "-INF"))),
        ("MathOperator,", function("coth", "INF"), gives(one("float", 0.0))),
        ("MathOperator,", function("sech", 0.0), gives(None)),
        ("Truncate", of("<qti-truncate/>", one("float", "-INF")), gives(one("float", "INF"))),
        ("InterpolationTable", looked_up(7), {"after": {"G": one("string", "high")}}),
    ],
)
def test_a_departure_is_explained_by_its_clause(
    clause: str, case: Recorded, recorded: Recorded
) -> None:
    verdict = run_case({**case, **recorded})
    assert (verdict.outcome, verdict.reason[: len(clause)]) == ("explained", clause)


@given(
    ("case", "recorded"),
    [
        ({"qti3": '<qti-correct identifier="NOBODY"/>', "state": []}, gives(one("integer", 1))),
        (NO_MAPPING, gives(one("float", 1.0))),
        (points(ONE_AREA), gives(one("float", 1.0))),
        (points(TWO_AREAS, [6, 6]), gives(one("float", 2.0))),
        (points(TWO_AREAS, [1, 1]), gives(one("float", 3.0))),
        (points(ONE_AREA, [1, 1], [50, 50]), gives(one("float", 2.0))),
        (of("<qti-and/>", TRUE, TRUE), gives(None)),
        (of("<qti-and/>", FALSE, None), gives(TRUE)),
        (of("<qti-not/>", TRUE), ERROR),
        (of("<qti-container-size/>", bag("integer", 1, 1)), gives(one("integer", 3))),
        (of(INSIDE, one("point", [1, 1])), ERROR),
        (of(MODULUS, one("integer", -7), one("integer", 2)), gives(one("integer", 5))),
        (function("ln", 1.0), gives(one("float", "-INF"))),
        (function("tanh", "INF"), gives(one("float", 0.0))),
        (of("<qti-truncate/>", one("float", "-INF")), gives(None)),
        (looked_up(7), {"after": {"G": one("string", "middle")}}),
    ],
)
def test_another_difference_of_the_same_element_is_not_excused(
    case: Recorded, recorded: Recorded
) -> None:
    verdict = run_case({**case, **recorded})
    assert (verdict.outcome, verdict.reason) == ("failed", "")


def test_each_explanation_names_a_clause_and_what_it_says() -> None:
    assert all(each.clause and each.reason for each in EXPLANATIONS)
    assert len({(each.clause, each.reason) for each in EXPLANATIONS}) == len(EXPLANATIONS)
