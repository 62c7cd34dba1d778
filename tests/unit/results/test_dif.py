# SPDX-License-Identifier: AGPL-3.0-or-later
"""Differential item functioning: published tables, planted differences, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from encrier_results.dif import classes, mantel
from encrier_results.dif.matched import NoSuchGroup, NotTwoGroups, matched
from encrier_results.dif.strata import counts, patterns
from stagecraft.responded import responses_of, sat

# Agresti (2002), *Categorical Data Analysis*, table 6.7: eight Chinese cities; smokers with lung
# cancer and without, then who does not smoke. Page 233: ratio 2.17, log 0.777, chi-square 280.1.
CITIES = [
    (126, 100, 35, 61), (908, 688, 497, 807), (913, 747, 336, 598), (235, 172, 58, 121),
    (402, 308, 121, 215), (182, 156, 72, 98), (60, 99, 11, 43), (104, 89, 21, 36),
]  # fmt: skip
# R's mantelhaen.test(UCBAdmissions): men admitted and rejected, then women, in six departments;
# ratio 0.9046968, interval 0.7719074 to 1.0603298, chi-square 1.5246, 1.4269 once corrected.
BERKELEY = [
    (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391),
    (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317),
]  # fmt: skip
TABLES = arrays(np.float64, (4, 2, 2), elements=st.integers(1, 40).map(float))
TABLES_OF_SEVERAL = arrays(np.float64, (3, 2, 4), elements=st.integers(1, 40).map(float))


def table(published: list[tuple[int, int, int, int]]) -> mantel.Floats:
    return np.array([[[b, a], [d, c]] for a, b, c, d in published], dtype=float)


def test_the_common_odds_of_eight_cities_are_those_published() -> None:
    odds = mantel.common_odds(table(CITIES))
    assert odds
    assert odds.ratio == pytest.approx(2.17, abs=0.005)
    assert np.log(odds.ratio) == pytest.approx(0.777, abs=5e-4)
    assert odds.log_se == pytest.approx(0.0468, abs=5e-5)
    assert mantel.mantel_chi2(table(CITIES)) == pytest.approx(280.1, abs=0.05)


def test_admissions_at_berkeley_are_what_r_says() -> None:
    odds = mantel.common_odds(table(BERKELEY))
    assert odds
    assert odds.ratio == pytest.approx(0.9046968, abs=1e-6)
    ends = np.exp(np.log(odds.ratio) + np.array([-1.959964, 1.959964]) * odds.log_se)
    assert ends == pytest.approx([0.7719074, 1.0603298], abs=1e-6)
    assert mantel.mantel_chi2(table(BERKELEY)) == pytest.approx(1.5246, abs=1e-4)
    corrected = mantel.mantel_chi2(table(BERKELEY), corrected=True)
    assert corrected == pytest.approx(1.4269, abs=1e-4)
    assert mantel.p_value(corrected or 0.0) == pytest.approx(0.2323, abs=1e-4)


@pytest.mark.parametrize(
    ("chi2", "df"), [(3.841, 1), (5.991, 2), (7.815, 3), (9.488, 4), (18.307, 10), (24.996, 15)]
)
def test_the_chance_of_a_chi_square_is_that_of_the_tables(chi2: float, df: int) -> None:
    assert mantel.p_value(chi2, df=df) == pytest.approx(0.05, abs=2e-5)


def test_of_one_stratum_the_difference_is_that_of_the_means() -> None:
    found = np.array([[[1.0, 2.0, 1.0], [3.0, 1.0, 0.0]]])
    assert mantel.standardised_difference(found) == pytest.approx(1 / 4 - 1.0)
    assert mantel.spread(found) == pytest.approx(np.std([0, 1, 1, 2, 0, 0, 0, 1]))


@given(TABLES)
def test_groups_that_are_alike_have_no_difference(drawn: mantel.Floats) -> None:
    drawn[:, 1] = drawn[:, 0]
    odds = mantel.common_odds(drawn)
    assert odds
    assert odds.ratio == pytest.approx(1.0)
    assert mantel.mantel_chi2(drawn) == pytest.approx(0.0, abs=1e-9)
    assert mantel.standardised_difference(drawn) == pytest.approx(0.0)


@given(TABLES)
def test_to_take_one_group_for_the_other_turns_the_odds_over(drawn: mantel.Floats) -> None:
    odds, turned = mantel.common_odds(drawn), mantel.common_odds(drawn[:, ::-1])
    assert odds
    assert turned
    assert turned.ratio == pytest.approx(1.0 / odds.ratio)
    assert turned.log_se == pytest.approx(odds.log_se)
    assert mantel.mantel_chi2(drawn[:, ::-1]) == pytest.approx(mantel.mantel_chi2(drawn))


@given(TABLES_OF_SEVERAL)
def test_the_chi_square_of_several_scores_is_the_same_of_either_group(
    drawn: mantel.Floats,
) -> None:
    turned = mantel.mantel_chi2(drawn[:, ::-1])
    assert turned == pytest.approx(mantel.mantel_chi2(drawn), abs=1e-9)


@given(TABLES, st.integers(2, 50))
def test_a_sample_that_is_larger_of_the_same_shape_has_the_same_size(
    drawn: mantel.Floats, times: int
) -> None:
    odds, larger = mantel.common_odds(drawn), mantel.common_odds(drawn * times)
    assert odds
    assert larger
    assert larger.ratio == pytest.approx(odds.ratio)
    assert larger.log_se == pytest.approx(odds.log_se / times**0.5)
    assert mantel.standardised_difference(drawn * times) == pytest.approx(
        mantel.standardised_difference(drawn)
    )


def test_a_small_difference_is_small_in_a_sample_of_a_country() -> None:
    assert classes.ets(0.4, 0.001, p=0.0) == "A"
    assert classes.by_size(-1.2, classes.DELTA) == "B"
    assert classes.ets(-1.6, 0.5, p=0.001) == "B"  # large, but not surely beyond 1
    assert classes.ets(-1.6, 0.1, p=0.001) == "C"
    assert classes.ets(-1.6, 0.9, p=0.08) == "A"
    assert classes.ets_of_smd(0.3, p=0.2) == "A"
    assert classes.ets_of_smd(0.3, p=0.01) == "C"


def test_a_planted_difference_is_found_where_it_was_planted_and_of_its_size() -> None:
    """With slopes of 1 the log odds ratio is the difference of the difficulties.

    Holland and Thayer (1988); 0.8 logit is 1.88 of delta.
    """
    n = 6_000
    theta = np.random.default_rng(1).normal(0.0, 1.0, 2 * n)
    theta[n:] -= 0.5  # the focal group is weaker: that alone is no DIF
    hard = np.tile(np.linspace(-1.5, 1.5, 20), (2 * n, 1))
    hard[n:, 7] += 0.8
    scores = sat(theta, np.ones(20), hard, seed=2)
    found = matched(responses_of(scores, groups=["a"] * n + ["b"] * n), reference="a")
    assert [one.item for one in found if one.size != "A"] == ["i7"]
    planted = found[7]
    assert planted.favours == "reference"
    assert planted.delta == pytest.approx(-2.35 * 0.8, abs=3 * (planted.delta_se or 0.0))
    assert (planted.size, planted.ets) == ("C", "C")
    assert max(abs(one.delta or 0.0) for one in found if one.item != "i7") < 0.4


def test_an_item_of_several_points_is_classed_by_the_spread_of_its_scores() -> None:
    n = 4_000
    chance = np.random.default_rng(3)
    theta = chance.normal(0.0, 1.0, 2 * n)
    scores = sat(theta, np.ones(15), np.linspace(-1.0, 1.0, 15), seed=4)
    parts = [sat(theta, np.ones(1), np.zeros(1), seed=5 + k)[:, 0] for k in range(2)]
    harder = sat(theta, np.ones(1), np.ones(1), seed=8)[:, 0]
    several = np.where(np.arange(2 * n) < n, parts[0] + parts[1], parts[0] + harder)
    table_of = np.column_stack([scores, several])
    found = matched(responses_of(table_of, groups=["a"] * n + ["b"] * n), reference="a")
    assert found[-1].odds_ratio is None
    assert found[-1].smd is not None
    assert found[-1].smd < -0.17
    assert found[-1].favours == "reference"
    assert {one.size for one in found[:-1]} == {"A"}


def test_pupils_are_matched_within_what_they_were_given() -> None:
    """Half of each group has an easy booklet: without patterns its items would differ."""
    n = 3_000
    theta = np.random.default_rng(5).normal(0.0, 1.0, 2 * n)
    scores = sat(theta, np.ones(18), np.linspace(-2.0, 2.0, 18), seed=6)
    easy = np.arange(2 * n) % 4 == 0
    easy[n:] = np.arange(n) % 4 != 0  # most of the focal group has the easy booklet
    scores[np.ix_(easy, range(12, 18))] = -1
    scores[np.ix_(~easy, range(6))] = -1
    responses = responses_of(scores, groups=["a"] * n + ["b"] * n)
    assert len(set(patterns(responses).tolist())) == 2
    assert {one.size for one in matched(responses)} == {"A"}


def test_strata_that_hold_one_group_only_compare_nobody() -> None:
    table_of = counts(
        np.array([0, 1, 1, 0]), np.array([5, 5, 9, 9]), np.array([False, True, False, False])
    )
    assert table_of.tolist() == [[[1.0, 0.0], [0.0, 1.0]]]


def test_an_item_that_all_have_right_says_nothing() -> None:
    scores = np.ones((8, 3), dtype=np.int8)
    scores[::2, 1] = 0
    found = matched(responses_of(scores, groups=["a"] * 4 + ["b"] * 4))
    assert (found[0].size, found[0].p, found[0].odds_ratio) == (None, None, None)


def test_one_group_or_an_unknown_one_is_refused() -> None:
    with pytest.raises(NotTwoGroups):
        matched(responses_of([[0, 1]]))
    with pytest.raises(NoSuchGroup):
        matched(responses_of([[0, 1], [1, 1]], groups=["a", "b"]), reference="c")
