# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each item, and what it counts for: laws over all sheets, and one case a code."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier.ids import BundleId, SittingId
from encrier.records import from_bytes, to_bytes
from encrier.sheets import NOT_GIVEN, ItemAnswer, Mark
from encrier.wire import Register, Registered
from encrier_results.coding.codes import AWAY, CODES, Code, code_sitting, is_keyed
from encrier_results.coding.rule import Judged, Rule, judged, treated
from encrier_results.coding.tables import (
    CodedTable,
    categories,
    code_all,
    counted,
    scores,
    verdicts,
)
from encrier_results.reconcile import Opened
from encrier_results.routes import administered
from stagecraft.scored import SITTING, Sheet, all_keyed, all_right, booklet, keyed, row_of

ROUTE = administered(booklet().plan, SITTING.hex(), {})
SCORED = [item for item in ROUTE if item not in booklet().unscored]
MARKS: list[Mark | None] = [
    None, "blank", "open", "adapted", "unfit", "absent", "exempt", "left",
]  # fmt: skip
# of one item: a mark, whether it has the right values, whether it has unreadable ones
KEYED = st.tuples(st.sampled_from(MARKS), st.booleans(), st.just(value=False))
SEEN = st.tuples(st.none(), st.booleans(), st.booleans())


def seen(
    values: Mapping[str, object] | None = None, *, t_ms: int = 4_000, bad: bool = False
) -> ItemAnswer:
    """What is on the sheet of an item that was on a screen."""
    r = {name: list(given) for name, given in (values or {}).items()}  # type: ignore[call-overload]
    if bad:
        r = {name: ["\u0000", "\u0000", "\u0000"] for name in r or {"RESPONSE": []}}
    return ItemAnswer(r, t_ms, 1, (0, 1, "0" * 16))


def codes_of(sheet: Sheet, *, finished: bool = False) -> dict[str, Code]:
    coded = code_sitting(Opened(SITTING, sheet, finished, 1), booklet())
    return {item: one.code for item, one in coded.items()}


def on_screen(n_seen: int) -> Sheet:
    """A sheet of who had the first so many stops right, and saw no more."""
    return {item: seen(all_right().get(item)) for item in ROUTE[:n_seen]}


def judge(sheet: Sheet, *, finished: bool = False, rule: Rule | None = None) -> Judged:
    codes = list(codes_of(sheet).values())
    sitting = Opened(SITTING, sheet, finished, 1)
    return judged(codes, finished=finished, keyed=is_keyed(sitting), rule=rule or Rule())


def test_who_has_all_right_has_no_other_code() -> None:
    assert set(codes_of(on_screen(len(ROUTE))).values()) == {"right"}
    assert set(codes_of(all_keyed()).values()) == {"right"}


def test_what_follows_the_last_that_was_seen_is_not_reached() -> None:
    middle = len(ROUTE) // 2
    found = codes_of(on_screen(middle))
    for place, item in enumerate(ROUTE):
        if item in found:
            assert found[item] == ("right" if place < middle else "not-reached")


def test_an_item_seen_and_left_is_omitted_though_it_is_the_last() -> None:
    item = SCORED[3]
    sheet = {**on_screen(ROUTE.index(item)), item: seen()}
    assert codes_of(sheet)[item] == "omitted"


def test_an_item_gone_past_is_omitted_where_pupils_may_jump_and_lost_where_not() -> None:
    sheet = on_screen(len(ROUTE))
    item = next(i for i in SCORED[1:-1])
    del sheet[item]
    linear = booklet().plan.terms[item].linear
    assert codes_of(sheet)[item] == ("technical-loss" if linear else "omitted")


def test_an_answer_that_no_player_makes_is_a_loss() -> None:
    item = SCORED[0]
    sheet = {**on_screen(len(ROUTE)), item: seen(all_right()[item], bad=True)}
    assert codes_of(sheet)[item] == "technical-loss"


def test_a_wrong_answer_is_wrong_and_what_was_taken_away_is_omitted() -> None:
    item = next(i for i in SCORED if all_right()[i] == {"RESPONSE": ["B"]})
    sheet = on_screen(len(ROUTE))
    assert codes_of({**sheet, item: seen({"RESPONSE": ["A"]})})[item] == "wrong"
    assert codes_of({**sheet, item: seen({"RESPONSE": []})})[item] == "omitted"


