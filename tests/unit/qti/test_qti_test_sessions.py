# SPDX-License-Identifier: AGPL-3.0-or-later
"""Test sessions: the way through a test, and the variables that decide it."""

import pytest

from encrier_qti.errors import NotSupported, SessionRefused
from encrier_qti.sessions.item_session import State
from encrier_qti.sessions.plan import Settings
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.sessions.test_session import TestState as Status
from encrier_qti.values import TRUE
from stagecraft.tests_of_qti import (
    DECLARED,
    RIGHT,
    TOTAL,
    WRONG,
    answer,
    begun,
    branch,
    is_right,
    number,
    only_if,
    part,
    planned,
    ref,
    refs,
    section,
    way,
)


def test_a_linear_test_goes_forward_to_its_end() -> None:
    session = begun(
        part("P1", section("S", refs("Q1", "Q2"))) + part("P2", section("S2", ref("Q3")))
    )
    assert way(session) == ["Q1", "Q2", "Q3"]
    assert session.state is Status.CLOSED
    assert all(item.state is State.CLOSED for _, item in session.items)


@pytest.mark.parametrize("call", ["move_back", "jump"])
def test_a_linear_part_has_no_way_but_forward(call: str) -> None:
    session = begun(part("P", section("S", refs("Q1", "Q2"))))
    session.move_next()
    with pytest.raises(SessionRefused) as refused:
        getattr(session, call)(*([0] if call == "jump" else []))
    assert refused.value.why == "linear"
    assert session.stop.name == "Q2"


def test_a_nonlinear_part_is_free_within_its_bounds() -> None:
    session = begun(part("P", section("S", refs("Q1", "Q2", "Q3")), "nonlinear individual"))
    session.jump(2)
    session.move_back()
    assert session.stop.name == "Q2"
    for wrong in (-1, 3):
        with pytest.raises(SessionRefused) as refused:
            session.jump(wrong)
        assert refused.value.why == "no-such-place"
    session.jump(0)
    with pytest.raises(SessionRefused):
        session.move_back()


def test_an_item_that_may_not_be_reviewed_is_left_for_good() -> None:
    strict = '<qti-item-session-control allow-review="false"/>'
    session = begun(part("P", section("S", ref("Q1", strict) + ref("Q2")), "nonlinear individual"))
    answer(session)
    session.move_next()
    for back in (session.move_back, lambda: session.jump(0)):
        with pytest.raises(SessionRefused) as refused:
            back()
        assert refused.value.why == "not-allowed"
    assert (session.stop.name, session.path) == ("Q2", [0])


def test_an_attempt_waits_while_the_pupil_is_elsewhere() -> None:
    session = begun(part("P", section("S", refs("Q1", "Q2")), "nonlinear individual"))
    session.begin_attempt()
    session.spend(5)
    session.jump(1)
    session.spend(7)
    session.jump(0)
    assert session.item.state is State.INTERACTING
    assert session.item.duration == 5
    session.end_attempt(RIGHT)
    assert session.item.attempts == 1


@pytest.mark.parametrize(
    ("wrong", "expected"), [([], ["Q1", "Q2", "Q4"]), (["Q1"], ["Q1", "Q3", "Q4"])]
)
def test_preconditions_leave_out_items_and_sections(wrong: list[str], expected: list[str]) -> None:
    other = "<qti-pre-condition><qti-not>" + is_right("Q1") + "</qti-not></qti-pre-condition>"
    inside = ref("Q1") + ref("Q2", only_if("Q1")) + section("S2", other + ref("Q3")) + ref("Q4")
    assert way(begun(part("P", section("S", inside))), *wrong) == expected


def test_all_preconditions_of_an_item_must_hold() -> None:
    inside = refs("Q1", "Q2") + ref("Q3", only_if("Q1") + only_if("Q2"))
    assert way(begun(part("P", section("S", inside))), "Q2") == ["Q1", "Q2"]


def test_in_a_nonlinear_part_only_the_preconditions_of_the_part_count() -> None:
    ignored = section("S2", only_if("Q9") + ref("Q2", only_if("Q9")))
    left_out = part("P3", only_if("Q9") + section("S3", ref("Q3")), "nonlinear individual")
    last = part("P4", section("S4", ref("Q9")))
    inside = part("P1", section("S1", ref("Q1"))) + part("P2", ignored, "nonlinear individual")
    assert way(begun(inside + left_out + last)) == ["Q1", "Q2", "Q9"]


