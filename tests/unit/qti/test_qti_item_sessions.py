# SPDX-License-Identifier: AGPL-3.0-or-later
"""Item sessions: attempts, item session control, time, and the variables in between."""

import pytest

from encrier_qti.errors import SessionRefused
from encrier_qti.model import COMPLETION, TimeLimits
from encrier_qti.reading.item import read_item
from encrier_qti.sessions.item_session import ItemSession, State, Terms
from encrier_qti.sessions.playable import playable
from encrier_qti.values import Value, printed

XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
RIGHT = {"RESPONSE": ["B"]}
WRONG = {"RESPONSE": ["A"]}
MATCH = '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
ADAPTS = (
    "<qti-response-processing><qti-response-condition><qti-response-if>"
    '<qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/>'
    "</qti-match>"
    '<qti-set-outcome-value identifier="completionStatus">'
    '<qti-base-value base-type="identifier">completed</qti-base-value></qti-set-outcome-value>'
    '</qti-response-if><qti-response-else><qti-set-outcome-value identifier="completionStatus">'
    '<qti-base-value base-type="identifier">incomplete</qti-base-value></qti-set-outcome-value>'
    "</qti-response-else></qti-response-condition>"
    '<qti-set-outcome-value identifier="SCORE"><qti-sum><qti-variable identifier="SCORE"/>'
    '<qti-base-value base-type="float">1</qti-base-value></qti-sum></qti-set-outcome-value>'
    "</qti-response-processing>"
)
MODAL = (
    '<qti-modal-feedback identifier="1" outcome-identifier="TOLD" show-hide="show">'
    "<qti-content-body>Bravo</qti-content-body></qti-modal-feedback>"
)


def session(terms: Terms | None = None, *, default: str = "", **item: str) -> ItemSession:
    """A session that has begun; `item`: processing, adaptive, feedback, choices."""
    preset = f"<qti-default-value><qti-value>{default}</qti-value></qti-default-value>"
    xml = (
        f'<qti-assessment-item {XMLNS} identifier="q" title="q" time-dependent="false"'
        f' adaptive="{item.get("adaptive", "false")}">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="single"'
        f' base-type="identifier">{preset if default else ""}'
        "<qti-correct-response><qti-value>B</qti-value></qti-correct-response>"
        "</qti-response-declaration>"
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        '<qti-outcome-declaration identifier="TOLD" cardinality="single" base-type="identifier">'
        "<qti-default-value><qti-value>1</qti-value></qti-default-value></qti-outcome-declaration>"
        '<qti-item-body><qti-choice-interaction response-identifier="RESPONSE"'
        f" {item.get('choices', '')}>"
        '<qti-simple-choice identifier="A">A</qti-simple-choice>'
        '<qti-simple-choice identifier="B">B</qti-simple-choice></qti-choice-interaction>'
        f"</qti-item-body>{item.get('processing', MATCH)}{item.get('feedback', '')}"
        "</qti-assessment-item>"
    )
    begun = ItemSession(playable(read_item(xml.encode(), file="q.xml")), terms or Terms())
    begun.begin()
    return begun


def attempted(terms: Terms | None = None) -> ItemSession:
    begun = session(terms)
    begun.begin_attempt()
    return begun


def text(value: Value | None) -> str | None:
    return None if value is None else " ".join(printed(value.base, each) for each in value.members)


def seen(found: ItemSession, *names: str) -> list[str | None]:
    return [text(found.frame[name]) for name in names]


def state_of(found: ItemSession) -> State:
    return found.state


def why(refused: pytest.ExceptionInfo[SessionRefused]) -> str:
    return refused.value.why


def test_an_attempt_is_scored_when_it_ends_and_closes_the_session() -> None:
    one = attempted()
    assert seen(one, COMPLETION, "numAttempts", "SCORE") == ["unknown", "1", "0.0"]
    assert one.end_attempt(RIGHT) == ()
    assert state_of(one) is State.CLOSED
    assert seen(one, COMPLETION, "SCORE", "RESPONSE") == ["completed", "1.0", "B"]


def test_before_the_first_attempt_nothing_is_attempted_and_responses_are_null() -> None:
    one = session(default="A")
    assert seen(one, COMPLETION, "numAttempts", "RESPONSE") == ["not_attempted", "0", None]
    one.begin_attempt()
    assert seen(one, "RESPONSE") == ["A"]


def test_outcomes_start_again_at_each_attempt_and_responses_stay() -> None:
    one = attempted(Terms(max_attempts=2))
    one.end_attempt(RIGHT)
    assert state_of(one) is State.SUSPENDED
    one.begin_attempt()
    assert seen(one, COMPLETION, "numAttempts", "RESPONSE", "SCORE") == ["unknown", "2", "B", "1.0"]
    one.end_attempt(WRONG)
    assert seen(one, "SCORE") == ["0.0"]
    assert one.attempts_left == 0