@pytest.mark.parametrize("mark", sorted(mark for mark in NOT_GIVEN if mark))
def test_what_a_teacher_says_was_not_given_has_that_code(mark: Mark) -> None:
    assert codes_of(all_keyed(ma_n_01=keyed(mark=mark)))["ma-n-01"] == mark


def test_marks_of_a_keyed_item_have_their_codes() -> None:
    right = all_right()["ma-n-01"]
    for answer, code in (
        (keyed(right, "adapted"), "adapted"),
        (keyed(mark="adapted"), "adapted"),
        (keyed(mark="blank"), "omitted"),
        (keyed(mark="open"), "awaited"),
        (keyed({}), "awaited"),
        (None, "awaited"),
    ):
        assert codes_of(all_keyed(ma_n_01=answer))["ma-n-01"] == code


@given(
    st.dictionaries(st.sampled_from(sorted(all_right())), KEYED | SEEN),
    st.sampled_from([0, 4_000]),
)
def test_each_item_has_one_code_and_the_counts_add_up(
    drawn: dict[str, tuple[Mark | None, bool, bool]], t_ms: int
) -> None:
    sheet = {}
    for item, (mark, has_values, bad) in drawn.items():
        answer = seen(all_right()[item] if has_values else {}, t_ms=t_ms, bad=bad)
        sheet[item] = ItemAnswer(answer.r, t_ms, 1, answer.stamp, mark)
    found = codes_of(sheet)
    assert list(found) == [i for i in booklet().program.programs if i not in booklet().unscored]
    assert set(found.values()) <= set(CODES)
    verdict = judge(sheet)
    n_away = sum(code in AWAY for code in found.values())
    n_outside = sum(code == "not-administered" for code in found.values())
    assert verdict.n_given == len(found) - n_away - n_outside
    assert 0 <= verdict.n_reached <= verdict.n_given
    for item, (mark, _, _) in drawn.items():
        if item in found and mark in NOT_GIVEN:
            assert found[item] == mark


@given(
    st.dictionaries(st.sampled_from(sorted(all_right())), KEYED),
    st.booleans(),
)
def test_a_sitting_is_complete_where_its_row_of_scores_says_so(
    drawn: dict[str, tuple[Mark | None, bool, bool]],
    finished: bool,  # noqa: FBT001 drawn
) -> None:
    sheet = all_keyed()
    for item, (mark, has_values, _) in drawn.items():
        sheet[item] = keyed(all_right()[item] if has_values else {}, mark)
    if not is_keyed(Opened(SITTING, sheet, finished, 1)):
        return
    assert judge(sheet, finished=finished).status == row_of(sheet, finished=finished).status


def test_a_sitting_is_keyed_if_marked_or_never_on_a_screen_and_open() -> None:
    for sheet, finished, found in (
        (all_keyed(), False, True),
        (all_keyed(), True, False),
        (all_keyed(ma_n_01=keyed(mark="blank")), True, True),
        (on_screen(3), False, False),
        ({}, False, False),
    ):
        assert is_keyed(Opened(SITTING, sheet, finished, 1)) == found


def test_a_rule_says_what_each_code_counts_for_in_each_use() -> None:
    rule = Rule()
    assert treated("not-reached", rule, use="calibration") == "missing"
    assert treated("not-reached", rule, use="scoring") == "wrong"
    assert treated("adapted", rule, use="calibration") == "missing"
    assert treated("adapted", rule, use="scoring") == "as-scored"
    assert treated("omitted", rule, use="calibration") == "wrong"
    for code in ("technical-loss", "awaited", "not-administered", *AWAY):
        assert {treated(code, rule, use=use) for use in ("calibration", "scoring")} == {"missing"}  # type: ignore[arg-type]


def test_the_rule_of_the_page_is_the_one_by_default_and_leaves_no_field_out() -> None:
    page = (Path(__file__).parents[3] / "docs/psychometrics/coding.md").read_text("utf-8")
    example = page.partition("```json\n")[2].partition("```")[0]
    assert from_bytes(example.encode(), Rule) == Rule()
    assert json.loads(example) == json.loads(to_bytes(Rule()))


