# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds of a calibration whatever the responses, and what comes back of what was drawn."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from encrier_results.irt import expectation
from encrier_results.irt.calibration import CalibrationResult, Settings, calibrate
from encrier_results.irt.items import ItemParameters, Model, probabilities
from encrier_results.irt.model import Grid, Point
from encrier_results.irt.oddities import STEEP
from encrier_results.irt.responses import Responses
from encrier_results.irt.sample import sample_of
from encrier_results.irt.start import NotCalibrated
from stagecraft.psychometrics import drawn, log_likelihood, log_likelihood_at, true_items

FEW = settings(max_examples=8, deadline=None)
QUICK = Settings(with_errors=False)
SEEDS = st.integers(0, 2**32 - 1)


def normal(n: int, seed: int = 7) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).standard_normal(n)


def some(seed: int, *, model: Model = "2pl", n_steps: int = 1) -> Responses:
    items = true_items(6, model, n_steps=n_steps, seed=seed % 97)
    return drawn(items, normal(600, seed), seed=seed, n_booklets=3)


def rmse(found: CalibrationResult, truth: ItemParameters) -> tuple[float, float]:
    slopes = found.parameters.slopes - truth.slopes
    intercepts = found.parameters.intercepts - truth.intercepts
    return float(np.sqrt(np.mean(slopes**2))), float(np.sqrt(np.mean(intercepts**2)))


@given(SEEDS, st.sampled_from(["rasch", "2pl"]))
@example(17994382, "2pl")  # an item whose slope has no top: where it stops is its summing's affair
@FEW
def test_the_order_of_pupils_and_of_items_changes_nothing(seed: int, model: Model) -> None:
    responses, dice = some(seed), np.random.default_rng(seed)
    rows, items = dice.permutation(600), dice.permutation(6)
    other = replace(
        responses,
        items=tuple(responses.items[rank] for rank in items),
        scores=responses.scores[rows][:, items],
    )
    ours = calibrate(responses, model, settings=QUICK)
    theirs = calibrate(other, model, settings=QUICK)
    slopes, same = theirs.parameters.slopes, ours.parameters.slopes[items]
    assert (slopes > STEEP).tolist() == (same > STEEP).tolist()
    has_top = same <= STEEP  # the others are warned of
    assert_allclose(slopes[has_top], same[has_top], atol=1e-4)
    assert_allclose(theirs.log_likelihood, ours.log_likelihood, rtol=1e-9)


@given(SEEDS, st.sampled_from(["rasch", "2pl"]))
@FEW
def test_doubling_weights_doubles_the_log_likelihood(seed: int, model: Model) -> None:
    responses = some(seed)
    ours = calibrate(responses, model)
    double = calibrate(replace(responses, weights=2 * responses.weights), model)
    assert_allclose(double.log_likelihood, 2 * ours.log_likelihood, rtol=1e-9)
    assert_allclose(double.errors.intercepts * np.sqrt(2), ours.errors.intercepts, rtol=1e-3)


def test_a_weight_of_two_is_a_pupil_twice() -> None:
    responses = some(1)
    twice = replace(
        responses,
        scores=np.repeat(responses.scores, 2, axis=0),
        group_of=np.repeat(responses.group_of, 2),
        weights=np.ones(1200),
    )
    weighted = calibrate(replace(responses, weights=np.full(600, 2.0)), "2pl")
    repeated = calibrate(twice, "2pl")
    assert_allclose(weighted.parameters.slopes, repeated.parameters.slopes, atol=1e-4)
    assert_allclose(weighted.errors.slopes, repeated.errors.slopes, rtol=1e-3)


@given(SEEDS)
@FEW
def test_pcm_and_gpcm_of_two_scores_are_rasch_and_2pl(seed: int) -> None:
    responses = some(seed)
    pairs: list[tuple[Model, Model]] = [("pcm", "rasch"), ("gpcm", "2pl")]
    for polytomous, dichotomous in pairs:
        ours = calibrate(responses, polytomous, settings=QUICK)
        theirs = calibrate(responses, dichotomous, settings=QUICK)
        assert ours.log_likelihood == theirs.log_likelihood


