# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole items scored: rules, templates, hostile answers, and marks given by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from encrier_qti.errors import ContentRefused, NotSupported, QtiError, WrongType
from encrier_qti.package import open_package
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import Program, Remark, compile_item, compile_test
from encrier_qti.values import BaseType, Cardinality, Value, integer, real

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "assessments" / "sixieme-debut"
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"

each = pytest.mark.parametrize


def outcome(identifier: str, base: str = "float", default: str = "") -> str:
    held = f"<qti-value>{default}</qti-value>"
    held = f"<qti-default-value>{held}</qti-default-value>" if default else ""
    return (
        f'<qti-outcome-declaration identifier="{identifier}" cardinality="single"'
        f' base-type="{base}">{held}</qti-outcome-declaration>'
    )


def response(kind: str, base: str, *inside: str, identifier: str = "RESPONSE") -> str:
    return (
        f'<qti-response-declaration identifier="{identifier}" cardinality="{kind}"'
        f' base-type="{base}">{"".join(inside)}</qti-response-declaration>'
    )


def key(*values: str) -> str:
    held = "".join(f"<qti-value>{value}</qti-value>" for value in values)
    return f"<qti-correct-response>{held}</qti-correct-response>"


def xml(*declarations: str, rules: str = "", template: str = "") -> bytes:
    named = f' template="{template}"' if template else ""
    return (
        f'<qti-assessment-item xmlns="{NAMESPACE}" identifier="a" title="a" xml:lang="fr">'
        f"{''.join(declarations)}<qti-item-body/>"
        f"<qti-response-processing{named}>{rules}</qti-response-processing>"
        "</qti-assessment-item>"
    ).encode()


def program(*declarations: str, rules: str = "", template: str = "") -> Program:
    return compile_item(
        read_item(xml(*declarations, rules=rules, template=template), file="items/a.xml")
    )


def put(identifier: str, base: str, value: str) -> str:
    return (
        f'<qti-set-outcome-value identifier="{identifier}">'
        f'<qti-base-value base-type="{base}">{value}</qti-base-value></qti-set-outcome-value>'
    )


CHOICE = response("single", "identifier", key("B"))
SCORE = outcome("SCORE")


# --- templates ---


@each(("answer", "score"), [(["B"], 1.0), (["A"], 0.0), ([], 0.0), ([""], 0.0)])
@each("name", ["match_correct", "match_correct.xml", "CC2_match"])
def test_match_correct_gives_one_or_nothing(name: str, answer: list[str], score: float) -> None:
    item = program(CHOICE, SCORE, template=TEMPLATES + name)
    assert item.total({"RESPONSE": answer}) == score


@each(("answer", "score"), [(["A"], 0.5), (["A", "B"], 1.5), (["C"], -1.0), ([], 0.0)])
def test_map_response_adds_and_an_omission_is_nothing(answer: list[str], score: float) -> None:
    mapping = (
        '<qti-mapping default-value="-1"><qti-map-entry map-key="A" mapped-value="0.5"/>'
        '<qti-map-entry map-key="B" mapped-value="1"/></qti-mapping>'
    )
    item = program(
        response("multiple", "identifier", mapping), SCORE, template=TEMPLATES + "map_response.xml"
    )
    assert item.total({"RESPONSE": answer}) == score


@each(("answer", "score"), [(["5 5"], 2.0), (["50 50"], 0.0), ([], 0.0)])
def test_map_response_point_scores_an_area(answer: list[str], score: float) -> None:
    mapping = (
        '<qti-area-mapping default-value="0">'
        '<qti-area-map-entry shape="rect" coords="0,0,9,9" mapped-value="2"/></qti-area-mapping>'
    )
    item = program(
        response("single", "point", mapping), SCORE, template=TEMPLATES + "map_response_point"
    )
    assert item.total({"RESPONSE": answer}) == score


def test_cc2_match_basic_gives_maxscore_and_says_so() -> None:
    item = program(
        CHOICE,
        SCORE,
        outcome("MAXSCORE", default="3"),
        outcome("FEEDBACKBASIC", "identifier"),
        template="https://www.imsglobal.org/question/qti_v3p0/rptemplates/CC2_match_basic",
    )
    outcomes = item.score({"RESPONSE": ["B"]})
    assert outcomes["SCORE"] == real(3.0)
    assert outcomes["FEEDBACKBASIC"] == Value(Cardinality.SINGLE, BaseType.IDENTIFIER, ("correct",))


@each("template", ["https://example.org/match_correct", TEMPLATES + "my_own", "http://["])
def test_another_template_is_refused(template: str) -> None:
    with pytest.raises((NotSupported, ContentRefused)):
        program(CHOICE, SCORE, template=template)


# --- rules ---


