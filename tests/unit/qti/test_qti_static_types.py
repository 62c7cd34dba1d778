# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wrong types that are found before any answer, and nothing right that is taken for wrong."""

import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from encrier_qti.cases.recorded import NotRunnable, node, value, variables
from encrier_qti.checks.logic import check_logic
from encrier_qti.checks.static_types import in_rules, wrong_types
from encrier_qti.errors import WrongType
from encrier_qti.model import Node
from encrier_qti.package import open_package
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.values import Cardinality, Value

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
CASES = SHARED / "data" / "qti" / "cases"
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples" / "qtiv3-examples"
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

each = pytest.mark.parametrize

ONE = '<qti-base-value base-type="integer">1</qti-base-value>'
WORD = '<qti-base-value base-type="string">mot</qti-base-value>'
NAME = '<qti-base-value base-type="identifier">A</qti-base-value>'
TRUE = '<qti-base-value base-type="boolean">true</qti-base-value>'
ANSWER = '<qti-variable identifier="RESPONSE"/>'
MANY = '<qti-variable identifier="MANY"/>'


def found(rules: str) -> list[tuple[int, str]]:
    xml = f"""<qti-assessment-item xmlns="{NAMESPACE}" identifier="a" title="a">
      <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"/>
      <qti-response-declaration identifier="MANY" cardinality="multiple" base-type="identifier"/>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
      <qti-outcome-declaration identifier="NOTE" cardinality="single" base-type="string">
      <qti-match-table><qti-match-table-entry source-value="1" target-value="a"/></qti-match-table>
      </qti-outcome-declaration><qti-item-body/>
<qti-response-processing>
{rules}</qti-response-processing></qti-assessment-item>"""
    item = read_item(xml.encode(), file="a.xml")
    return [(error.line, error.element) for error in wrong_types(item)]


def put(name: str, inside: str) -> str:
    return f'<qti-set-outcome-value identifier="{name}">{inside}</qti-set-outcome-value>'


def if_(condition: str) -> str:
    return (
        f"<qti-response-condition><qti-response-if>{condition}</qti-response-if>"
        "</qti-response-condition>"
    )


@each(
    ("rules", "element"),
    [
        (put("SCORE", WORD), "qti-set-outcome-value"),
        (put("SCORE", f"<qti-sum>{ONE}{WORD}</qti-sum>"), "qti-sum"),
        (put("NOTE", f"<qti-sum>{ONE}</qti-sum>"), "qti-set-outcome-value"),
        (if_(f"<qti-match>{ANSWER}{WORD}</qti-match>"), "qti-match"),
        (if_(f"<qti-match>{ANSWER}{MANY}</qti-match>"), "qti-match"),
        (if_(f"<qti-match>{MANY}<qti-ordered>{NAME}</qti-ordered></qti-match>"), "qti-match"),
        (if_(ANSWER), "qti-response-if"),
        (if_(f"<qti-not><qti-sum>{ONE}</qti-sum></qti-not>"), "qti-not"),
        (if_(f"<qti-member>{MANY}{MANY}</qti-member>"), "qti-member"),
        (if_(f"<qti-gt>{ANSWER}{ONE}</qti-gt>"), "qti-gt"),
        (
            f'<qti-lookup-outcome-value identifier="NOTE">{WORD}</qti-lookup-outcome-value>',
            "qti-lookup-outcome-value",
        ),
        (put("SCORE", f"<qti-multiple>{ONE}{WORD}</qti-multiple>"), "qti-multiple"),
    ],
)
def test_a_type_that_cannot_be_right_is_told_with_its_line(rules: str, element: str) -> None:
    assert (9, element) in found(rules)


@each(
    "rules",
    [
        put("SCORE", ONE),
        put("SCORE", '<qti-field-value field-identifier="x"><qti-null/></qti-field-value>'),
        put("SCORE", f"<qti-multiple>{ONE}{ONE}</qti-multiple>"),
        if_(f"<qti-match>{ANSWER}<qti-correct identifier='RESPONSE'/></qti-match>"),
        if_(f"<qti-match>{ANSWER}<qti-null/></qti-match>"),
        if_(f"<qti-member>{ANSWER}{MANY}</qti-member>"),
        if_(f"<qti-and>{TRUE}<qti-is-null>{MANY}</qti-is-null></qti-and>"),
        put("SCORE", f"<qti-container-size>{MANY}</qti-container-size>"),
        put("SCORE", '<qti-custom-operator class="x"/>'),
    ],
)
def test_what_may_be_right_is_not_told(rules: str) -> None:
    assert found(rules) == []


