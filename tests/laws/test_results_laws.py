# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every merge, threshold and released count."""

from math import fsum
from random import Random
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from encrier.sheets import NOT_GIVEN, AnswerSheet, ItemAnswer, Mark
from encrier.wire import Domain, DomainScore, Group, ScoreRow, ScoreSheet
from encrier_results.reconcile import merge
from encrier_results.release import GROUPS, release
from stagecraft.scored import all_right, booklet, keyed, row_of

STAMPS = st.tuples(
    st.integers(0, 3), st.integers(0, 5), st.sampled_from(["0" * 16, "1" * 16, "f" * 16])
)
ANSWERS = st.builds(
    ItemAnswer,
    r=st.fixed_dictionaries({"RESPONSE": st.lists(st.sampled_from("ABC"), max_size=2)}),
    t_ms=st.integers(0, 9),
    n=st.integers(0, 9),
    stamp=STAMPS,
)
SHEETS = st.lists(
    st.builds(
        AnswerSheet,
        v=st.just(1),
        bundle=st.just("0" * 16),
        items=st.dictionaries(st.sampled_from("abcd"), ANSWERS),
        events=st.just([]),
    ),
    max_size=5,
)
MARKS: list[Mark | None] = [
    None, "blank", "open", "adapted", "unfit", "absent", "exempt", "left",
]  # fmt: skip
# of one item: mostly answered, else with any mark, with or without values, with or without notes
KEYED = st.one_of(
    st.just((None, True, False)),
    st.tuples(st.sampled_from(MARKS), st.booleans(), st.booleans()),
)
DOMAIN = Domain("d", "D", "S", "m", {}, 10.0, (3.0, 6.0))


@given(SHEETS)
def test_every_item_of_a_merge_has_the_highest_stamp_seen(sheets: list[AnswerSheet]) -> None:
    merged = merge(sheets)
    for sheet in sheets:
        for item, answer in sheet.items.items():
            assert merged[item].stamp >= answer.stamp
    assert set(merged) == {item for sheet in sheets for item in sheet.items}


@given(SHEETS, st.randoms())
def test_the_order_of_devices_decides_nothing(sheets: list[AnswerSheet], chance: Random) -> None:
    shuffled = list(sheets)
    chance.shuffle(shuffled)
    assert merge(sheets) == merge(shuffled)


def sheet_of(groups: list[Group], unfinished: list[Group]) -> ScoreSheet:
    statuses: list[tuple[Literal["complete", "unfinished"], Group]] = [
        *(("complete", group) for group in groups),
        *(("unfinished", group) for group in unfinished),
    ]
    rows = [
        ScoreRow(f"{n:08d}", status, 1, [DomainScore("d", 0.0, group)])
        for n, (status, group) in enumerate(statuses)
    ]
    return ScoreSheet(b"c" * 16, 1, 1, [DOMAIN], rows)


@given(
    st.lists(st.sampled_from(GROUPS), max_size=60),
    st.lists(st.sampled_from(GROUPS), max_size=20),
    st.integers(2, 15),
)
def test_no_small_count_can_be_read_or_found_by_subtraction(
    groups: list[Group], unfinished: list[Group], smallest: int
) -> None:
    given_out = release(sheet_of(groups, unfinished), label="Essai", smallest_cell=smallest)
    shown = {c.group: c.n_pupils for c in given_out.cells}
    for group, n_pupils in shown.items():
        assert n_pupils is None or n_pupils == groups.count(group)
        assert n_pupils is None or n_pupils == 0 or n_pupils >= smallest
    hidden = [g for g in GROUPS if shown[g] is None]
    if hidden and given_out.n_pupils is not None:
        assert len(hidden) >= 2
        assert sum(groups.count(g) for g in hidden) >= smallest


@given(
    drawn=st.dictionaries(st.sampled_from(sorted(all_right())), KEYED),
    others_are_keyed=st.booleans(),
)
def test_a_domain_has_a_group_iff_each_item_that_counts_is_said_and_was_given(
    *, drawn: dict[str, tuple[Mark | None, bool, bool]], others_are_keyed: bool
) -> None:
    everything = dict.fromkeys(all_right(), (None, True, False)) if others_are_keyed else {}
    sheet, said, away = {}, set(), set()
    for item, (mark, has_values, has_notes) in {**everything, **drawn}.items():
        values = all_right()[item] if has_values else {}
        sheet[item] = keyed({**values, **({"R.struck": ["A"]} if has_notes else {})}, mark)
        if mark in NOT_GIVEN:
            away.add(item)
        if (mark is None and has_values) or mark not in {None, "open"}:
            said.add(item)
    row, unscored = row_of(sheet), booklet().unscored
    found = {score.domain: score for score in row.domains}
    assert (row.status == "complete") == (said >= set(all_right()) - unscored)
    for domain in booklet().reporting.domains:
        counting = set(domain.items) - unscored
        has_group = domain.id in found and found[domain.id].group is not None
        assert has_group == (counting <= said and not counting & away)
        assert (domain.id in found) == (not counting <= away)


@given(st.dictionaries(st.sampled_from(sorted(all_right())), KEYED))
def test_a_score_is_that_of_the_answers_among_the_items_that_were_given(
    drawn: dict[str, tuple[Mark | None, bool, bool]],
) -> None:
    sheet = {
        item: keyed(all_right()[item] if has_values else {}, mark)
        for item, (mark, has_values, _) in drawn.items()
    }
    answers = {
        item: all_right()[item]
        for item, (mark, has_values, _) in drawn.items()
        if has_values and mark in {None, "adapted"}
    }
    points = booklet().program.score(answers)
    away = {item for item, (mark, _, _) in drawn.items() if mark in NOT_GIVEN}
    for score in row_of(sheet).domains:
        (domain,) = (d for d in booklet().reporting.domains if d.id == score.domain)
        given_ = [points[item] for item in domain.items if item not in away]
        assert score.score == fsum(given_)