@pytest.mark.parametrize("model", ["rasch", "2pl", "gpcm"])
def test_the_likelihood_with_booklets_and_groups_is_the_one_of_its_definition(
    model: Model,
) -> None:
    group_of = np.arange(600) % 2
    items = true_items(6, model, n_steps=2 if model == "gpcm" else 1)
    responses = drawn(items, normal(600) + 0.5 * group_of, n_booklets=3, group_of=group_of)
    found = calibrate(responses, model)
    assert_allclose(found.log_likelihood, log_likelihood_at(found, responses), rtol=1e-8)


def test_large_blocks_give_what_pupils_one_by_one_give(monkeypatch: pytest.MonkeyPatch) -> None:
    items = true_items(20, "gpcm", n_steps=3)
    responses = drawn(items, normal(20_000), n_booklets=2)
    sample, grid = sample_of(responses), Grid(np.linspace(-6, 6, 61))
    zero, one = np.zeros(1), np.ones(1)
    point = Point(items.slopes, items.intercepts, items.guessing, zero, one)
    interpolated = expectation.expect(sample, point, grid)
    monkeypatch.setattr(expectation, "_LARGE_BLOCK", 10**9)
    by_sums = expectation.expect(sample, point, grid)
    monkeypatch.setattr(expectation, "SMALL_BLOCK", 10**9)
    by_pupil = expectation.expect(sample, point, grid)
    for other in (interpolated, by_sums):
        assert_allclose(other.log_likelihood, by_pupil.log_likelihood, rtol=1e-12)
        assert_allclose(other.theta_points, by_pupil.theta_points, atol=1e-4)  # of some 10,000
        assert_allclose(other.given, by_pupil.given, atol=1e-5)
        assert_allclose(other.groups, by_pupil.groups, atol=1e-5)


@pytest.mark.parametrize(("model", "n_steps"), [("rasch", 1), ("2pl", 1), ("pcm", 3), ("gpcm", 3)])
def test_what_was_drawn_comes_back_as_near_as_errors_say(model: Model, n_steps: int) -> None:
    items = true_items(20, model, n_steps=n_steps)
    found = calibrate(drawn(items, normal(8000), n_booklets=2), model)
    assert found.converged
    assert not found.warnings
    by_error = (found.parameters.intercepts - items.intercepts) / found.errors.intercepts
    assert 0.7 < np.sqrt(np.mean(by_error**2)) < 1.4
    if model in {"2pl", "gpcm"}:
        by_error = (found.parameters.slopes - items.slopes) / found.errors.slopes
        assert 0.6 < np.sqrt(np.mean(by_error**2)) < 1.4
    else:
        (group,) = found.groups
        assert abs(group.variance - 1) < 3 * group.se_variance


def test_a_guess_comes_back_as_near_as_chance_allows() -> None:
    items = true_items(20, "3pl")
    responses = drawn(items, normal(8000))
    found = calibrate(responses, "3pl")
    assert found.converged
    assert found.errors_by == "cross-products"
    assert np.isfinite(found.errors.guessing).all()
    theta = np.linspace(-2, 2, 9)
    apart = probabilities(found.parameters, theta) - probabilities(items, theta)
    assert np.abs(apart).max() < 0.1
    truth = log_likelihood(items, responses, means=np.zeros(1), variances=np.ones(1))
    # twice what is gained on the truth is a chi-square of 60 (Wilks, 1938): 30 to 100
    assert 30 < 2 * (found.log_likelihood - truth) < 100


def test_groups_come_back_where_they_were() -> None:
    group_of = np.arange(9000) % 3
    theta = normal(9000) * np.array([1, 1.2, 0.8])[group_of] + np.array([0, 0.5, -0.3])[group_of]
    items = true_items(20, "2pl")
    found = calibrate(drawn(items, theta, n_booklets=2, group_of=group_of), "2pl")
    first, second, third = found.groups
    assert (first.mean, first.variance) == (0, 1)
    for group, mean, variance in ((second, 0.5, 1.44), (third, -0.3, 0.64)):
        assert abs(group.mean - mean) < 3.5 * group.se_mean
        assert abs(group.variance - variance) < 3.5 * group.se_variance