def test_no_more_attempts_than_allowed() -> None:
    one = attempted()
    one.end_attempt(RIGHT)
    with pytest.raises(SessionRefused) as refused:
        one.begin_attempt()
    assert why(refused) == "attempts"


def test_zero_attempts_means_no_limit() -> None:
    one = session(Terms(max_attempts=0))
    for _ in range(70):
        one.begin_attempt()
        one.end_attempt(WRONG)
    assert seen(one, "numAttempts") == ["70"]
    assert one.attempts_left is None


def test_a_simultaneous_part_allows_one_attempt_whatever_the_control_says() -> None:
    one = attempted(Terms(max_attempts=5, simultaneous=True))
    one.end_attempt(RIGHT)
    with pytest.raises(SessionRefused):
        one.begin_attempt()


def test_an_adaptive_item_goes_on_until_it_is_completed_and_keeps_its_outcomes() -> None:
    one = session(processing=ADAPTS, adaptive="true")
    one.begin_attempt()
    one.end_attempt(WRONG)
    assert seen(one, COMPLETION, "SCORE") == ["incomplete", "1.0"]
    assert state_of(one) is State.SUSPENDED
    one.begin_attempt()
    one.end_attempt(RIGHT)
    assert seen(one, COMPLETION, "SCORE", "numAttempts") == ["completed", "2.0", "2"]
    assert state_of(one) is State.CLOSED
    assert one.attempts_left == 0


@pytest.mark.parametrize("answers", [{}, {"RESPONSE": []}, {"RESPONSE": ["A"]}])
def test_an_item_that_may_not_be_skipped_wants_another_answer_than_its_default(
    answers: dict[str, list[str]],
) -> None:
    one = session(Terms(allow_skipping=False), default="A")
    one.begin_attempt()
    with pytest.raises(SessionRefused) as refused:
        one.end_attempt(answers)
    assert why(refused) == "skipped"
    assert state_of(one) is State.INTERACTING
    one.end_attempt(RIGHT)
    assert state_of(one) is State.CLOSED


def test_a_simultaneous_part_does_not_know_skipping() -> None:
    one = attempted(Terms(allow_skipping=False, simultaneous=True))
    one.end_attempt({})
    assert state_of(one) is State.CLOSED


@pytest.mark.parametrize("answers", [{}, {"RESPONSE": ["A", "B"]}, {"RESPONSE": [""]}])
def test_an_invalid_response_is_refused_where_responses_are_validated(
    answers: dict[str, list[str]],
) -> None:
    one = session(Terms(validate_responses=True), choices='min-choices="1"')
    one.begin_attempt()
    with pytest.raises(SessionRefused) as refused:
        one.end_attempt(answers)
    assert why(refused) == "invalid"
    assert seen(one, "RESPONSE") == [None]


def test_a_response_must_match_the_pattern_of_its_interaction() -> None:
    one = session(Terms(validate_responses=True, max_attempts=2), choices='pattern-mask="[B-C]"')
    one.begin_attempt()
    with pytest.raises(SessionRefused) as refused:
        one.end_attempt(WRONG)
    assert why(refused) == "invalid"
    one.end_attempt(RIGHT)
    one.begin_attempt()
    one.end_attempt({"RESPONSE": []})


def test_a_pattern_that_nobody_can_read_holds_no_pupil_back() -> None:
    one = session(Terms(validate_responses=True), choices='pattern-mask="(["')
    one.begin_attempt()
    one.end_attempt(RIGHT)
    assert state_of(one) is State.CLOSED


def test_what_cannot_be_read_is_no_response_and_is_told() -> None:
    one = attempted()
    remarks = one.end_attempt({"RESPONSE": ["A", "B"], "OTHER": ["x"]})
    assert {(remark.response, remark.why) for remark in remarks} == {
        ("RESPONSE", "too-many"),
        ("", "unknown"),
    }
    assert seen(one, "RESPONSE") == [None]


def test_time_counts_while_the_pupil_interacts_only() -> None:
    one = session()
    one.spend(5)
    one.begin_attempt()
    one.spend(3)
    one.suspend()
    one.spend(10)
    one.resume()
    one.spend(0.5)
    assert seen(one, "duration") == ["3.5"]


def test_the_maximum_time_closes_and_is_never_exceeded() -> None:
    one = attempted(Terms(limits=TimeLimits(maximum=10.0)))
    one.spend(25)
    assert state_of(one) is State.CLOSED
    assert seen(one, "duration") == ["10.0"]
    with pytest.raises(SessionRefused) as refused:
        one.end_attempt(RIGHT)
    assert why(refused) == "time"
    with pytest.raises(SessionRefused) as refused:
        one.begin_attempt()
    assert why(refused) == "time"


