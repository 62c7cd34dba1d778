# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that are records: numbers as they were typed, and what a custom interaction gives."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.reading.item import read_item
from encrier_qti.records import read_record
from encrier_qti.scoring import Program, compile_item
from encrier_qti.values import BadForm, BaseType, Scalar, Value, integer, real, record, single

each = pytest.mark.parametrize


def fields(written: str) -> dict[str, Scalar | None]:
    value = read_record(written)
    assert value is not None
    return {name: held.members[0] if held else None for name, held in value.fields}


@each(
    ("written", "expected"),
    [
        ("12", (12.0, 12, 2, 0, 0, 2, None)),
        ("-0,50", (-0.5, None, 1, 2, 2, 2, None)),
        (".5", (0.5, None, 0, 1, 1, 1, None)),
        ("1.20e1", (12.0, None, 1, 2, 1, 3, 1)),
        ("15e-3", (0.015, None, 2, 0, 3, 2, -3)),
        ("0", (0.0, 0, 1, 0, 0, 1, None)),
        ("1e999", (None, None, 1, 0, 0, 1, 999)),
        ("99999999999", (99999999999.0, None, 11, 0, 0, 11, None)),
        ("douze", (None,) * 7),
        (".", (None,) * 7),
    ],
)
def test_a_number_says_how_it_was_typed(written: str, expected: tuple[Scalar | None, ...]) -> None:
    found = fields(written)
    assert found.pop("stringValue") == written
    names = ["floatValue", "integerValue", "leftDigits", "rightDigits", "ndp", "nsf", "exponent"]
    assert tuple(found[name] for name in names) == expected


def test_a_custom_interaction_gives_fields_of_their_types() -> None:
    written = {
        "record": [
            {"name": "angle", "base": {"integer": 280}},
            {"name": "ratio", "base": {"float": 0.5}},
            {"name": "at", "base": {"point": [3, 4]}},
            {"name": "pair", "base": {"directedPair": ["A", "B"]}},
            {"name": "on", "base": {"boolean": True}},
            {"name": "nothing", "base": None},
        ]
    }
    assert read_record(json.dumps(written)) == record(
        {
            "angle": integer(280),
            "ratio": real(0.5),
            "at": single(BaseType.POINT, (3, 4)),
            "pair": single(BaseType.DIRECTED_PAIR, ("A", "B")),
            "on": single(BaseType.BOOLEAN, member=True),
            "nothing": None,
        }
    )


@each("written", ["", "   "])
def test_an_empty_answer_is_null(written: str) -> None:
    assert read_record(written) is None


@each(
    "written",
    [
        "{",
        "{}",
        '{"record": 3}',
        '{"record": [{"name": "a", "base": {"integer": "x"}}]}',
        '{"record": [{"name": "a", "base": {"number": 1}}]}',
        '{"record": [{"name": "a", "base": {"": 1}}]}',
        '{"record": [{"name": "a", "base": {"integer": 1, "float": 1}}]}',
        '{"record": [{"name": "a", "base": {"string": {}}}]}',
        '{"record": [{"name": "a"}, {"name": "a"}]}',
        "{" * 5000,
        "x" * 200_000,
    ],
)
def test_what_is_no_record_is_refused(written: str) -> None:
    with pytest.raises(BadForm):
        read_record(written)


def test_a_text_that_is_no_number_is_still_a_text() -> None:
    assert fields("[" * 5000)["stringValue"] == "[" * 5000


@given(st.text() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(written: str) -> None:
    with contextlib.suppress(BadForm):
        assert read_record(written) is None or read_record(written) == read_record(written)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_typed_in_full_is_read_back(number: float) -> None:
    assert fields(repr(number))["floatValue"] == number


def program() -> Program:
    field = """<qti-field-value field-identifier="floatValue">
      <qti-variable identifier="RESPONSE"/></qti-field-value>"""
    xml = f"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
      identifier="a" title="a"><qti-response-declaration identifier="RESPONSE"
      cardinality="record"/><qti-outcome-declaration identifier="SCORE" cardinality="single"
      base-type="float"/><qti-item-body/><qti-response-processing>
      <qti-set-outcome-value identifier="SCORE">{field}</qti-set-outcome-value>
      </qti-response-processing></qti-assessment-item>"""
    return compile_item(read_item(xml.encode(), file="a.xml"))


@each(
    ("answer", "score", "why"),
    [
        (["3,5"], 3.5, []),
        ([], 0.0, []),
        (["1", "2"], 0.0, ["too-many"]),
        (["{"], 0.0, ["bad-form"]),
        (['{"record": [{"name": "floatValue", "base": {"float": "NaN"}}]}'], 0.0, ["bad-form"]),
        (['{"record": [{"name": "floatValue", "base": {"float": "INF"}}]}'], 0.0, ["bad-form"]),
        ([3], 0.0, ["bad-form"]),
    ],
)
def test_a_response_that_is_a_record_is_scored(
    answer: list[str], score: float, why: list[str]
) -> None:
    scored = program().score_with_remarks({"RESPONSE": answer})
    value: Value | None = scored.outcomes["SCORE"]
    assert (value.members[0] if value else 0.0) == score
    assert [remark.why for remark in scored.remarks] == why
