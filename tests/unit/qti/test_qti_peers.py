# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items as authoring tools and other engines write them, scored as those engines score them."""

import pytest

from encrier_qti.checks.names import unknown_names
from encrier_qti.importing.upgrade import upgrade_item
from encrier_qti.model import Item
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import Remark, compile_item
from encrier_qti.static_types import wrong_types
from encrier_qti.values import Value, integer, real

each = pytest.mark.parametrize

ONE_LETTER = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="{}"/>'
SCORE = """<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="integer">
  <defaultValue><value>0</value></defaultValue></outcomeDeclaration>"""
ANSWER = '<variable identifier="RESPONSE"/>'


def item(*declarations: str, rules: str) -> Item:
    written = f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"
      identifier="a" title="a" adaptive="false" timeDependent="false">{"".join(declarations)}
      <responseProcessing>{rules}</responseProcessing></assessmentItem>""".encode()
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
