# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions recorded from another engine, and published tests: what others made is run."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from encrier_qti.cases.runner import run_case
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.sessions.plan import plan_of
from encrier_qti.sessions.playable import playable
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.sessions.test_session import TestState as Status
from stagecraft.tests_of_qti import ITEM as ONE_CHOICE

Case = dict[str, Any]  # JSON of another project

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).resolve().parents[4] / "shared"))
CASES = SHARED / "data" / "qti" / "cases"
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
FILES = ("item-sessions", "test-sessions")
MOST_EXPLAINED = 5

ITEM = (
    '<assessmentItem identifier="q" title="q" adaptive="false" timeDependent="false">'
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
    "<correctResponse><value>B</value></correctResponse></responseDeclaration>"
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
    '<itemBody/><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/'
    'rptemplates/match_correct"/></assessmentItem>'
)
TEST = (
    '<assessmentTest identifier="T" title="T">'
    '<testPart identifier="P" navigationMode="linear" submissionMode="individual">'
    '<assessmentSection identifier="S" title="S" visible="true">'
    '<assessmentItemRef identifier="Q1" href="Q1.xml"/>'
    '<assessmentItemRef identifier="Q2" href="Q2.xml"/></assessmentSection></testPart>'
    "</assessmentTest>"
)
CHOICE_B = {"cardinality": "single", "baseType": "identifier", "value": "B"}


def number(value: float) -> Case:
    return {"cardinality": "single", "baseType": "float", "value": value}


def item_after(state: str, response: Case | None, score: float) -> Case:
    return {
        "state": state,
        "variables": {
            "RESPONSE": {"kind": "response", "value": response},
            "SCORE": {"kind": "outcome", "value": number(score)},
        },
    }


def item_case() -> Case:
    answered = [{"state": {"RESPONSE": {"value": CHOICE_B}}}]
    return {
        "id": "made-up",
        "xml": ITEM,
        "steps": [
            {"call": "beginItemSession", "args": [], "after": item_after("initial", None, 0.0)},
            {"call": "beginAttempt", "args": [], "after": item_after("interacting", None, 0.0)},
            {"call": "endAttempt", "args": answered, "after": item_after("closed", CHOICE_B, 1.0)},
            {
                "call": "beginAttempt",
                "args": [],
                "error": {"code": 3},
                "after": item_after("closed", CHOICE_B, 1.0),
            },
        ],
    }


def at(position: int, *states: str) -> Case:
    items = [{"id": f"Q{n}", **item_after(state, None, 0.0)} for n, state in enumerate(states, 1)]
    return {
        "state": "interacting",
        "position": position,
        "item": f"Q{position + 1}",
        "occurrence": 0,
        "testPart": "P",
        "remainingAttempts": 1,
        "outcomes": [],
        "items": items,
    }


def session_case() -> Case:
    closed = {**at(0, "closed", "closed"), "state": "closed"}
    return {
        "id": "made-up",
        "xml": TEST,
        "config": 0,
        "route": [["P", "S", "Q1", 0], ["P", "S", "Q2", 0]],
        "steps": [
            {"call": "beginTestSession", "args": [], "after": at(0, "initial", "initial")},
            {
                "call": "jumpTo",
                "args": [1],
                "error": {"code": 7},
                "after": at(0, "initial", "initial"),
            },
            {"call": "moveNext", "args": [], "after": at(1, "initial", "initial")},
            {"call": "moveNext", "args": [], "after": closed},
        ],
    }


@pytest.mark.parametrize("made", [item_case, session_case])
def test_a_made_up_session_agrees(made: Callable[[], Case]) -> None:
    verdict = run_case(made())
    assert (verdict.outcome, verdict.difference, verdict.reason) == ("passed", "", "")


@pytest.mark.parametrize(
    ("made", "step", "path", "wrong"),
    [
        (item_case, 2, "after.state", "suspended"),
        (item_case, 2, "after.variables.SCORE.value", number(0.0)),
        (item_case, 2, "after.variables.RESPONSE.value", None),
        (item_case, 3, "error", {}),
        (item_case, 3, "error", {"code": 1}),
        (item_case, 1, "error", {"code": 3}),
        (session_case, 2, "after.position", 0),
        (session_case, 2, "after.remainingAttempts", 0),
        (session_case, 2, "after.outcomes", {"SCORE": number(1.0)}),
        (session_case, 2, "after.items", []),
        (session_case, 3, "after.state", "interacting"),
        (session_case, 1, "error", {}),
    ],
)
def test_a_session_recorded_otherwise_does_not_agree(
    made: Callable[[], Case], step: int, path: str, wrong: object
) -> None:
    case = copy.deepcopy(made())
    holder = case["steps"][step]
    *around, last = path.split(".")
    for name in around:
        holder = holder[name]
    holder[last] = wrong
    assert run_case(case).outcome == "failed"


@pytest.mark.parametrize(
    "broken",
    [
        {"steps": "none"},
        {"steps": [7]},
        {"steps": [{"call": "beginItemSession"}]},
        {"steps": [{"call": "unheard", "after": {}}]},
        {"steps": [{"call": "setTime", "args": [{"time": "noon"}], "after": {}}]},
    ],
)
def test_a_broken_case_fails_and_says_so(broken: Case) -> None:
    assert run_case({**item_case(), **broken}).outcome == "failed"


def recorded(name: str) -> list[Case]:
    path = CASES / f"{name}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("name", FILES)
def test_every_recorded_session_agrees_or_is_explained_by_a_clause(name: str) -> None:
    verdicts = [run_case(case) for case in recorded(name)]
    assert verdicts
    told = [verdict for verdict in verdicts if verdict.outcome not in {"passed", "explained"}]
    assert told == []


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
def test_few_recorded_sessions_need_an_explanation() -> None:
    verdicts = [run_case(case) for name in FILES for case in recorded(name)]
    assert sum(verdict.outcome == "explained" for verdict in verdicts) <= MOST_EXPLAINED


def published() -> list[Path]:
    found = sorted(EXAMPLES.rglob("*.xml")) if EXAMPLES.exists() else []
    return [path for path in found if b"<qti-assessment-test " in path.read_bytes()]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
def test_every_published_test_can_be_sat_to_its_end() -> None:
    """With items of ours: most of the published tests come without theirs."""
    item = playable(read_item(ONE_CHOICE.encode(), file="q.xml"))
    paths = published()
    assert paths
    for path in paths:
        assessment = read_assessment(path.read_bytes(), file=path.name)
        made = plan_of(assessment, {each.identifier: item for each in assessment.refs()})
        session = Session(made, resolve(assessment, "seed"))
        session.begin()
        for _ in range(2 * len(session.route.stops)):  # feedback may be shown at each
            if session.state is Status.INTERACTING and not session.time_is_up:
                session.begin_attempt()
                session.spend(599)
                if session.runs and session.item.attempting:
                    session.end_attempt({"RESPONSE": ["B"]})
            if session.runs:
                session.move_next()
        assert not session.runs, path.name
        assert session.outcomes.values().keys() == assessment.outcomes.keys()
