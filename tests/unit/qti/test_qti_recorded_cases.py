# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evaluations recorded from another engine: what we run must agree, or say which clause decides.

The cases are read from the shared test material and never copied. The runner
itself is held to cases made here, some of them hostile.
"""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from encrier_qti.cases.recorded import iso, seconds, value, written
from encrier_qti.cases.runner import run_case, run_file
from encrier_qti.cases.verdict import Verdict
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, record

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
FILES = sorted((SHARED / "data" / "qti" / "cases").glob("*.jsonl"))


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.skipif(not FILES, reason="the shared test material is not here")
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_recorded_case_agrees_or_is_explained_by_a_clause(path: Path) -> None:
    assert [each for each in run_file(path) if each.outcome == "failed"] == []


# --- the runner ---

SUM = '<qti-sum><qti-base-value base-type="integer">1</qti-base-value></qti-sum>'


def integer(number: int) -> dict[str, object]:
    return {"cardinality": "single", "baseType": "integer", "value": number}


def summed(expected: object, **more: object) -> dict[str, object]:
    return {
        "id": "a",
        "qti3": SUM,
        "state": {},
        "operands": [integer(1), integer(2)],
        "result": expected,
        "deterministic": True,
        **more,
    }


def test_a_case_that_agrees_passes() -> None:
    assert run_case(summed(integer(3))) == Verdict(id="a", kind="expression", outcome="passed")


def test_a_case_that_differs_fails_and_says_how() -> None:
    verdict = run_case(summed(integer(4)))
    assert verdict.outcome == "failed"
    assert "'value': 3" in verdict.difference
    assert "'value': 4" in verdict.difference


def test_an_error_that_does_not_come_is_a_difference() -> None:
    case = {key: each for key, each in summed(None).items() if key != "result"}
    assert run_case(case | {"error": {"code": 1}}).outcome == "failed"


def test_an_error_that_comes_agrees() -> None:
    word = {"cardinality": "single", "baseType": "string", "value": "a"}
    case = {key: each for key, each in summed(None, operands=[word]).items() if key != "result"}
    assert run_case(case | {"error": {"code": 1}}).outcome == "passed"


def test_an_error_that_comes_before_any_answer_agrees_too() -> None:
    """An empty container is NULL when it comes; that it is of a wrong type is told before."""
    empty = {"cardinality": "multiple", "baseType": "integer", "values": []}
    case = {"qti3": "<qti-not/>", "operands": [empty]}
    assert run_case(case | {"error": {"code": 1}}).outcome == "passed"
    assert run_case(case | {"result": None}).outcome == "passed"


def test_a_case_in_the_names_of_qti_2_is_run_too() -> None:
    xml = '<baseValue baseType="integer">3</baseValue>'
    assert run_case({"xml": xml, "state": [], "result": integer(3)}).outcome == "passed"


def test_a_printed_variable_is_held_to_its_text() -> None:
    case = {
        "qti3": '<qti-printed-variable identifier="A"/>',
        "state": {"A": {**integer(3), "kind": "template", "value": integer(3)}},
        "result": "4",
        "after": {"A": integer(3)},
    }
    assert run_case(case).difference == "found '3', recorded '4'"
    assert run_case(case | {"result": "3"}).outcome == "passed"


def test_a_case_whose_table_was_not_recorded_is_skipped() -> None:
    variable = {"kind": "response", "cardinality": "single", "baseType": "integer", "mapping": None}
    case = {
        "qti3": '<qti-map-response identifier="R"/>',
        "state": {"R": {**variable, "value": None}},
        "result": None,
    }
    verdict = run_case(case)
    assert (verdict.outcome, verdict.reason) == ("skipped", "the recording lacks the mapping")


@pytest.mark.parametrize(
    ("drawn_value", "outcome"), [(5, "passed"), (-5, "passed"), ("word", "failed")]
)
def test_a_draw_is_held_to_its_type_and_not_to_its_value(drawn_value: object, outcome: str) -> None:
    base = "integer" if isinstance(drawn_value, int) else "string"
    case = {
        "qti3": '<qti-random-integer min="0" max="9"/>',
        "result": {"cardinality": "single", "baseType": base, "value": drawn_value},
        "deterministic": False,
    }
    assert run_case(case).outcome == outcome


MODULUS = "<qti-integer-modulus/>"


@pytest.mark.parametrize(("above", "below", "recorded"), [(49, -5, 4), (-7, 2, -1)])
def test_a_departure_is_explained_by_its_clause_whatever_its_name(
    above: int, below: int, recorded: int
) -> None:
    case = summed(integer(recorded), qti3=MODULUS, operands=[integer(above), integer(below)])
    verdict = run_case(case)
    assert verdict.outcome == "explained"
    assert "IntegerModulus" in verdict.reason


def test_an_explanation_does_not_excuse_another_element_nor_other_operands() -> None:
    of_one_sign = summed(integer(1), qti3=MODULUS, operands=[integer(49), integer(5)])
    divided = summed(integer(-9), qti3="<qti-integer-divide/>", operands=[integer(49), integer(-5)])
    assert {run_case(of_one_sign).outcome, run_case(divided).outcome} == {"failed"}


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]x",
        "3",
        '"a"',
        "{}",
        '{"id": 3}',
        '{"result": 3, "qti3": ""}',
        '{"result": null, "qti3": "<a"}',
        '{"result": null, "qti3": "<!DOCTYPE a><a/>"}',
        '{"result": {"cardinality": "many"}, "qti3": "<qti-null/>"}',
        '{"result": null, "qti3": "<qti-null/>", "state": {"A": 3}}',
        '{"result": null, "qti3": "<qti-null/>", "state": {"A": {"cardinality": []}}}',
        '{"result": null, "qti3": "<qti-nobody/>", "operands": 3}',
        '{"after": 3, "qti3": "<qti-exit-response/>"}',
        '{"responses": 3, "outcomes": 3}',
        '{"responses": {}, "outcomes": {}, "file": "../../etc/passwd"}',
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_a_hostile_line_fails_by_itself(line: str, tmp_path: Path) -> None:
    path = tmp_path / "any.name"
    path.write_text(f"{line}\n\n{json.dumps(summed(integer(3)))}\n", "utf-8")
    broken, good = run_file(path)
    assert broken.outcome == "failed"
    assert broken.reason or broken.difference
    assert good.outcome == "passed"


def test_a_line_that_is_no_text_fails_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "cases"
    path.write_bytes(b'{"id": "\xff"}\n')
    assert [each.outcome for each in run_file(path)] == ["failed"]


ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="a" title="A"
 adaptive="false" timeDependent="false">
 <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="pair">
  <correctResponse><value>A B</value></correctResponse>
 </responseDeclaration>
 <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
 <itemBody><associateInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="1">
  <simpleAssociableChoice identifier="A" matchMax="1">a</simpleAssociableChoice>
  <simpleAssociableChoice identifier="B" matchMax="1">b</simpleAssociableChoice>
 </associateInteraction></itemBody>
 <responseProcessing
  template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>"""