def test_nothing_is_told_of_the_sample_assessment() -> None:
    package = open_package(ROOT / "demo" / "assessments" / "sixieme-debut")
    assert [error for item in package.items.values() for error in wrong_types(item)] == []


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
def test_nothing_is_told_of_the_items_of_1edtech() -> None:
    told: list[WrongType] = []
    for path in sorted(EXAMPLES.rglob("*.xml")):
        content = path.read_bytes()
        if b"<qti-assessment-item " in content:
            beside = {each.name: each.read_bytes() for each in path.parent.glob("*.xml")}
            told += wrong_types(read_item(content, file=path.name, files=beside))
    assert told == []


def written(held: Value | None) -> Node:
    """An expression of the type of a recorded operand."""

    def make(name: str, *children: Node, base: str = "") -> Node:
        attributes = {"base-type": base} if base else {}
        return Node(name=name, file="", line=0, attributes=attributes, children=children)

    if held is None:
        return make("qti-null")
    if held.cardinality is Cardinality.RECORD:
        return make("qti-variable")
    members = [make("qti-base-value", base=str(held.base)) for _ in held.members]
    return (
        members[0]
        if held.cardinality is Cardinality.SINGLE
        else make(f"qti-{held.cardinality}", *members)
    )


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
def test_no_recorded_value_came_from_what_is_told_to_be_wrong() -> None:
    n_told = 0
    for name in ("expressions", "rules", "processing"):
        for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines():
            case = json.loads(line)
            try:
                declared, _ = variables(case)
            except NotRunnable:
                continue
            root = node(case)
            if "operands" in case:
                operands = tuple(written(value(each)) for each in case["operands"])
                root = replace(root, children=operands)
            told = list(in_rules([root], declared))
            assert not told or "error" in case, case["id"]
            n_told += bool(told)
    assert n_told >= 55


# --- tests ---


def told_of_test(inside: str = "", processing: str = "") -> list[tuple[str, str]]:
    xml = f"""<qti-assessment-test xmlns="{NAMESPACE}" identifier="t" title="t">
      <qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>
      <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
      <qti-assessment-section identifier="s" title="s" visible="true">
      <qti-assessment-item-ref identifier="a" href="a.xml"/>
      <qti-assessment-item-ref identifier="b" href="b.xml">{inside}</qti-assessment-item-ref>
      </qti-assessment-section></qti-test-part>
      <qti-outcome-processing>{processing}</qti-outcome-processing></qti-assessment-test>"""
    found = check_logic(read_assessment(xml.encode(), file="t.xml"))
    return [(each.kind, each.element) for each in found]


COUNT = "<qti-number-correct/>"


@each(
    ("inside", "processing", "element"),
    [
        (f"<qti-pre-condition>{COUNT}</qti-pre-condition>", "", "qti-number-correct"),
        (f'<qti-branch-rule target="EXIT_TEST">{ONE}</qti-branch-rule>', "", "qti-base-value"),
        (f"<qti-pre-condition><qti-gt>{COUNT}{WORD}</qti-gt></qti-pre-condition>", "", "qti-gt"),
        ("", put("TOTAL", WORD), "qti-set-outcome-value"),
        ("", put("NOBODY", ONE), "qti-set-outcome-value"),
        ("", "<qti-exit-response/>", "qti-exit-response"),
    ],
)
def test_what_cannot_run_in_a_test_is_told(inside: str, processing: str, element: str) -> None:
    assert told_of_test(inside, processing) == [("cannot-run", element)]


def test_nothing_is_told_of_a_test_that_can_run() -> None:
    several = f"<qti-gt>{COUNT}{ONE}</qti-gt>"
    score = '<qti-variable identifier="a.SCORE"/>'
    assert told_of_test(f"<qti-pre-condition>{several}</qti-pre-condition>") == []
    assert told_of_test(processing=put("TOTAL", f"<qti-sum>{score}{COUNT}</qti-sum>")) == []
