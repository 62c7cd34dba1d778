# SPDX-License-Identifier: AGPL-3.0-or-later
"""Agreement between keyings: published coefficients, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from encrier_results.coding.agreement import (
    Floats,
    Level,
    agreements,
    kappa,
    kappa_estimate,
    krippendorff,
    krippendorff_estimate,
    second_keyings,
)
from stagecraft.scored import keyed

NONE = float("nan")
# Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*, section C and after: four
# observers, twelve units; nominal 0.743, ordinal 0.815, interval 0.849.
FOUR = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
])  # fmt: skip
# The three coders of the page "Krippendorff's alpha" of the English Wikipedia: 0.691 and 0.811.
THREE = np.array([
    [NONE, NONE, NONE, NONE, NONE, 3, 4, 1, 2, 1, 1, 3, 3, NONE, 3],
    [1, NONE, 2, 1, 3, 3, 4, 3, NONE, NONE, NONE, NONE, NONE, NONE, NONE],
    [NONE, NONE, 2, 1, 3, 4, 4, NONE, 2, 1, 1, 3, 3, NONE, 4],
])  # fmt: skip
RATINGS = arrays(np.float64, (3, 12), elements=st.sampled_from([0.0, 1.0, 2.0, NONE]))


@pytest.mark.parametrize(
    ("ratings", "level", "published"),
    [
        (FOUR, "nominal", 0.743), (FOUR, "ordinal", 0.815), (FOUR, "interval", 0.849),
        (THREE, "nominal", 0.691), (THREE, "interval", 0.811),
    ],
)  # fmt: skip
def test_alpha_is_that_of_the_published_examples(
    ratings: Floats, level: Level, published: float
) -> None:
    assert krippendorff(ratings, level=level) == pytest.approx(published, abs=5e-4)


def two_raters(table: list[list[int]]) -> tuple[Floats, Floats]:
    """Ratings of which this is the table, first rater in rows."""
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    first, second = np.array(cells, dtype=float).T
    return first, second


def test_kappa_is_what_its_formula_gives() -> None:
    """Agreement 0.7, by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5: kappa 0.4."""
    assert kappa(*two_raters([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_weighted_kappa_is_what_its_formula_gives() -> None:
    """Squared distances: seen (4 + 4)/ 12; by chance, of margins 1/3 each, (4 x 2 + 1 x 4)/ 9."""
    first, second = two_raters([[3, 0, 1], [0, 4, 0], [1, 0, 3]])
    assert kappa(first, second, weighting="quadratic") == pytest.approx(1 - (8 / 12) / (12 / 9))
    assert kappa(first, second, weighting="linear") == pytest.approx(1 - (4 / 12) / (8 / 9))


@given(RATINGS)
def test_alpha_does_not_depend_on_who_rated_first(ratings: Floats) -> None:
    for level in ("nominal", "ordinal", "interval"):
        first, turned = krippendorff(ratings, level=level), krippendorff(ratings[::-1], level=level)
        assert first == pytest.approx(turned, nan_ok=True)
        assert np.isnan(first) or first <= 1.0 + 1e-12


@given(RATINGS)
def test_raters_who_say_the_same_agree_entirely(ratings: Floats) -> None:
    same = np.tile(ratings[0], (2, 1))
    found = krippendorff(same), kappa(same[0], same[1])
    if len(set(ratings[0][~np.isnan(ratings[0])].tolist())) > 1:
        assert found == pytest.approx((1.0, 1.0))
    else:
        assert all(np.isnan(found))


@given(RATINGS)
def test_of_two_values_all_levels_are_one(ratings: Floats) -> None:
    binary = np.minimum(ratings, 1.0)
    nominal = krippendorff(binary)
    assert krippendorff(binary, level="ordinal") == pytest.approx(nominal, nan_ok=True)
    assert krippendorff(binary, level="interval") == pytest.approx(nominal, nan_ok=True)


def test_an_interval_comes_again_with_its_seed_and_holds_the_value() -> None:
    first, second = two_raters([[20, 5], [10, 15]])
    found = kappa_estimate(first, second, seed=7)
    assert found == kappa_estimate(first, second, seed=7)
    assert found != kappa_estimate(first, second, seed=8)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    # Cohen (1960), equation 7: its standard error is sqrt(0.7 x 0.3 / (50 x 0.5 x 0.5)) = 0.130.
    assert (found.high - found.low) / 3.92 == pytest.approx(0.130, abs=0.015)


def test_an_interval_narrows_as_answers_are_more() -> None:
    few, many = FOUR, np.tile(FOUR, 16)
    widths = []
    for ratings in (few, many):
        found = krippendorff_estimate(ratings, seed=1)
        widths.append((found.high or 0.0) - (found.low or 0.0))
    assert widths[1] < widths[0] / 2


def test_ratings_in_which_nothing_differs_have_no_coefficient() -> None:
    same = np.zeros((2, 5))
    assert krippendorff_estimate(same, seed=1).value is None
    assert kappa_estimate(same[0], same[1], seed=1).value is None
    assert kappa_estimate(np.empty(0), np.empty(0), seed=1).value is None


def test_a_second_keying_is_set_beside_the_first() -> None:
    sheets = [
        {"q": keyed({"R": ["A"]}), "q~2": keyed({"R": ["A"]})},
        {"q": keyed({"R": ["A", "B"]}), "q~2": keyed({"R": ["B", "A"]})},
        {"q": keyed({"R": ["A"]}), "q~2": keyed(mark="blank")},
        {"q": keyed({"R": ["A"]}), "q~2": keyed(mark="open")},  # not keyed again yet
        {"q": keyed({"R": ["B"]})},
        {"q~2": keyed({"R": ["B"]})},
    ]
    (found,) = agreements(second_keyings(sheets), seed=1)
    assert (found.item, found.n, found.same) == ("q", 3, 2)
