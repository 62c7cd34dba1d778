# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a teacher noted of paper items, scored as docs/spec/keying.md says."""

from collections.abc import Mapping

import pytest

from encrier.sheets import NOT_GIVEN, Mark
from encrier.wire import Group, ScoreRow, ScoreSheet
from encrier_results.reconcile import open_all
from encrier_results.release import release
from stagecraft import envelopes
from stagecraft.scored import all_keyed, all_right, booklet, keyed, row_of

ITEM, DOMAIN = "ma-n-01", next(d for d in booklet().reporting.domains if "ma-n-01" in d.items)
NAME = "ma_n_01"
SAID_WITHOUT_ANSWER: tuple[Mark, ...] = ("blank", "adapted")
AWAY = sorted(mark for mark in NOT_GIVEN if mark)


def points_of(row: ScoreRow) -> Mapping[str, tuple[float, Group | None]]:
    return {score.domain: (score.score, score.group) for score in row.domains}


FULL = points_of(row_of(all_keyed()))


def test_a_row_is_closed_once_every_item_is_said_without_a_final() -> None:
    row = row_of(all_keyed())
    assert row.status == "complete"
    assert row.answered == len(all_right())
    assert {group for _, group in FULL.values()} == {"satisfaisant"}


@pytest.mark.parametrize("mark", SAID_WITHOUT_ANSWER)
def test_an_item_to_which_nothing_was_written_is_scored_as_no_answer(mark: Mark) -> None:
    row = row_of(all_keyed(**{NAME: keyed(mark=mark)}))
    assert row.status == "complete"
    score, group = points_of(row)[DOMAIN.id]
    assert score < FULL[DOMAIN.id][0]
    assert group == DOMAIN.group(score)


def test_an_adapted_item_with_an_answer_is_scored_as_any_other() -> None:
    row = row_of(all_keyed(**{NAME: keyed(all_right()[ITEM], "adapted")}))
    assert (row.status, points_of(row)) == ("complete", FULL)


def test_an_item_that_was_taken_back_is_awaited() -> None:
    for awaited in (None, keyed(mark="open"), keyed({}), keyed({"RESPONSE": [""]})):
        row = row_of(all_keyed(**{NAME: awaited}))
        assert row.status == "unfinished"
        assert row.answered == len(all_right()) - 1
        groups = {domain: group for domain, (_, group) in points_of(row).items()}
        assert [name for name, group in groups.items() if group is None] == [DOMAIN.id]


@pytest.mark.parametrize("mark", AWAY)
def test_a_domain_with_an_item_that_was_not_given_has_a_score_of_the_others_and_no_group(
    mark: Mark,
) -> None:
    row = row_of(all_keyed(**{NAME: keyed(mark=mark)}))
    assert (row.status, row.answered) == ("complete", len(all_right()))
    without = row_of(all_keyed(**{NAME: None}))
    score, group = points_of(row)[DOMAIN.id]
    assert (score, group) == (points_of(without)[DOMAIN.id][0], None)
    others = {name: found for name, found in points_of(row).items() if name != DOMAIN.id}
    assert others == {name: found for name, found in FULL.items() if name != DOMAIN.id}


def test_who_was_away_from_all_has_a_closed_row_without_a_score_and_is_in_no_count() -> None:
    away = row_of({item: keyed(mark="absent") for item in all_right()})
    assert (away.status, away.domains) == ("complete", [])
    rows = [*(row_of(all_keyed()) for _ in range(12)), away]
    sheet = ScoreSheet(b"c" * 16, 1, 1, booklet().domains(), rows)
    assert release(sheet, label="", smallest_cell=11).n_pupils == 12


def test_who_was_away_from_one_domain_has_the_others() -> None:
    away = {item: keyed(mark="absent") for item in DOMAIN.items}
    row = row_of({**all_keyed(), **away})
    assert points_of(row) == {name: found for name, found in FULL.items() if name != DOMAIN.id}


@pytest.mark.parametrize("mark", ["blank", "open", *AWAY])
def test_values_that_stand_beside_a_mark_of_none_give_no_points(mark: Mark) -> None:
    with_values = row_of(all_keyed(**{NAME: keyed(all_right()[ITEM], mark)}))
    assert with_values == row_of(all_keyed(**{NAME: keyed(mark=mark)}))


def test_what_is_struck_out_or_hesitated_at_counts_for_nothing_and_alarms_nobody() -> None:
    notes = {"RESPONSE.struck": ["A", "B"], "RESPONSE.hesitated": ["w3"]}
    noted = {item: keyed({**given, **notes}) for item, given in all_right().items()}
    assert row_of(noted) == row_of(all_keyed())
    programs = booklet().program.programs
    remarks = [programs[item].score_with_remarks(one.answer).remarks for item, one in noted.items()]
    assert not any(remarks)
    assert row_of(all_keyed(**{NAME: keyed(notes)})) == row_of(all_keyed(**{NAME: None}))
    assert row_of(all_keyed(**{NAME: keyed(notes, "blank")})) == row_of(
        all_keyed(**{NAME: keyed(mark="blank")})
    )


def test_a_second_entry_is_kept_beside_and_counts_for_nothing() -> None:
    second = {f"{item}~2": keyed(mark="absent") for item in all_right()}
    assert row_of({**all_keyed(), **second}) == row_of(all_keyed())
    only_twice = {**all_keyed(**{NAME: None}), f"{ITEM}~2": keyed(all_right()[ITEM])}
    assert row_of(only_twice) == row_of(all_keyed(**{NAME: None}))


def test_a_text_that_counts_for_nothing_may_stay_unsaid() -> None:
    assert booklet().unscored == {"fr-e-01"}
    row = row_of(all_keyed(fr_e_01=None))
    assert (row.status, points_of(row)) == ("complete", FULL)


def test_of_a_stream_whose_epoch_grew_the_newest_save_is_opened_and_the_last_keyed_wins() -> None:
    """School keys 1 and 2; home corrects 1; school takes that up and corrects 2 and 1 again."""
    of, school, home = envelopes.pupil(), b"school--", b"home----"
    first = envelopes.sheet({"q1": "A", "q2": "A"}, event=1, stream=school)
    there = envelopes.sheet({"q1": "B"}, epoch=1, event=2, stream=home)
    stale = envelopes.sheet({"q1": "A", "q2": "C"}, event=3, stream=school)
    again = envelopes.sheet({"q1": "D", "q2": "C"}, epoch=2, event=4, stream=school)
    late = envelopes.sheet({"q1": "B", "q2": "E"}, epoch=1, event=9, stream=home)
    written = [(first, school, 0, 0), (there, home, 1, 0), (stale, school, 0, 1)]
    written += [(again, school, 2, 2), (late, home, 1, 1)]
    saves = [
        envelopes.save(
            envelopes.sealed(of, sheet, envelopes.header(of, stream, epoch=epoch, seq=seq))
        )
        for sheet, stream, epoch, seq in written
    ]
    batches = [envelopes.batch(*saves[:3]), envelopes.batch(*saves[3:])]
    opened, account = open_all(
        batches, envelopes.register(of), envelopes.MANIFEST, private_key=envelopes.PRIVATE
    )
    items = {item: answer.r["RESPONSE"] for item, answer in opened[of.sid].items.items()}
    assert items == {"q1": ["D"], "q2": ["C"]}
    assert (account.opened, account.several_devices, account.rejected) == (2, 1, {})