def test_the_first_true_branch_runs_and_exit_stops_the_rest() -> None:
    rules = f"""
      <qti-response-condition>
        <qti-response-if><qti-null/>{put("SCORE", "float", "9")}</qti-response-if>
        <qti-response-else-if>
          <qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>
          {put("SCORE", "float", "1")}<qti-exit-response/>
        </qti-response-else-if>
        <qti-response-else>{put("SCORE", "float", "2")}</qti-response-else>
      </qti-response-condition>
      <qti-response-processing-fragment>{put("DONE", "boolean", "true")}
      </qti-response-processing-fragment>"""
    item = program(CHOICE, SCORE, outcome("DONE", "boolean"), rules=rules)
    omitted, answered = item.score({}), item.score({"RESPONSE": ["A"]})
    assert (omitted["SCORE"], omitted["DONE"]) == (real(1.0), None)
    assert answered["SCORE"] == real(2.0)
    assert answered["DONE"] is not None


def test_an_outcome_starts_anew_at_each_scoring() -> None:
    add = """<qti-set-outcome-value identifier="SCORE"><qti-sum>
      <qti-variable identifier="SCORE"/><qti-base-value base-type="float">1</qti-base-value>
      </qti-sum></qti-set-outcome-value>"""
    item = program(outcome("SCORE", default="2"), rules=add)
    assert [item.total({}), item.total({})] == [3.0, 3.0]


def test_an_outcome_without_default_starts_at_zero_if_it_is_a_number() -> None:
    item = program(SCORE, outcome("N", "integer"), outcome("WORD", "string"))
    assert item.score({}) == {"SCORE": real(0.0), "N": integer(0), "WORD": None}


@each(
    ("base", "value", "expected"),
    [("integer", "3", real(3.0)), ("float", "0.5", real(0.5))],
)
def test_an_integer_goes_into_a_float(base: str, value: str, expected: Value) -> None:
    assert program(SCORE, rules=put("SCORE", base, value)).score({})["SCORE"] == expected


def test_a_string_does_not_go_into_a_float() -> None:
    item = program(outcome("SCORE", default="2"), rules=put("SCORE", "string", "3"))
    with pytest.raises(WrongType, match="qti-set-outcome-value"):
        item.prove({})
    scored = item.score_with_remarks({})
    assert scored.outcomes == {"SCORE": real(2.0)}
    assert scored.remarks == (Remark(response="", why="wrong-type"),)


TABLE = """<qti-outcome-declaration identifier="NOTE" cardinality="single" base-type="identifier">
  <qti-{0}-table default-value="none">
    <qti-{0}-table-entry source-value="7" target-value="high" {1}/>
    <qti-{0}-table-entry source-value="3" target-value="low"/>
  </qti-{0}-table></qti-outcome-declaration>"""
LOOK_UP = """<qti-lookup-outcome-value identifier="NOTE">
  <qti-variable identifier="RESPONSE"/></qti-lookup-outcome-value>"""


@each(
    ("kind", "exclude", "answer", "expected"),
    [
        ("match", False, "7", "high"),
        ("match", False, "8", "none"),
        ("interpolation", False, "8", "high"),
        ("interpolation", False, "7", "high"),
        ("interpolation", True, "7", "low"),
        ("interpolation", False, "2", "none"),
    ],
)
def test_a_table_gives_the_value_of_a_number(
    kind: str, *, exclude: bool, answer: str, expected: str
) -> None:
    declared = TABLE.format(kind, 'include-boundary="false"' if exclude else "")
    item = program(response("single", "integer"), declared, rules=LOOK_UP)
    found = item.score({"RESPONSE": [answer]})["NOTE"]
    assert found is not None
    assert found.members == (expected,)


UNKNOWN = "<qti-response-if><qti-custom-operator/></qti-response-if>"


@each(
    "rules",
    [
        "<qti-response-condition/>",
        "<qti-response-condition><qti-response-else/></qti-response-condition>",
        "<qti-response-condition><qti-response-if/></qti-response-condition>",
        '<qti-set-outcome-value identifier="SCORE"/>',
        '<qti-set-outcome-value identifier="RESPONSE"><qti-null/></qti-set-outcome-value>',
        '<qti-lookup-outcome-value identifier="SCORE"/>',
        "<qti-exit-test/>",
        f"<qti-response-condition>{UNKNOWN}</qti-response-condition>",
    ],
)
def test_processing_that_is_wrong_or_unknown_is_refused_with_its_file(rules: str) -> None:
    with pytest.raises(QtiError) as caught:
        program(CHOICE, SCORE, rules=rules)
    assert (caught.value.file, caught.value.line) == ("items/a.xml", 1)


def test_two_variables_of_one_name_are_refused() -> None:
    with pytest.raises(ContentRefused):
        program(CHOICE, outcome("RESPONSE"))


# --- hostile answers ---