BRANCHES = [
    ("Q3", ["Q1", "Q3", "Q4", "Q5"]),
    ("S2", ["Q1", "Q4", "Q5"]),
    ("P2", ["Q1", "Q5"]),
    ("EXIT_SECTION", ["Q1", "Q4", "Q5"]),
    ("EXIT_TESTPART", ["Q1", "Q5"]),
    ("EXIT_TEST", ["Q1"]),
]


@pytest.mark.parametrize(("target", "expected"), BRANCHES)
def test_a_branch_leads_to_its_target_if_its_condition_holds(
    target: str, expected: list[str]
) -> None:
    first = section("S1", ref("Q1", branch(target, "Q1")) + refs("Q2", "Q3"))
    inside = part("P1", first + section("S2", ref("Q4"))) + part("P2", section("S3", ref("Q5")))
    assert way(begun(inside)) == expected
    assert way(begun(inside), "Q1") == ["Q1", "Q2", "Q3", "Q4", "Q5"]


def test_the_first_branch_that_holds_is_taken() -> None:
    rules = branch("Q4", "Q1") + branch("Q3", "Q1")
    assert way(begun(part("P", section("S", ref("Q1", rules) + refs("Q2", "Q3", "Q4"))))) == [
        "Q1",
        "Q4",
    ]


def test_a_section_branches_when_its_last_item_is_left() -> None:
    inside = section("S1", branch("S3", "Q1") + refs("Q1", "Q2"))
    inside += section("S2", ref("Q3")) + section("S3", ref("Q4"))
    assert way(begun(part("P", inside))) == ["Q1", "Q2", "Q4"]


def test_an_exit_from_a_section_leads_to_what_follows_whatever_the_section_says() -> None:
    first = section("S1", branch("S3", "Q1") + ref("Q1", branch("EXIT_SECTION", "Q1")) + ref("Q2"))
    inside = first + section("S2", ref("Q3")) + section("S3", ref("Q4"))
    assert way(begun(part("P", inside))) == ["Q1", "Q3", "Q4"]


def test_an_exit_from_a_nested_section_leads_to_what_follows_the_nested_one() -> None:
    nested = section("S2", branch("EXIT_SECTION", "Q1") + ref("Q1"))
    inside = section("S1", nested + ref("Q2")) + section("S3", ref("Q3"))
    assert way(begun(part("P", inside))) == ["Q1", "Q3"]


def test_an_exit_from_a_part_meets_the_rules_of_the_part() -> None:
    first = section("S1", ref("Q1", branch("EXIT_TESTPART", "Q1")) + ref("Q2"))
    inside = part("P1", branch("P3", "Q1") + first)
    inside += part("P2", section("S2", ref("Q3"))) + part("P3", section("S3", ref("Q4")))
    assert way(begun(inside)) == ["Q1", "Q4"]


def test_a_part_branches_to_a_part() -> None:
    inside = part("P1", branch("P3", "Q1") + section("S1", ref("Q1")), "nonlinear individual")
    inside += part("P2", section("S2", ref("Q2"))) + part("P3", section("S3", ref("Q3")))
    assert way(begun(inside)) == ["Q1", "Q3"]
    assert way(begun(inside), "Q1") == ["Q1", "Q2", "Q3"]


def test_branches_in_a_nonlinear_part_are_ignored_unless_forced() -> None:
    inside = part(
        "P", section("S", ref("Q1", branch("Q3", "Q1")) + refs("Q2", "Q3")), "nonlinear individual"
    )
    assert way(begun(inside)) == ["Q1", "Q2", "Q3"]
    assert way(begun(inside, Settings(forced_branches=True))) == ["Q1", "Q3"]


def test_a_branch_that_shuffling_has_put_behind_is_passed_by() -> None:
    ordering = '<qti-ordering shuffle="true"/>'
    inside = ordering + ref("Q1") + ref("Q2", branch("Q1", "Q2")) + ref("Q3")
    made = planned(part("P", section("S", inside)))
    seen = set()
    for seed in map(str, range(40)):
        route = resolve(made.assessment, seed)
        drawn = [stop.name for stop in route.stops]
        session = Session(made, route)
        session.begin()
        here, target = drawn.index("Q2"), drawn.index("Q1")
        expected = drawn if target < here else drawn[: here + 1] + drawn[target:]
        assert way(session) == expected
        seen.add(target < here)
    assert seen == {True, False}


