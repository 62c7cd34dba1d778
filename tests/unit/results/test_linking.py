# SPDX-License-Identifier: AGPL-3.0-or-later
"""Linking: published constants, laws, anchors that moved, and the error of a link."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_results.irt.items import ItemParameters, probabilities
from encrier_results.linking.drift import JUDGED_AT, drifts, linking_error, robust_z
from encrier_results.linking.methods import METHODS, Method, link, normal
from encrier_results.linking.transformation import CannotLink, Transformation, anchors
from stagecraft.measured import drawn_items, items, needs_references, published

MIXED = items(
    [1.2, 0.7, 0.9, 1.6, 0.5, 1.1],
    [[0.3], [1.1, -0.4, -1.2], [-0.8], [0.2, 0.1], [-0.6], [1.4]],
    guessing=[0, 0, 0.2, 0, 0, 0.1],
)
slopes = st.floats(0.5, 2.0)
shifts = st.floats(-1.5, 1.5)
methods = st.sampled_from(METHODS)


def kolen_and_brennan(form: str) -> ItemParameters:
    """Form X or Y of table 6.5 of their book, whose slopes leave out 1.7."""
    rows = published(f"KBform{form}_par.csv")
    a = [1.7 * float(row["a"]) for row in rows]
    d = [[-slope * float(row["b"])] for slope, row in zip(a, rows, strict=True)]
    return items(a, d, guessing=[float(row["c"]) for row in rows], names=[row[""] for row in rows])


@needs_references
@pytest.mark.parametrize(
    ("method", "weights", "slope", "shift", "within"),
    [
        ("mean-mean", "uniform", 1.217266, -0.557156, 1e-6),
        ("mean-sigma", "uniform", 1.168891, -0.515543, 1e-6),
        ("stocking-lord", "uniform", 1.1016, -0.4765, 1e-4),
        ("haebara", "uniform", 1.0929, -0.4575, 1e-4),
        ("stocking-lord", "normal", 1.0908, -0.4963, 1e-4),
        ("haebara", "normal", 1.0693, -0.4755, 1e-4),
    ],
)
def test_the_forms_of_kolen_and_brennan_link_by_the_known_constants(
    method: Method, weights: str, slope: float, shift: float, within: float
) -> None:
    chosen = [str(number) for number in range(3, 37, 3)]
    common = anchors(kolen_and_brennan("X"), kolen_and_brennan("Y"), among=chosen)
    found = link(common, method, at=normal() if weights == "normal" else None)
    assert (found.slope, found.shift) == pytest.approx((slope, shift), abs=within)


@given(slope=slopes, shift=shifts, method=methods)
@settings(max_examples=60, deadline=None)
def test_linking_a_transformed_form_gives_back_the_transformation(
    slope: float, shift: float, method: Method
) -> None:
    true = Transformation(slope, shift)
    found = link(anchors(MIXED, true.items(MIXED)), method)
    assert (found.slope, found.shift) == pytest.approx((slope, shift), abs=1e-6)


@given(seed=st.integers(0, 9999), method=methods)
@settings(max_examples=30, deadline=None)
def test_linking_a_form_with_itself_moves_nothing(seed: int, method: Method) -> None:
    form = drawn_items(8, seed=seed)
    common = anchors(form, form)
    found = link(common, method)
    assert (found.slope, found.shift) == pytest.approx((1, 0), abs=1e-9)
    judged = drifts(common, found, method)
    assert not any(drift.flagged for drift in judged)
    error = linking_error(common, found, judged)
    assert error is not None
    assert max(error.pisa, error.slope, error.shift, *error.judged) < 1e-8


@given(slope=slopes, shift=shifts)
@settings(max_examples=30, deadline=None)
def test_moving_items_and_abilities_together_changes_no_chance(slope: float, shift: float) -> None:
    moved = Transformation(slope, shift)
    theta = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(
        probabilities(moved.items(MIXED), moved.abilities(theta)),
        probabilities(MIXED, theta),
        atol=1e-12,
    )


@given(seed=st.integers(0, 999), method=methods, order=st.permutations(range(8)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_anchors_says_nothing(seed: int, method: Method, order: list[int]) -> None:
    names = [f"m{rank}" for rank in range(8)]
    new, old = drawn_items(8, seed=seed, names=names), drawn_items(8, seed=seed + 1, names=names)
    turned = items(
        new.slopes[order].tolist(),
        new.intercepts[order].tolist(),
        names=[names[place] for place in order],
    )
    try:
        one = link(anchors(new, old), method)
    except CannotLink:
        with pytest.raises(CannotLink):
            link(anchors(turned, old), method)
        return
    other = link(anchors(turned, old), method)
    assert (one.slope, one.shift) == pytest.approx((other.slope, other.shift), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_link_recovers_the_truth_from_estimates_with_noise(method: Method) -> None:
    true, chance = Transformation(1.1, 0.25), np.random.default_rng(4)
    found = []
    for seed in range(40):
        form = drawn_items(20, seed=seed)
        noise = replace(
            true.items(form),
            slopes=true.items(form).slopes * np.exp(chance.normal(0, 0.03, 20)),
            intercepts=true.items(form).intercepts + chance.normal(0, 0.03, (20, 1)),
        )
        one = link(anchors(form, noise), method)
        found.append((one.slope, one.shift))
    assert np.mean(found, axis=0) == pytest.approx([1.1, 0.25], abs=0.015)


def leaked(by: float) -> tuple[ItemParameters, ItemParameters]:
    """Last year's form and this year's, on which item i3 became easier."""
    old = drawn_items(16, seed=21)
    chance = np.random.default_rng(5)
    intercepts = old.intercepts + chance.normal(0, 0.02, (16, 1))
    intercepts[3] += by * old.slopes[3]
    return replace(old, intercepts=intercepts), old


def test_an_anchor_that_leaked_is_flagged_and_its_weight_in_the_link_told() -> None:
    common = anchors(*leaked(0.8))
    found = link(common, "stocking-lord")
    judged = drifts(common, found, "stocking-lord")
    suspect = max(judged, key=lambda drift: abs(drift.z_difficulty))
    assert suspect.item == "i3"
    assert suspect.flagged
    assert suspect.z_difficulty > 5
    assert suspect.moved == pytest.approx(0.8, abs=0.1)
    assert suspect.without is not None
    # Without it, this year's pupils are no longer taken for better than they are.
    assert abs(suspect.without.shift) < 0.02 < abs(found.shift)


def test_robust_z_is_the_distance_to_the_median_in_normal_deviations() -> None:
    z = robust_z(np.array([0.0, 1.0, 2.0, 3.0, 14.0]))
    assert z == pytest.approx(np.array([-2, -1, 0, 1, 12]) / (0.74 * 2))


def test_the_linking_error_is_by_hand_what_the_formulas_say() -> None:
    """With equal slopes mean-mean has A = 1: B is a mean, whose jackknife is its standard error."""
    new = items([1.0] * 4, [[-b] for b in (-1.0, 0.0, 0.5, 1.0)])
    old = items([1.0] * 4, [[-b] for b in (-0.8, 0.3, 0.6, 1.0)])
    common = anchors(new, old)
    found = link(common, "mean-mean")
    error = linking_error(common, found, drifts(common, found, "mean-mean"))
    by_hand = np.std([0.2, 0.3, 0.1, 0.0], ddof=1) / 2
    assert error is not None
    assert error.pisa == pytest.approx(by_hand, abs=1e-12)
    assert error.shift == pytest.approx(by_hand, abs=1e-12)
    assert error.slope == pytest.approx(0, abs=1e-12)
    assert error.judged == pytest.approx([by_hand] * len(JUDGED_AT), abs=1e-12)


def test_two_anchors_link_but_say_nothing_of_their_error() -> None:
    form = drawn_items(2, seed=1)
    common = anchors(form, form)
    found = link(common, "mean-sigma")
    judged = drifts(common, found, "mean-sigma")
    assert linking_error(common, found, judged) is None
    assert [drift.without for drift in judged] == [None, None]


@pytest.mark.parametrize(
    ("new", "old", "why"),
    [
        (drawn_items(1, seed=1), drawn_items(1, seed=1), "two anchors"),
        (items([1, 1], [[0], [1]]), items([1, 1], [[0], [1, 2]]), "not as many steps"),
        (items([1, 0], [[0], [1]]), items([1, 1], [[0], [1]]), "no slope above 0"),
    ],
)
def test_what_cannot_link_is_refused_with_a_sentence(
    new: ItemParameters, old: ItemParameters, why: str
) -> None:
    with pytest.raises(CannotLink, match=why):
        anchors(new, old)


def test_an_anchor_that_one_file_lacks_is_named() -> None:
    with pytest.raises(CannotLink, match="Item i5 is not in both files"):
        anchors(drawn_items(6, seed=1), drawn_items(5, seed=1), among=["i0", "i1", "i5"])


def test_anchors_of_one_difficulty_have_no_spread_to_compare() -> None:
    form = items([1.0, 2.0, 0.5], [[0.0], [0.0], [0.0]])
    with pytest.raises(CannotLink, match="one difficulty"):
        link(anchors(form, form), "mean-sigma")
