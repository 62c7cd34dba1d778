# SPDX-License-Identifier: AGPL-3.0-or-later
"""Result reports: valid by their schema, without a name, and without a key unless asked."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from encrier_qti.clones import clone
from encrier_qti.package import open_package
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item
from encrier_qti.sessions.plan import plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.values import Value, integer, record
from encrier_qti.variables import all_variables
from encrier_qti.writing.report import (
    ResultOfItem,
    ResultOfTest,
    Sitting,
    of_answers,
    result_report,
)
from encrier_qti.writing.session import sitting_of
from stagecraft.values_of_qti import text

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "demo" / "assessments" / "sixieme-debut"
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
SCHEMA = SHARED / "data" / "qti" / "xsd" / "qtiv3p0" / "imsqti_resultv3p0_v1p0.xsd"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
R = "{http://www.imsglobal.org/xsd/imsqti_result_v3p0}"
ITEM = b"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    identifier="a" title="a">
  <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>the-key</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-response-declaration identifier="TEXT" cardinality="single" base-type="string"/>
  <qti-response-declaration identifier="PARTS" cardinality="record"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"
    normal-maximum="2" external-scored="human"/>
  <qti-template-declaration identifier="N" cardinality="single" base-type="integer"/>
  <qti-template-processing><qti-set-template-value identifier="N">
    <qti-base-value base-type="integer">7</qti-base-value></qti-set-template-value>
  </qti-template-processing>
</qti-assessment-item>"""


def one(**values: Value | None) -> Sitting:
    item = clone(read_item(ITEM, file="a.xml"))
    result = ResultOfItem(
        identifier="1-a",
        declarations=all_variables(item),
        values=values,
        at=NOON,
        rank=1,
        orders={"RESPONSE": ["B", "A"]},
    )
    return Sitting(candidate="7f3a", items=[result], sessions={"urn:encrier": "0f"})


def told(report: bytes, path: str) -> list[str]:
    found = etree.fromstring(report).xpath(path)
    assert isinstance(found, list)
    return [str(each) for each in found]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the shared test material is not here")
def test_a_report_of_a_whole_test_is_valid_by_the_schema() -> None:
    package = open_package(SAMPLE)
    items = []
    for rank, (name, item) in enumerate(package.items.items(), start=1):
        bare = ResultOfItem(identifier=name, declarations=all_variables(item), at=NOON, rank=rank)
        items.append(of_answers(bare, compile_item(item), {}))
    test = ResultOfTest(
        identifier="t",
        declarations=package.assessment.outcomes,
        values={},
        at=NOON,
    )
    fields = record({"a": integer(1), "b": None})
    odd = one(RESPONSE=None, TEXT=text("\x0b<&"), PARTS=fields, SCORE=None, N=integer(7))
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for sitting in (Sitting(candidate="7f3a", items=items, test=test), odd):
        for with_keys in (False, True):
            schema.assertValid(etree.fromstring(result_report(sitting, with_keys=with_keys)))


def test_a_report_tells_answers_outcomes_and_the_values_of_the_clone() -> None:
    report = result_report(one(TEXT=text("oui"), SCORE=None, N=integer(7), duration=None))
    space = "*[local-name()='{}']"
    template = "//" + space.format("templateVariable") + "/*/text()"
    response = "//" + space.format("candidateResponse") + "/*/text()"
    assert told(report, template) == ["7"]
    assert told(report, response) == ["oui"]
    assert told(report, "//@identifier") == ["_0f", "_1-a", "duration", "N", "TEXT", "SCORE"]
    assert told(report, "//@external-scored") == ["human"]


def test_raw_answers_become_values_and_outcomes() -> None:
    package = open_package(SAMPLE)
    name, item = next(iter(package.items.items()))
    bare = ResultOfItem(identifier=name, declarations=all_variables(item), at=NOON)
    key = item.responses["RESPONSE"].correct
    assert key is not None
    right: dict[str, list[str]] = {"RESPONSE": [str(key.members[0])], "NOBODY": ["x"]}
    result = of_answers(bare, compile_item(item), right)
    assert result.values["RESPONSE"] == key
    assert result.values["SCORE"] == compile_item(item).score(right)["SCORE"]
    assert "NOBODY" not in result.values
    wrong = of_answers(bare, compile_item(item), {"RESPONSE": ["a", "b"]})
    assert wrong.values["RESPONSE"] is None


@pytest.mark.skipif(not SCHEMA.exists(), reason="the shared test material is not here")
def test_a_test_session_is_reported_as_far_as_it_went() -> None:
    package = open_package(SAMPLE)
    session = Session(plan(package.assessment, package.items), resolve(package.assessment, "0"))
    session.begin()
    session.begin_attempt()
    session.end_attempt({})
    session.move_next()
    session.begin_attempt()
    first, second, third, *_ = (stop.name for stop in session.route.stops)
    later = NOON.replace(minute=5)
    sitting = sitting_of(session, candidate="7f3a", at=NOON, times={second: later})
    told = {each.identifier: (each.status, each.rank, each.at) for each in sitting.items}
    assert told[first] == ("final", 1, NOON)
    assert told[second] == ("pendingSubmission", 2, later)
    assert told[third] == ("initial", 3, NOON)
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(result_report(sitting)))


def test_a_key_is_told_only_if_it_is_asked_for() -> None:
    sitting = one(RESPONSE=None)
    assert b"the-key" not in result_report(sitting)
    assert b"the-key" in result_report(sitting, with_keys=True)
    assert told(result_report(sitting), "//@choiceSequence") == ["B A"]


def test_a_time_without_a_zone_is_refused() -> None:
    result = ResultOfItem(identifier="a", declarations={}, at=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        result_report(Sitting(candidate="a", items=[result]))


def test_a_report_is_not_shown_by_accident() -> None:
    assert repr(one(TEXT=text("oui")).items[0]) == "ResultOfItem('1-a', ‹hidden›)"


@given(st.text(min_size=1, max_size=30))
def test_whatever_a_pupil_types_the_report_is_xml(written: str) -> None:
    root = etree.fromstring(result_report(one(TEXT=text(written))))
    (value,) = root.iter(f"{R}value")
    assert len(value.text or "") <= len(written)
