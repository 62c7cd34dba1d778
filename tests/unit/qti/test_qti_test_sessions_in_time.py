# SPDX-License-Identifier: AGPL-3.0-or-later
"""Test sessions: their clocks, their feedback, their snapshots, what they refuse."""

import msgspec
import pytest

from encrier_qti.errors import SessionRefused
from encrier_qti.sessions.item_session import State
from encrier_qti.sessions.plan import Settings
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.snapshots import TestSnapshot as Snapshot
from encrier_qti.sessions.snapshots import restored, snapshot
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.sessions.test_session import TestState as Status
from encrier_qti.values import BaseType, single
from stagecraft.tests_of_qti import (
    DECLARED,
    RIGHT,
    TOTAL,
    answer,
    begun,
    branch,
    limits,
    number,
    part,
    planned,
    ref,
    refs,
    section,
    way,
)


def test_time_that_is_up_for_a_section_closes_its_items_and_no_others() -> None:
    first = section("S1", limits(max_time=10) + refs("Q1", "Q2"))
    session = begun(part("P", first + section("S2", ref("Q3")), "nonlinear individual"))
    session.begin_attempt()
    session.spend(10)
    assert [item.state for _, item in session.items] == [State.CLOSED, State.CLOSED, State.INITIAL]
    assert session.time_is_up
    with pytest.raises(SessionRefused) as refused:
        session.end_attempt(RIGHT)
    assert refused.value.why == "time"
    session.move_on()
    assert session.stop.name == "Q3"


def test_time_that_is_up_for_the_test_ends_it() -> None:
    session = begun(limits(max_time=60) + part("P", section("S", refs("Q1", "Q2"))))
    session.begin_attempt()
    session.spend(59.5)
    assert session.time_left == 0.5
    session.spend(0.5)
    assert session.state is Status.CLOSED


@pytest.mark.parametrize("by", ["section", "sitting", "host"])
def test_late_answers_are_taken_where_something_allows_them(by: str) -> None:
    late = str(by == "section").lower()
    inside = section("S", limits(max_time=10, allow_late_submission=late) + ref("Q1"))
    session = begun(part("P", inside), Settings(accept_late=by == "sitting"))
    session.begin_attempt()
    session.spend(11)
    session.end_attempt(RIGHT, accept_late=by == "host")
    assert session.item.frame["SCORE"] == single(BaseType.FLOAT, 1.0)


def test_every_time_that_is_up_must_allow_late_answers() -> None:
    late = limits(max_time=10, allow_late_submission="true")
    strict = limits(max_time=10)
    for around, own in ((late, strict), (strict, late)):
        session = begun(part("P", section("S", around + ref("Q1", own))))
        session.begin_attempt()
        session.spend(11)
        with pytest.raises(SessionRefused) as refused:
            session.end_attempt(RIGHT)
        assert refused.value.why == "time"


def test_extra_time_lengthens_every_maximum() -> None:
    inside = limits(max_time=100) + part("P", section("S", ref("Q1", limits(max_time=30))))
    session = begun(inside, Settings(time_factor=1.5, extra_s=5))
    session.begin_attempt()
    assert session.time_left == 50
    session.spend(49)
    assert not session.time_is_up
    session.spend(1)
    assert session.item.state is State.CLOSED
    session.spend(104)
    assert session.runs
    session.spend(1)
    assert not session.runs


def test_what_has_a_minimum_time_is_not_finished_before() -> None:
    inside = section("S1", limits(min_time=20) + refs("Q1", "Q2")) + section("S2", ref("Q3"))
    session = begun(part("P", inside))
    answer(session)
    session.move_next()
    session.begin_attempt()
    for finish in (lambda: session.end_attempt(RIGHT), session.move_next):
        with pytest.raises(SessionRefused) as refused:
            finish()
        assert refused.value.why == "too-early"
    session.spend(20)
    session.end_attempt(RIGHT)
    session.move_next()
    assert session.stop.name == "Q3"


def test_a_section_of_a_nonlinear_part_has_no_minimum_time() -> None:
    inside = section("S1", limits(min_time=20) + ref("Q1")) + section("S2", ref("Q2"))
    session = begun(part("P", inside, "nonlinear individual"))
    answer(session)
    session.move_next()
    assert session.stop.name == "Q2"


def test_time_does_not_run_while_the_test_is_suspended() -> None:
    session = begun(limits(max_time=60) + part("P", section("S", ref("Q1"))))
    session.begin_attempt()
    session.suspend()
    session.spend(1000)
    session.resume()
    assert session.time_left == 60
    assert session.item.state is State.INTERACTING


def test_a_condition_may_ask_for_the_time_spent() -> None:
    slow = (
        '<qti-branch-rule target="EXIT_TEST"><qti-duration-gte>'
        '<qti-variable identifier="S.duration"/>'
        '<qti-base-value base-type="duration">30</qti-base-value>'
        "</qti-duration-gte></qti-branch-rule>"
    )
    for seconds, expected in ((10, ["Q1", "Q2"]), (40, ["Q1"])):
        session = begun(part("P", section("S", ref("Q1", slow) + ref("Q2"))))
        session.spend(seconds)
        assert way(session) == expected