@each(
    ("base", "answer", "why"),
    [
        ("integer", ["abc"], "bad-form"),
        ("integer", ["9" * 5000], "bad-form"),
        ("integer", ["99999999999"], "bad-form"),
        ("float", ["NaN"], "bad-form"),
        ("float", ["1e999"], "bad-form"),
        ("point", ["1"], "bad-form"),
        ("pair", ["A"], "bad-form"),
        ("identifier", ["A B"], "bad-form"),
        ("boolean", ["vrai"], "bad-form"),
        ("identifier", ["A", "B"], "too-many"),
        ("string", ["x" * 1_000_000], "bad-form"),
        ("duration", ["-1"], "bad-form"),
    ],
)
def test_an_answer_that_is_not_of_its_form_is_null_and_is_reported(
    base: str, answer: list[str], why: str
) -> None:
    null = '<qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>'
    rules = f"""<qti-response-condition><qti-response-if>{null}{put("SCORE", "float", "7")}
      </qti-response-if></qti-response-condition>"""
    item = program(response("single", base), SCORE, rules=rules)
    scored = item.score_with_remarks({"RESPONSE": answer})
    assert scored.outcomes["SCORE"] == real(7.0)
    assert scored.remarks == (Remark(response="RESPONSE", why=why),)


@each("answer", [None, "B", 12, {"B": 1}, [None], [["B"]], [12]])
def test_an_answer_that_is_not_a_list_of_texts_is_null(answer: Any) -> None:
    item = program(CHOICE, SCORE, template=TEMPLATES + "match_correct")
    assert item.total({"RESPONSE": answer}) == 0.0


def test_an_unknown_response_is_reported_without_repeating_it() -> None:
    scored = program(CHOICE, SCORE).score_with_remarks({"<script>": ["B"]})
    assert scored.remarks == (Remark(response="", why="unknown"),)


def test_an_answer_to_an_outcome_changes_nothing() -> None:
    assert program(CHOICE, SCORE).total({"SCORE": ["99"]}) == 0.0


@each(
    ("typed", "read"),
    [
        ("3,5", 3.5),
        ("3.5", 3.5),
        (" 12 000 ", 12000.0),
        ("\u22124", -4.0),
        ("1\u202f000,5", 1000.5),
    ],
)
def test_a_number_is_read_as_pupils_type_it(typed: str, read: float) -> None:
    rules = """<qti-set-outcome-value identifier="SCORE">
      <qti-variable identifier="RESPONSE"/></qti-set-outcome-value>"""
    assert program(response("single", "float"), SCORE, rules=rules).total(
        {"RESPONSE": [typed]}
    ) == pytest.approx(read)


@each(
    ("typed", "score"),
    [("été", 1.0), (" été\u00a0", 1.0), ("e\u0301te\u0301", 1.0), ("ete", 0.0), ("   ", 0.0)],
)
def test_a_word_is_read_without_the_spaces_around_it_and_composed(typed: str, score: float) -> None:
    item = program(
        response("single", "string", key("été")), SCORE, template=TEMPLATES + "match_correct"
    )
    assert item.total({"RESPONSE": [typed]}) == score


def test_a_pupil_cannot_make_an_item_fail_by_a_number_that_it_does_not_expect() -> None:
    rules = """<qti-set-outcome-value identifier="SCORE"><qti-index n="RESPONSE"><qti-ordered>
      <qti-base-value base-type="float">5</qti-base-value></qti-ordered></qti-index>
      </qti-set-outcome-value>"""
    item = program(response("single", "integer"), SCORE, rules=rules)
    assert item.total({"RESPONSE": ["1"]}) == 5.0
    assert item.total({"RESPONSE": ["0"]}) == 0.0


def test_a_program_and_an_item_do_not_show_their_key() -> None:
    item = read_item(xml(response("single", "identifier", key("secret"))), file="a.xml")
    assert "secret" not in repr(item) + repr(item.responses) + repr(compile_item(item))


def test_a_very_long_list_is_refused_at_once() -> None:
    item = program(response("multiple", "identifier"), SCORE)
    many: Sequence[str] = ["A"] * 100_000
    assert item.score_with_remarks({"RESPONSE": many}).remarks[0].why == "too-many"


# --- the sample assessment, marked by hand ---


def patterns() -> list[dict[str, Any]]:
    path = SAMPLE / "hand-scored.json"
    held: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["patterns"]
    return held


def name_of(pattern: dict[str, Any]) -> str:
    return str(pattern["id"])


@each("pattern", patterns(), ids=name_of)
def test_the_sample_is_scored_as_it_was_by_hand(pattern: dict[str, Any]) -> None:
    package = open_package(SAMPLE)
    scores = compile_test(package.assessment, package.items).score(pattern["answers"])
    assert scores == pattern["scores"]
    assert package.reporting is not None
    domains = package.reporting.by_domain(scores)
    assert domains == pattern["domains"]
    groups = {each.id: each.group(domains[each.id]) for each in package.reporting.domains}
    assert groups == pattern["groups"]


def test_answers_to_items_of_another_test_change_nothing() -> None:
    package = open_package(SAMPLE)
    whole = compile_test(package.assessment, package.items)
    assert whole.score({"another": {"RESPONSE": ["A"]}}) == whole.score({})