def test_a_sitting_is_judged_by_how_it_ended_what_was_lost_and_how_far_it_went() -> None:
    n = len(ROUTE)
    assert judge(on_screen(n)).counts
    assert judge(on_screen(n)).completeness == "all"
    some = judge(on_screen(n - 2))
    assert (some.status, some.validity, some.completeness) == ("unfinished", "valid", "enough")
    few = judge(on_screen(3), finished=True)
    assert (few.status, few.validity, few.completeness) == ("complete", "valid", "too-few")
    assert not few.counts
    assert judge(on_screen(3), rule=Rule(fewest_reached=0.01)).counts
    blank = {item: seen() for item in ROUTE}
    assert (judge(blank).validity, judge(blank).completeness) == ("empty", "all")
    assert judge({}).completeness == "none"
    absent = {item: keyed(mark="absent") for item in SCORED}
    assert judge(absent).validity == "excused"
    assert judge({SCORED[0]: keyed(all_right()[SCORED[0]])}).validity == "lost"  # not keyed yet


def a_campaign(sheets: list[Sheet]) -> CodedTable:
    bundle = BundleId(booklet().bundle.id)
    sids = [SittingId(bytes([n + 1]) * 16) for n in range(len(sheets))]
    rows = [
        Registered(f"{n:08d}", sid, b"m" * 32, "6E", bundle, 1, 1, [], {"sex": "F"})
        for n, sid in enumerate([*sids, SittingId(b"z" * 16)])
    ]
    opened = {
        sid: Opened(sid, sheet, finished=False, n_devices=1)
        for sid, sheet in zip(sids, sheets, strict=True)
    }
    return code_all(opened, Register(b"c" * 16, rows), {bundle: booklet()}, rule=Rule())


def test_a_campaign_is_a_row_a_sitting_and_its_counts_add_up() -> None:
    sheets = [all_keyed(), all_keyed(ma_n_01=keyed(mark="blank")), all_keyed(ma_n_01=None)]
    table = a_campaign([*sheets, {}])
    assert table.codes.shape == (4, len(table.items))  # the pupil without an envelope has none
    assert sum(counted(table).values()) == table.codes.size
    assert counted(table)["omitted"] == 1
    assert sum(verdicts(table.judged).values()) == 4
    column = table.items.index("ma-n-01")
    assert scores(table, Rule(), use="scoring")[:, column].tolist() == [1, 0, -1, 0]


def test_not_reached_is_missing_to_calibrate_and_wrong_to_score() -> None:
    table = a_campaign([on_screen(len(ROUTE) // 2)])
    late = [table.items.index(i) for i in table.items if codes_of(on_screen(len(ROUTE) // 2))[i]
            == "not-reached"]  # fmt: skip
    assert late
    assert set(scores(table, Rule(), use="calibration")[0, late].tolist()) == {-1}
    assert set(scores(table, Rule(), use="scoring")[0, late].tolist()) == {0}


def test_points_become_whole_scores_in_their_order() -> None:
    table = a_campaign([all_keyed()])
    made = CodedTable(
        items=("q",),
        most={"q": 2.0},
        pupils=table.pupils * 5,
        judged=table.judged * 5,
        codes=np.full((5, 1), CODES.index("partial"), dtype=np.int8),
        points=np.array([[0.0], [0.5], [1.5], [2.0], [0.5]], dtype=np.float32),
        t_ms=np.zeros((5, 1), dtype=np.int32),
        chosen=np.zeros((5, 1), dtype=np.int16),
        options=("",),
    )
    assert categories(made) == {"q": [0.0, 0.5, 1.5, 2.0]}
    assert scores(made, Rule(), use="scoring")[:, 0].tolist() == [0, 1, 2, 3, 1]


@given(st.lists(st.integers(0, 120), min_size=12, max_size=40))
def test_a_count_of_words_has_ten_scores_at_most_and_keeps_its_order(words: list[int]) -> None:
    n = len(words)
    made = CodedTable(
        items=("q",),
        most={"q": 120.0},
        pupils=(),
        judged=(),
        codes=np.full((n, 1), CODES.index("partial"), dtype=np.int8),
        points=np.array(words, dtype=np.float32)[:, None],
        t_ms=np.zeros((n, 1), dtype=np.int32),
        chosen=np.zeros((n, 1), dtype=np.int16),
        options=("",),
    )
    found = scores(made, Rule(), use="scoring")[:, 0]
    assert found.max() <= 10
    order = np.argsort(words, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