TOLD = '<qti-outcome-declaration identifier="F" cardinality="multiple" base-type="identifier"/>'
TELLS = (
    '<qti-outcome-processing><qti-set-outcome-value identifier="F"><qti-multiple>'
    '<qti-base-value base-type="identifier">told</qti-base-value></qti-multiple>'
    "</qti-set-outcome-value></qti-outcome-processing>"
)


@pytest.mark.parametrize(("access", "times"), [("during", 2), ("atEnd", 1)])
def test_test_feedback_is_shown_on_leaving_an_item_or_the_end(access: str, times: int) -> None:
    shown = (
        f'<qti-test-feedback identifier="told" outcome-identifier="F" access="{access}"'
        ' show-hide="show"/>'
    )
    session = begun(TOLD + part("P", section("S", refs("Q1", "Q2"))) + TELLS + shown)
    count = 0
    while session.runs:
        answer(session)
        session.move_next()
        if session.state is Status.FEEDBACK:
            count += 1
            assert [each.identifier for each in session.feedbacks] == ["told"]
            session.spend(2)
            session.move_next()
    assert count == times
    assert session.clock.spent[("S", 0)] == 2 * times


AT_END = (
    '<qti-test-feedback identifier="told" outcome-identifier="F" access="atEnd" show-hide="show"/>'
)


def test_feedback_at_the_end_of_a_simultaneous_part_sees_its_outcomes() -> None:
    inside = section("S1", refs("Q1", "Q2")) + AT_END
    after = part("P2", section("S2", ref("Q3")))
    session = begun(TOLD + part("P1", inside, "nonlinear simultaneous") + after + TELLS)
    answer(session)
    session.move_next()
    assert session.state is Status.INTERACTING
    session.move_next()
    assert [each.identifier for each in session.feedbacks] == ["told"]
    session.move_next()
    assert session.stop.name == "Q3"


def test_feedback_at_the_end_is_shown_when_a_branch_or_time_ends_the_test() -> None:
    inside = section("S", ref("Q1", branch("EXIT_TEST", "Q1")) + ref("Q2"))
    session = begun(TOLD + limits(max_time=9) + part("P", inside) + TELLS + AT_END)
    answer(session)
    session.move_next()
    assert [each.identifier for each in session.feedbacks] == ["told"]
    session.spend(9)
    assert session.state is Status.CLOSED
    assert [each.identifier for each in session.feedbacks] == ["told"]


def test_an_item_is_skipped_where_it_may_be() -> None:
    strict = '<qti-item-session-control allow-skipping="false"/>'
    session = begun(part("P", section("S", ref("Q1") + ref("Q2", strict))))
    session.begin_attempt()
    session.save(RIGHT)
    session.skip()
    assert session.item.frame["RESPONSE"] is None
    session.move_next()
    session.begin_attempt()
    with pytest.raises(SessionRefused) as refused:
        session.skip()
    assert refused.value.why == "skipped"


def test_a_snapshot_goes_through_json_and_gives_the_session_back() -> None:
    inside = part(
        "P1", section("S1", limits(max_time=100) + refs("Q1", "Q2")), "nonlinear simultaneous"
    )
    session = begun(DECLARED + inside + TOTAL)
    answer(session)
    session.spend(12.5)
    session.move_next()
    session.begin_attempt()
    stored = msgspec.json.encode(snapshot(session))
    again = restored(
        session.plan, session.route, msgspec.json.decode(stored, type=Snapshot), session.settings
    )
    assert snapshot(again) == snapshot(session)
    again.end_attempt(RIGHT)
    again.move_next()
    assert number(again, "TOTAL") == 2.0
    assert again.clock.spent[("S1", 0)] == 12.5


def test_a_session_given_back_still_takes_late_answers() -> None:
    late = limits(max_time=10, allow_late_submission="true")
    session = begun(part("P", section("S", ref("Q1", late))))
    session.begin_attempt()
    session.spend(11)
    again = restored(session.plan, session.route, snapshot(session))
    again.end_attempt(RIGHT)
    assert again.item.frame["SCORE"] == single(BaseType.FLOAT, 1.0)


def test_a_snapshot_does_not_print_answers() -> None:
    session = begun(part("P", section("S", ref("Q1"))))
    answer(session)
    assert repr(snapshot(session)) == "TestSnapshot(‹hidden›)"


@pytest.mark.parametrize(
    "call", ["begin_attempt", "move_next", "move_back", "suspend", "end", "skip"]
)
def test_nothing_can_be_done_before_the_beginning_or_after_the_end(call: str) -> None:
    made = planned(part("P", section("S", ref("Q1"))))
    session = Session(made, resolve(made.assessment, ""))
    with pytest.raises(SessionRefused):
        getattr(session, call)()
    session.begin()
    session.end()
    with pytest.raises(SessionRefused):
        getattr(session, call)()


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_time_only_goes_forward(seconds: float) -> None:
    with pytest.raises(SessionRefused):
        begun(part("P", section("S", ref("Q1")))).spend(seconds)


def test_a_tracked_path_leads_back_the_way_one_came() -> None:
    inside = part("P", section("S", refs("Q1", "Q2", "Q3", "Q4")), "nonlinear individual")
    session = begun(inside, Settings(tracked_path=True))
    session.jump(3)
    session.jump(1)
    session.move_back()
    assert session.stop.name == "Q4"
    session.move_back()
    assert session.stop.name == "Q1"