@pytest.mark.parametrize(
    ("folder", "responses", "score"),
    [
        ("examples", {"RESPONSE": [["B", "A"]]}, 1.0),
        ("cases/of/many", [], 0.0),
        ("examples/owner+repository", {"RESPONSE": None}, 0),
    ],
)
def test_an_item_is_found_near_the_file_of_cases(
    folder: str, responses: object, score: float, tmp_path: Path
) -> None:
    item = tmp_path / folder / "items" / "a.xml"
    item.parent.mkdir(parents=True)
    item.write_text(ITEM, "utf-8")
    case = {
        "id": "i",
        "file": "owner+repository/items/a.xml",
        "decl": {"RESPONSE": ["multiple", "pair"]},
        "responses": responses,
        "outcomes": {"SCORE": {"cardinality": "single", "baseType": "float", "value": score}},
    }
    cases = tmp_path / "cases" / "items.jsonl"
    cases.parent.mkdir(exist_ok=True)
    cases.write_text(json.dumps(case), "utf-8")
    assert [each.outcome for each in run_file(cases)] == ["passed"]


def test_an_item_that_is_nowhere_is_skipped(tmp_path: Path) -> None:
    cases = tmp_path / "items.jsonl"
    cases.write_text('{"file": "nobody/none.xml", "responses": [], "outcomes": {}}', "utf-8")
    assert [each.outcome for each in run_file(cases)] == ["skipped"]