def test_fixed_items_stay_and_free_the_mean_and_variance_of_all() -> None:
    items = true_items(20, "2pl")
    responses = drawn(items, 1.3 * normal(6000) + 0.4)
    anchors = ItemParameters(
        items.items[:8],
        items.models[:8],
        items.slopes[:8],
        items.intercepts[:8],
        items.guessing[:8],
    )
    found = calibrate(responses, "2pl", fixed=anchors)
    assert found.parameters.slopes[:8].tolist() == anchors.slopes.tolist()
    assert np.isnan(found.errors.slopes[:8]).all()
    (group,) = found.groups
    assert abs(group.mean - 0.4) < 3.5 * group.se_mean
    assert abs(group.variance - 1.69) < 3.5 * group.se_variance
    assert rmse(found, items)[0] < 0.1


def test_errors_are_the_bend_of_the_likelihood_of_its_definition() -> None:
    responses = some(3)
    found = calibrate(responses, "rasch")
    step, top = 0.01, log_likelihood_at(found, responses)
    bend = np.empty((7, 7))

    def at(*moves: tuple[int, float]) -> float:
        intercepts, group = found.parameters.intercepts.copy(), found.groups[0]
        for rank, move in moves:
            if rank < 6:
                intercepts[rank, 0] += move
            else:
                group = replace(group, variance=group.variance + move)
        params = replace(found.parameters, intercepts=intercepts)
        return log_likelihood_at(replace(found, parameters=params, groups=(group,)), responses)

    for one in range(7):
        for two in range(one + 1):
            apart = at((one, step), (two, -step)) + at((one, -step), (two, step))
            along = at((one, step), (two, step)) + at((one, -step), (two, -step))
            bend[one, two] = bend[two, one] = (apart - along) / (4 * step**2)
    errors = np.sqrt(np.diag(np.linalg.inv(bend)))
    assert top > at((0, step))
    assert_allclose(found.errors.intercepts[:, 0], errors[:6], rtol=1e-2)
    assert_allclose(found.groups[0].se_variance, errors[6], rtol=1e-2)


def test_an_item_given_to_nobody_is_refused_with_its_name() -> None:
    responses = some(1)
    responses.scores[:, 2] = -1
    with pytest.raises(NotCalibrated, match="Item i2 was given to nobody"):
        calibrate(responses, "2pl")


def test_an_item_that_all_answered_alike_is_refused_with_its_name() -> None:
    responses = some(1)
    responses.scores[responses.scores[:, 2] >= 0, 2] = 1
    with pytest.raises(NotCalibrated, match="All pupils have 1 on item i2"):
        calibrate(responses, "2pl")


def test_more_than_two_scores_ask_for_a_model_that_knows_them() -> None:
    with pytest.raises(NotCalibrated, match="scores up to 2"):
        calibrate(some(1, model="gpcm", n_steps=2), "2pl")


def test_a_score_that_nobody_has_is_said_and_its_item_stays_finite() -> None:
    responses = some(5, model="gpcm", n_steps=3)
    responses.scores[responses.scores[:, 0] == 1, 0] = 2
    found = calibrate(responses, "gpcm")
    assert any("i0: nobody has 1" in warning for warning in found.warnings)
    assert np.isfinite(found.parameters.intercepts).all()


def test_a_flat_item_a_far_one_and_a_wrong_key_are_said_and_not_bounded() -> None:
    items = true_items(12, "2pl")
    items.slopes[:3], items.intercepts[:3, 0] = (0.1, 1.0, -1.0), (0.0, -7.5, 0.0)
    found = calibrate(drawn(items, normal(20_000)), "2pl", settings=QUICK)
    said = "\n".join(found.warnings)
    assert "i0: slope" in said
    assert "near 0" in said
    assert "i1: difficulty" in said
    assert "i2: slope -1.0" in said


def test_a_climb_that_is_stopped_says_so() -> None:
    found = calibrate(some(1), "2pl", settings=QUICK._replace(most_steps=3))
    assert not found.converged
    assert "Not converged" in found.warnings[-1]


def test_a_group_without_spread_is_warned_of_and_stops_nothing() -> None:
    chance, n = np.random.default_rng(1), 400
    group_of = np.repeat([0, 1], n // 2)
    theta = chance.normal(size=n)[:, None] + np.outer(group_of, [2.5, -2.5, 0.0])
    scores = (chance.random((n, 3)) < 1 / (1 + np.exp(-theta))).astype(np.int8)
    responses = Responses(("a", "b", "c"), scores, ("A", "B"), group_of, np.ones(n))
    found = calibrate(responses, "rasch")
    assert np.isfinite([group.variance for group in found.groups]).all()
    assert any("too small for the grid" in warning for warning in found.warnings)