@pytest.mark.parametrize("by", ["item", "host"])
def test_a_late_submission_counts_once_where_the_item_or_the_host_allows_it(by: str) -> None:
    limits = TimeLimits(maximum=10.0, allow_late_submission=by == "item")
    one = attempted(Terms(limits=limits))
    one.spend(11)
    one.end_attempt(RIGHT, accept_late=by == "host")
    assert seen(one, "SCORE", COMPLETION) == ["1.0", "completed"]
    with pytest.raises(SessionRefused):
        one.end_attempt(WRONG, accept_late=True)


def test_a_submission_before_the_minimum_suspends_and_the_attempt_goes_on() -> None:
    one = attempted(Terms(limits=TimeLimits(minimum=5)))
    one.spend(4)
    with pytest.raises(SessionRefused) as refused:
        one.end_attempt(RIGHT)
    assert why(refused) == "too-early"
    assert state_of(one) is State.SUSPENDED
    one.begin_attempt()
    one.spend(1)
    one.end_attempt(RIGHT)
    assert seen(one, "numAttempts", "SCORE") == ["1", "1.0"]


def test_a_minimum_time_holds_in_linear_parts_only() -> None:
    one = attempted(Terms(limits=TimeLimits(minimum=5), linear=False))
    one.end_attempt(RIGHT)
    assert state_of(one) is State.CLOSED


def test_saved_responses_are_submitted_with_the_attempt() -> None:
    one = attempted()
    one.save(RIGHT)
    one.suspend()
    one.resume()
    one.end_attempt({})
    assert seen(one, "SCORE") == ["1.0"]


@pytest.mark.parametrize("last", [State.MODAL_FEEDBACK, State.CLOSED])
def test_modal_feedback_is_shown_between_attempts_and_after_the_last_if_allowed(
    last: State,
) -> None:
    terms = Terms(max_attempts=2, show_feedback=last is State.MODAL_FEEDBACK)
    one = session(terms, feedback=MODAL)
    states = []
    for _ in range(2):
        one.begin_attempt()
        one.end_attempt(WRONG)
        states.append(one.state)
    assert states == [State.MODAL_FEEDBACK, last]


def test_closing_the_feedback_closes_or_waits_for_the_next_attempt() -> None:
    one = session(Terms(max_attempts=2, show_feedback=True), feedback=MODAL)
    for expected in (State.SUSPENDED, State.CLOSED):
        one.begin_attempt()
        one.end_attempt(WRONG)
        one.suspend()
        assert state_of(one) is expected


def test_review_and_solution_are_for_closed_items_and_where_allowed() -> None:
    one = attempted(Terms(show_solution=True))
    with pytest.raises(SessionRefused) as refused:
        one.review()
    assert why(refused) == "not-now"
    one.end_attempt(WRONG)
    one.review()
    assert {name: text(value) for name, value in one.shown.items()} == {"RESPONSE": "A"}
    one.solution()
    assert {name: text(value) for name, value in one.shown.items()} == {"RESPONSE": "B"}
    one.leave()
    assert state_of(one) is State.CLOSED
    closed = attempted(Terms(allow_review=False))
    closed.end_attempt(WRONG)
    for show in (closed.review, closed.solution):
        with pytest.raises(SessionRefused) as refused:
            show()
        assert why(refused) == "not-allowed"


def test_processing_that_fails_leaves_the_outcomes_it_starts_from() -> None:
    broken = (
        '<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-sum>'
        '<qti-variable identifier="RESPONSE"/></qti-sum></qti-set-outcome-value>'
        "</qti-response-processing>"
    )
    one = session(processing=broken)
    one.begin_attempt()
    remarks = one.end_attempt(RIGHT)
    assert [remark.why for remark in remarks] == ["wrong-type"]
    assert seen(one, "SCORE", COMPLETION) == ["0.0", "completed"]


@pytest.mark.parametrize(
    "call", ["begin", "suspend", "resume", "leave", "review", "solution", "end_attempt", "save"]
)
def test_what_makes_no_sense_at_the_beginning_is_refused_and_changes_nothing(call: str) -> None:
    one = session()
    before = one.snapshot()
    with pytest.raises(SessionRefused) as refused:
        getattr(one, call)(*([{}] if call in {"end_attempt", "save"} else []))
    assert why(refused) == "not-now"
    assert one.snapshot() == before


def test_an_item_made_ready_does_not_print_its_key() -> None:
    assert repr(session().playable) == "Playable('q', ‹hidden›)"