def test_outcomes_of_the_test_are_processed_after_each_attempt() -> None:
    weighted = ref("Q1", '<qti-weight identifier="W" value="2"/>') + ref("Q2")
    session = begun(DECLARED + part("P", section("S", weighted)) + TOTAL)
    answer(session)
    assert number(session, "TOTAL") == 2.0
    session.move_next()
    answer(session)
    assert number(session, "TOTAL") == 3.0


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        ("simultaneous", ["Q1", "Q1.2", "Q3"]),
        ("individual", ["Q1", "Q1.2", "Q2", "Q3"]),
    ],
)
def test_an_item_met_twice_is_known_by_its_last_submission_if_that_is_simultaneous(
    submission: str, expected: list[str]
) -> None:
    twice = '<qti-selection select="2" with-replacement="true"/>' + ref("Q1")
    first = part("P1", section("S1", twice), f"linear {submission}")
    unknown = (
        '<qti-pre-condition><qti-is-null><qti-variable identifier="Q1.RESPONSE"/></qti-is-null>'
        "</qti-pre-condition>"
    )
    second = part("P2", section("S2", ref("Q2", unknown) + ref("Q3")))
    assert way(begun(first + second), "Q1") == expected


def test_each_of_two_occurrences_has_its_name() -> None:
    twice = '<qti-selection select="2" with-replacement="true"/>' + ref("Q1")
    then = section("S2", ref("Q2", only_if("Q1.1")) + ref("Q3", only_if("Q1.2")))
    assert way(begun(part("P", section("S1", twice) + then)), "Q1.2") == ["Q1", "Q1.2", "Q2"]


def test_a_mapped_variable_counts_under_its_new_name() -> None:
    renamed = '<qti-variable-mapping source-identifier="NOTE" target-identifier="SCORE"/>'
    session = begun(DECLARED + part("P", section("S", ref("Q1", renamed) + ref("Q2"))) + TOTAL)
    answer(session)
    assert number(session, "TOTAL") == 0.0
    session.move_next()
    answer(session)
    assert number(session, "TOTAL") == 1.0


def test_answers_of_a_simultaneous_part_wait_for_its_end() -> None:
    inside = part("P1", section("S1", refs("Q1", "Q2")), "nonlinear simultaneous")
    inside += part("P2", section("S2", ref("Q3")))
    session = begun(DECLARED + inside + TOTAL)
    answer(session, WRONG)
    answer(session, RIGHT)  # changed his mind: still one attempt
    assert number(session, "TOTAL") == 0.0
    session.move_next()
    session.begin_attempt()
    session.save(RIGHT)
    session.move_next()
    assert session.stop.name == "Q3"
    assert number(session, "TOTAL") == 2.0
    assert [item.attempts for _, item in session.items] == [1, 1, 0]


def test_an_exit_from_a_simultaneous_part_submits_it_too() -> None:
    inside = part(
        "P1", section("S1", ref("Q1", branch("EXIT_TEST", "Q0")) + ref("Q0")), "linear simultaneous"
    )
    session = begun(DECLARED + inside + TOTAL)
    answer(session)
    session.end()
    assert number(session, "TOTAL") == 1.0


def test_outcome_processing_may_end_the_test() -> None:
    stop = "<qti-outcome-processing><qti-exit-test/></qti-outcome-processing>"
    session = begun(part("P", section("S", refs("Q1", "Q2"))) + stop)
    answer(session)
    assert session.state is Status.CLOSED


def test_control_is_inherited_and_the_innermost_word_counts() -> None:
    outer = '<qti-item-session-control max-attempts="3" allow-skipping="false"/>'
    inner = '<qti-item-session-control max-attempts="2"/>'
    made = planned(part("P", outer + section("S", inner + refs("Q1"))))
    assert (made.terms["Q1"].max_attempts, made.terms["Q1"].allow_skipping) == (2, False)


def test_a_registered_operator_may_decide_the_way() -> None:
    rule = (
        '<qti-branch-rule target="EXIT_TEST"><qti-custom-operator class="org.example.always"/>'
        "</qti-branch-rule>"
    )
    inside = part("P", section("S", ref("Q1", rule) + ref("Q2")))
    with pytest.raises(NotSupported):
        planned(inside)
    made = planned(inside, operators={"org.example.always": lambda _node, _operands: TRUE})
    session = Session(made, resolve(made.assessment, ""))
    session.begin()
    assert way(session) == ["Q1"]
