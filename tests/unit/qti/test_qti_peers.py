# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items as authoring tools and other engines write them, scored as those engines score them."""

from pathlib import Path

import pytest

from encrier_qti.cases.explained import DEPARTURES
from encrier_qti.cases.runner import run_case
from encrier_qti.cases.verdict import Verdict
from encrier_qti.checks.items import max_score
from encrier_qti.checks.names import unknown_names
from encrier_qti.checks.static_types import wrong_types
from encrier_qti.importing.upgrade import upgrade_item
from encrier_qti.model import Item
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import Remark, compile_item
from encrier_qti.values import Value, integer, real

each = pytest.mark.parametrize

ONE_LETTER = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="{}"/>'
SCORE = """<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="integer">
  <defaultValue><value>0</value></defaultValue></outcomeDeclaration>"""
ANSWER = '<variable identifier="RESPONSE"/>'


def xml(*declarations: str, rules: str) -> bytes:
    return f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"
      identifier="a" title="a" adaptive="false" timeDependent="false">{"".join(declarations)}
      <responseProcessing>{rules}</responseProcessing></assessmentItem>""".encode()


def item(*declarations: str, rules: str) -> Item:
    written = xml(*declarations, rules=rules)
    return read_item(upgrade_item(written, file="a.xml"), file="a.xml")


def score(asked: Item, *answer: str) -> Value | None:
    return compile_item(asked).score({"RESPONSE": list(answer)})["SCORE"]


def when(condition: str, then: str) -> str:
    return (
        f"<responseCondition><responseIf>{condition}{then}</responseIf>"
        f"<responseElse>{put('SCORE', '2')}</responseElse></responseCondition>"
    )


def put(name: str, value: str) -> str:
    return (
        f'<setOutcomeValue identifier="{name}"><baseValue baseType="integer">{value}</baseValue>'
        "</setOutcomeValue>"
    )


def equals(answer: str) -> str:
    return f'<match>{ANSWER}<baseValue baseType="identifier">{answer}</baseValue></match>'


@each(("answer", "expected"), [("C", 1), ("A", 2), ("", 2)])
def test_a_single_response_is_a_container_of_one_to_member(answer: str, expected: int) -> None:
    member = f'<member><baseValue baseType="identifier">C</baseValue>{ANSWER}</member>'
    asked = item(ONE_LETTER.format("identifier"), SCORE, rules=when(member, put("SCORE", "1")))
    assert list(wrong_types(asked)) == []
    assert score(asked, answer) == integer(expected)


LOOK_UP = '<lookupOutcomeValue identifier="SCORE"><baseValue baseType="integer">1</baseValue>'
SETS_NOTHING = [put("NOBODY", "1"), f"{LOOK_UP}</lookupOutcomeValue>"]


@each("rule", SETS_NOTHING)
def test_a_rule_that_cannot_set_its_outcome_harms_only_the_answers_that_reach_it(rule: str) -> None:
    asked = item(ONE_LETTER.format("identifier"), SCORE, rules=when(equals("A"), rule))
    assert score(asked, "B") == integer(2)
    reached = compile_item(asked).score_with_remarks({"RESPONSE": ["A"]})
    assert reached.outcomes["SCORE"] == integer(0)
    assert reached.remarks == (Remark(response="", why="wrong-type"),)


@each("rule", SETS_NOTHING)
def test_an_author_is_told_of_a_rule_that_cannot_set_its_outcome(rule: str) -> None:
    asked = item(ONE_LETTER.format("identifier"), SCORE, rules=when(equals("A"), rule))
    (told,) = unknown_names(asked)
    assert told.element in {"qti-set-outcome-value", "qti-lookup-outcome-value"}


@each(("written", "expected"), [("True", 1), ("FALSE", 2), ("true", 1), ("0", 2)])
def test_a_boolean_is_read_in_any_case(written: str, expected: int) -> None:
    truth = f'<baseValue baseType="boolean">{written}</baseValue>'
    asked = item(ONE_LETTER.format("identifier"), SCORE, rules=when(truth, put("SCORE", "1")))
    assert score(asked, "A") == integer(expected)


def test_an_item_without_a_body_is_scored() -> None:
    declared = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
    asked = item(ONE_LETTER.format("identifier"), declared, rules=put("SCORE", "3"))
    assert score(asked) == real(3.0)


def test_a_maximum_that_processing_adds_up_is_what_the_item_announces() -> None:
    part = '<sum><variable identifier="PART"/><variable identifier="PART"/></sum>'
    most = f'<setOutcomeValue identifier="MAXSCORE">{part}</setOutcomeValue>'
    parts = """<outcomeDeclaration identifier="PART" cardinality="single" baseType="integer">
      <defaultValue><value>2</value></defaultValue></outcomeDeclaration>"""
    maximum = SCORE.replace('"SCORE"', '"MAXSCORE"')
    assert max_score(item(maximum, SCORE, parts, rules=put("SCORE", "4") + most)) == 4.0
    assert max_score(item(maximum, SCORE, parts, rules=put("SCORE", "4"))) == 0.0


# --- where the recorded engine departs from a clause ---

NUMBER = """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="integer">
  <defaultValue><value>5</value></defaultValue></responseDeclaration>"""
PLACE = """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="point">
  <areaMapping defaultValue="-5"><areaMapEntry shape="rect" coords="0,0,9,9" mappedValue="1"/>
  </areaMapping></responseDeclaration>"""
WORDS = """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
  <mapping defaultValue="-5" lowerBound="-2"><mapEntry mapKey="A" mappedValue="1"/></mapping>
  </responseDeclaration>"""
STEPS = """<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="integer">
  <interpolationTable><interpolationTableEntry sourceValue="10" targetValue="8"/>
  <interpolationTableEntry sourceValue="0" targetValue="3"/></interpolationTable>
  </outcomeDeclaration>"""
COPY = f'<setOutcomeValue identifier="SCORE">{ANSWER}</setOutcomeValue>'
MAP = '<setOutcomeValue identifier="SCORE"><{} identifier="RESPONSE"/></setOutcomeValue>'
STEP = f'<lookupOutcomeValue identifier="SCORE">{ANSWER}</lookupOutcomeValue>'


def verdict(folder: Path, written: bytes, answer: object, recorded: int | None) -> Verdict:
    (folder / "peer").mkdir(exist_ok=True)
    (folder / "peer" / "a.xml").write_bytes(written)
    held = {"cardinality": "single", "baseType": "integer", "value": recorded}
    case = {
        "id": "a",
        "file": "peer/a.xml",
        "responses": {"RESPONSE": answer},
        "outcomes": {"SCORE": None if recorded is None else held},
    }
    return run_case(case, [folder])


@each(
    ("clause", "written", "answer", "scores"),
    [
        ("ResponseDeclaration", xml(NUMBER, SCORE, rules=COPY), None, (None, 5)),
        ("MapResponse,", xml(PLACE, SCORE, rules=MAP.format("mapResponsePoint")), None, (0, -5)),
        ("MapResponse,", xml(WORDS, SCORE, rules=MAP.format("mapResponse")), "", (0, -2)),
        ("InterpolationTable", xml(NUMBER, STEPS, rules=STEP), 7, (3, 8)),
    ],
)
def test_a_departure_is_explained_by_what_comes_of_it(
    tmp_path: Path, clause: str, written: bytes, answer: object, scores: tuple[int | None, int]
) -> None:
    ours, theirs = scores
    assert verdict(tmp_path, written, answer, ours).outcome == "passed"
    explained = verdict(tmp_path, written, answer, theirs)
    assert (explained.outcome, explained.reason[: len(clause)]) == ("explained", clause)
    assert verdict(tmp_path, written, answer, 99).outcome == "failed"


def test_no_departure_excuses_an_item_that_has_nothing_to_do_with_it(tmp_path: Path) -> None:
    written = xml(ONE_LETTER.format("identifier"), SCORE, rules=put("SCORE", "1"))
    assert verdict(tmp_path, written, None, 2).outcome == "failed"
    assert len({each.clause for each in DEPARTURES}) == len(DEPARTURES)