# --- values ---


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (None, None),
        ({"cardinality": "multiple", "baseType": "point", "values": []}, None),
        ({"cardinality": "record", "fields": []}, None),
        ({"cardinality": "single", "baseType": "string", "value": ""}, None),
        (
            {"cardinality": "multiple", "baseType": "intOrIdentifier", "values": ["a"]},
            Value(Cardinality.MULTIPLE, BaseType.IDENTIFIER, ("a",)),
        ),
        (
            {"cardinality": "single", "baseType": "intOrIdentifier", "value": 3},
            Value(Cardinality.SINGLE, BaseType.INTEGER, (3,)),
        ),
    ],
)
def test_a_recorded_value_is_read(recorded: object, expected: Value | None) -> None:
    assert value(recorded) == expected


def values() -> st.SearchStrategy[Value]:
    word = st.text("abcXYZ", min_size=1)
    scalars: dict[BaseType, st.SearchStrategy[Scalar]] = {
        BaseType.BOOLEAN: st.booleans(),
        BaseType.DURATION: st.integers(0, 10**7).map(float),
        BaseType.FLOAT: st.floats(allow_nan=False),
        BaseType.IDENTIFIER: word,
        BaseType.INTEGER: st.integers(-(2**31), 2**31 - 1),
        BaseType.DIRECTED_PAIR: st.tuples(word, word),
        BaseType.POINT: st.tuples(st.integers(0, 999), st.integers(0, 999)),
        BaseType.STRING: st.text(min_size=1),
    }

    def of(base: BaseType) -> st.SearchStrategy[Value]:
        one = scalars[base].map(lambda member: Value(Cardinality.SINGLE, base, (member,)))
        several = st.lists(scalars[base], min_size=1).map(
            lambda members: Value(Cardinality.ORDERED, base, tuple(members))
        )
        return one | several

    return st.sampled_from(sorted(scalars)).flatmap(of)


@drawn(values())
def test_a_value_written_is_read_back(held: Value) -> None:
    assert value(json.loads(json.dumps(written(held)))) == held


@drawn(values().filter(lambda held: held.cardinality is Cardinality.SINGLE))
def test_a_record_written_is_read_back(held: Value) -> None:
    whole = record({"a": held, "b": None})
    assert value(written(whole)) == whole


@drawn(st.integers(0, 10**8))
def test_a_duration_written_is_read_back(length: int) -> None:
    assert seconds(iso(length)) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("PT0S", 0), ("P1DT23M2S", 87_782), ("PT3M26S", 206), ("PT0.5S", 0.5), ("P1W", 604_800)],
)
def test_a_duration_is_read_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == length


KNOWN = (
    "id qti3 xml state operands result after error responses outcomes file steps route kind value"
    " values cardinality baseType fields single multiple record integer point duration"
)
WORDS = st.sampled_from(sorted(KNOWN.split())) | st.text(max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.just(SUM),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=4),
)


@drawn(st.dictionaries(WORDS, JSON))
def test_whatever_a_case_says_it_has_a_verdict(case: dict[str, object]) -> None:
    assert run_case(case).outcome in {"passed", "failed", "explained", "skipped"}
