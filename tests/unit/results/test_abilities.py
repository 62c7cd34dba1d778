# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abilities: what the formulas say by brute force, laws that hold for all answers, simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_results.abilities.covariates import design
from encrier_results.abilities.evidence import CannotScore, evidence
from encrier_results.abilities.modes import map_, wle
from encrier_results.abilities.posterior import (
    Prior,
    eap,
    grid,
    moments,
    plausible_values,
    quantiles,
    standard,
)
from encrier_results.abilities.regression import (
    CannotRegress,
    Design,
    intercept_only,
    regress,
)
from encrier_results.irt.items import ItemParameters, probabilities
from encrier_results.irt.responses import Responses
from stagecraft.measured import Floats, answered, drawn_items, items, simulated

MIXED = items(
    [1.2, 0.7, 0.9, 1.6, 0.5],
    [[0.3], [1.1, -0.4, -1.2], [-0.8], [0.2, 0.1], [-0.6]],
    guessing=[0, 0, 0.2, 0, 0],
)
LOGISTIC = items([1.2, 0.7, 0.9, 1.6], [[0.3], [1.1, -0.4, -1.2], [-0.8], [0.2, 0.1]])
FINE = np.linspace(-12, 12, 24_001)


def likelihood(parameters: ItemParameters, scores: list[int]) -> Floats:
    """Of one pupil at FINE, from the chances of the shared shape and nothing else."""
    chances = probabilities(parameters, FINE)
    given_ = [(rank, score) for rank, score in enumerate(scores) if score >= 0]
    product: Floats = np.prod([chances[:, rank, score] for rank, score in given_], axis=0)
    return product


def some_scores(parameters: ItemParameters) -> st.SearchStrategy[list[int]]:
    return st.tuples(*(st.integers(-1, int(m)) for m in parameters.n_steps)).map(list)


@given(scores=some_scores(MIXED), mean=st.floats(-1, 1), variance=st.floats(0.3, 2))
@settings(max_examples=40, deadline=None)
def test_eap_and_its_error_are_the_integrals_that_define_them(
    scores: list[int], mean: float, variance: float
) -> None:
    density = np.exp(-((FINE - mean) ** 2) / (2 * variance))
    if any(score >= 0 for score in scores):
        density = density * likelihood(MIXED, scores)
    density /= density.sum()
    expected = density @ FINE
    answers = evidence(answered(MIXED, [scores]), MIXED)
    found = eap(answers, standard(1, mean=mean, variance=variance))
    assert found.theta[0] == pytest.approx(expected, abs=1e-5)
    assert found.error[0] == pytest.approx(np.sqrt(density @ (FINE - expected) ** 2), abs=1e-5)


@given(scores=some_scores(MIXED), mean=st.floats(-1, 1))
@settings(max_examples=40, deadline=None)
def test_map_is_the_top_of_the_posterior(scores: list[int], mean: float) -> None:
    density = np.exp(-((FINE - mean) ** 2) / 2)
    if any(score >= 0 for score in scores):
        density = density * likelihood(MIXED, scores)
    found = map_(evidence(answered(MIXED, [scores]), MIXED), standard(1, mean=mean))
    assert found.theta[0] == pytest.approx(FINE[density.argmax()], abs=2e-3)


@given(scores=some_scores(LOGISTIC).filter(lambda s: max(s) >= 0))
@settings(max_examples=60, deadline=None)
def test_wle_is_the_top_of_likelihood_times_root_information(scores: list[int]) -> None:
    chances, k = probabilities(LOGISTIC, FINE), np.arange(4)
    variance = (chances * (k - (chances @ k)[..., None]) ** 2).sum(axis=2)
    told = variance @ (LOGISTIC.slopes**2 * (np.array(scores) >= 0))
    height = np.log(likelihood(LOGISTIC, scores)) + np.log(told) / 2
    found = wle(evidence(answered(LOGISTIC, [scores]), LOGISTIC))
    assert found.theta[0] == pytest.approx(FINE[height.argmax()], abs=2e-3)
    assert 0 < found.error[0] < np.inf


def test_wle_of_one_item_right_is_where_three_in_four_would_be() -> None:
    """A closed form: 1 - P + (1 - 2 P) / 2 = 0 has the root P = 3/4, whatever the item."""
    one = items([0.8], [[-0.4]])
    found = wle(evidence(answered(one, [[1], [0]]), one))
    assert found.theta == pytest.approx([0.5 + np.log(3) / 0.8, 0.5 - np.log(3) / 0.8], abs=1e-8)


def test_wle_with_a_guess_is_the_root_of_warms_equation() -> None:
    answers = evidence(answered(MIXED, [[1, 2, 1, 0, 1], [0, 1, 0, 1, 0]]), MIXED)
    for theta, scores in zip(wle(answers).theta, answers.scores, strict=True):
        near = theta + np.array([-1e-3, 0, 1e-3])
        chances = probabilities(MIXED, near)
        first = (chances[2] - chances[0]) / 2e-3
        second = (chances[2] - 2 * chances[1] + chances[0]) / 1e-6
        there = chances[1] > 0
        inverse = np.divide(1, chances[1], where=there, out=np.zeros_like(first))
        gradient = sum(first[i, x] * inverse[i, x] for i, x in enumerate(scores))
        information, third = (first**2 * inverse).sum(), (first * second * inverse).sum()
        assert gradient + third / (2 * information) == pytest.approx(0, abs=1e-4)


@given(seed=st.integers(0, 2**20), order=st.permutations(range(6)))
@settings(max_examples=25, deadline=None)
def test_scores_do_not_depend_on_the_order_of_items(seed: int, order: list[int]) -> None:
    parameters = drawn_items(6, seed=seed)
    asked = simulated(parameters, np.linspace(-2, 2, 9), seed=seed, given=0.8)
    turned = Responses(
        tuple(asked.items[place] for place in order),
        asked.scores[:, order],
        asked.groups,
        asked.group_of,
        asked.weights,
    )
    one, other = evidence(asked, parameters), evidence(turned, parameters)
    prior = standard(9)
    for before, after in (
        (eap(one, prior), eap(other, prior)),
        (map_(one, prior), map_(other, prior)),
        (wle(one), wle(other)),
    ):
        np.testing.assert_allclose(before.theta, after.theta, atol=1e-9)
        np.testing.assert_allclose(before.error, after.error, atol=1e-9)


@given(seed=st.integers(0, 999), variance=st.floats(0.3, 2))
@settings(max_examples=15, deadline=None)
def test_eaps_shrink_by_just_what_their_errors_leave_open(seed: int, variance: float) -> None:
    """Over all answers there are: mean EAP = mean, variance of EAP + mean SE2 = variance."""
    parameters = drawn_items(7, seed=seed)
    every = [[number >> place & 1 for place in range(7)] for number in range(2**7)]
    answers = evidence(answered(parameters, every), parameters)
    prior = standard(2**7, mean=0.4, variance=variance)
    found = moments(answers, prior, grid(answers, prior))
    chance = np.exp(found.log_likelihoods)
    assert chance.sum() == pytest.approx(1, abs=1e-7)
    assert chance @ found.means == pytest.approx(0.4, abs=1e-6)
    spread = chance @ (found.means - 0.4) ** 2
    assert spread < variance
    assert spread + chance @ found.variances == pytest.approx(variance, abs=1e-6)


@given(scores=st.tuples(*[st.integers(0, 1)] * 8).map(list), seed=st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_a_narrower_prior_draws_the_mode_nearer_and_one_more_right_never_lowers_it(
    scores: list[int], seed: int
) -> None:
    parameters = drawn_items(8, seed=seed)
    better = [1 if rank == 0 else score for rank, score in enumerate(scores)]
    answers = evidence(answered(parameters, [scores, better]), parameters)
    wide, narrow = map_(answers, standard(2)).theta, map_(answers, standard(2, variance=0.25)).theta
    assert (np.abs(narrow) <= np.abs(wide) + 1e-9).all()
    assert (narrow * wide >= -1e-12).all()
    for theta in (wide, narrow, eap(answers, standard(2)).theta, wle(answers).theta):
        assert theta[1] >= theta[0] - 1e-9


@given(seed=st.integers(0, 2**32 - 1), guess=st.sampled_from([0.0, 0.2]))
@settings(max_examples=80, deadline=None)
def test_all_answers_to_all_items_end_in_a_number(seed: int, guess: float) -> None:
    """Slopes up to 20, steps out of order and tens of logits away: no bound, no NaN, no warning."""
    chance = np.random.default_rng(seed)
    slopes = np.exp(chance.normal(0, 1.2, chance.integers(1, 12)))
    steps = [(slope * chance.normal(0, 3, chance.integers(1, 4))).tolist() for slope in slopes]
    guesses = [guess if len(of_one) == 1 else 0.0 for of_one in steps]
    parameters = items(slopes.tolist(), steps, guessing=guesses)
    scores = np.minimum(chance.integers(-1, 4, (20, len(slopes))), parameters.n_steps)
    answers = evidence(answered(parameters, scores.tolist()), parameters)
    free, drawn = wle(answers), plausible_values(answers, standard(20), n_values=2, seed=1)
    told = (scores >= 0).any(axis=1)
    assert np.isfinite(free.theta[told]).all()
    assert (free.error[told] > 0).all()
    assert np.isfinite(drawn).all()
    assert np.isfinite(map_(answers, standard(20)).theta).all()


def test_a_pupil_who_was_given_nothing_is_what_the_prior_says() -> None:
    answers = evidence(answered(LOGISTIC, [[-1] * 4]), LOGISTIC)
    prior = standard(1, mean=0.3, variance=0.5)
    assert eap(answers, prior).theta[0] == pytest.approx(0.3, abs=1e-9)
    assert eap(answers, prior).error[0] == pytest.approx(np.sqrt(0.5), abs=1e-6)
    assert map_(answers, prior).theta[0] == pytest.approx(0.3, abs=1e-9)
    assert np.isnan(wle(answers).theta[0])


def test_a_long_test_gets_the_nodes_that_it_needs() -> None:
    """400 sharp items leave an error of a twentieth: on 61 nodes, a fifth apart, it would be 0."""
    parameters = items([1.5] * 400, [[-1.5 * b] for b in np.linspace(-1, 1, 400)])
    theta = np.zeros(40)
    answers = evidence(simulated(parameters, theta, seed=1), parameters)
    prior = standard(40)
    assert len(grid(answers, prior).theta) > 150
    found, mode = eap(answers, prior), map_(answers, prior)
    np.testing.assert_allclose(found.error, mode.error, rtol=0.01)


def test_an_item_without_parameters_is_refused_by_name() -> None:
    with pytest.raises(CannotScore, match="1 items have no parameters, the first i3"):
        evidence(answered(LOGISTIC, [[0, 0, 0, 0]]), drawn_items(3, seed=1))


def test_a_score_past_the_last_step_is_refused() -> None:
    with pytest.raises(CannotScore, match="i0 has a score past"):
        evidence(answered(LOGISTIC, [[2, 0, 0, 0]]), LOGISTIC)


def test_draws_between_nodes_follow_a_normal_density_to_the_fourth_decimal() -> None:
    """Flat cells would give a variance of 0.09 + 0.2 ** 2 / 12 = 0.0933."""
    theta = np.linspace(-6, 6, 61)
    log_density = -((theta - 0.13) ** 2) / (2 * 0.09)
    evenly = (np.arange(200_000) + 0.5) / 200_000
    drawn = quantiles((log_density - log_density.max())[None], theta, evenly[None])
    assert drawn.mean() == pytest.approx(0.13, abs=2e-5)
    assert drawn.var() == pytest.approx(0.09, abs=1e-4)
    assert (np.diff(drawn[0]) > 0).all()


@pytest.mark.parametrize("total", [8.0, 20.0, 52.0])
def test_draws_between_nodes_follow_a_skewed_posterior_too(total: float) -> None:
    """40 items around 0 tell more there than further out; the masses of cells must know it."""

    def log_density(theta: Floats) -> Floats:
        told: Floats = 1.5 * np.subtract.outer(theta, np.linspace(-0.5, 0.5, 40))
        height: Floats = total * theta - np.logaddexp(0, told).sum(axis=1) - theta**2 / 2
        lowered: Floats = height - height.max()
        return lowered

    exact = np.exp(log_density(FINE))
    exact /= exact.sum()
    mean = exact @ FINE
    theta = np.linspace(-6, 6, 61)
    evenly = (np.arange(200_000) + 0.5) / 200_000
    drawn = quantiles(log_density(theta)[None], theta, evenly[None])
    assert drawn.mean() == pytest.approx(mean, abs=5e-5)
    assert drawn.var() == pytest.approx(exact @ (FINE - mean) ** 2, rel=2e-4)


def test_plausible_values_have_the_variance_and_the_slope_of_the_truth() -> None:
    """EAPs do not: they shrink, and so does what they say of a covariate."""
    n, chance = 30_000, np.random.default_rng(3)
    covariate = chance.standard_normal(n)
    theta = 0.2 + 0.5 * covariate + chance.normal(0, np.sqrt(0.75), n)
    parameters = drawn_items(30, seed=5)
    answers = evidence(simulated(parameters, theta, seed=6, given=0.67), parameters)
    made = Design(("one", "z"), np.column_stack([np.ones(n), covariate]), np.ones(n))
    found = regress(answers, made)
    assert found.converged
    assert found.coefficients == pytest.approx([0.2, 0.5], abs=0.02)
    assert found.residual_variance == pytest.approx(0.75, abs=0.02)
    values = plausible_values(answers, found.prior(made), n_values=5, seed=7)
    assert values.var() == pytest.approx(theta.var(), rel=0.015)
    slopes = np.polyfit(covariate, values, 1)[0]
    assert slopes.mean() == pytest.approx(np.polyfit(covariate, theta, 1)[0], abs=0.015)
    shrunk = eap(answers, standard(n)).theta
    assert shrunk.var() < 0.93 * theta.var()
    assert len(np.unique(values)) == values.size
    # What is drawn agrees with what is integrated: posterior means and variances.
    prior = found.prior(made)
    exact = moments(answers, prior, grid(answers, prior))
    assert (values.mean(axis=1) - exact.means).mean() == pytest.approx(0, abs=0.004)
    assert values.var(axis=1, ddof=1).mean() == pytest.approx(exact.variances.mean(), rel=0.01)


def test_errors_of_the_regression_are_what_repeated_samples_show() -> None:
    parameters, n, found = drawn_items(12, seed=2), 400, []
    chance = np.random.default_rng(8)
    for seed in range(60):
        covariate = chance.standard_normal(n)
        theta = 0.4 * covariate + chance.standard_normal(n)
        made = Design(("one", "z"), np.column_stack([np.ones(n), covariate]), np.ones(n))
        answers = evidence(simulated(parameters, theta, seed=seed), parameters)
        found.append(regress(answers, made))
    spread = np.std([one.coefficients for one in found], axis=0, ddof=1)
    told = np.mean([one.errors for one in found], axis=0)
    np.testing.assert_allclose(told, spread, rtol=0.25)


def test_wle_is_hardly_biased_where_the_test_measures() -> None:
    """Warm (1989): the maximum likelihood estimate is pushed outwards, his is not."""
    parameters = drawn_items(40, seed=9)
    for ability in (-1.5, 0.0, 1.5):
        theta = np.full(8_000, ability)
        found = wle(evidence(simulated(parameters, theta, seed=10), parameters))
        assert found.theta.mean() == pytest.approx(ability, abs=0.015)
        assert found.theta.std() == pytest.approx(found.error.mean(), rel=0.08)


def test_the_same_seed_draws_the_same_values_and_another_does_not() -> None:
    parameters = drawn_items(10, seed=1)
    answers = evidence(simulated(parameters, np.zeros(5_000), seed=1), parameters)
    prior = standard(5_000)
    first = plausible_values(answers, prior, n_values=2, seed=11)
    np.testing.assert_array_equal(first, plausible_values(answers, prior, n_values=2, seed=11))
    assert not np.isin(first, plausible_values(answers, prior, n_values=2, seed=12)).any()
    assert abs(np.corrcoef(first[:2048, 0], first[2048:4096, 0])[0, 1]) < 0.1


def test_a_weight_is_so_many_pupils() -> None:
    parameters = drawn_items(8, seed=4)
    once = simulated(parameters, np.random.default_rng(1).standard_normal(60), seed=4)
    weights = np.array([rank % 3 for rank in range(60)], dtype=np.float64)
    many = answered(parameters, np.repeat(once.scores, weights.astype(int), axis=0).tolist())
    weighted = regress(evidence(once, parameters), intercept_only(weights))
    repeated = regress(evidence(many, parameters), intercept_only(np.ones(len(many.scores))))
    assert weighted.coefficients == pytest.approx(repeated.coefficients, abs=1e-5)
    assert weighted.residual_variance == pytest.approx(repeated.residual_variance, abs=1e-5)
    assert weighted.errors == pytest.approx(repeated.errors, abs=1e-5)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, abs=1e-6)


def test_a_prior_of_each_pupil_moves_her_as_a_prior_of_all_would() -> None:
    answers = evidence(answered(LOGISTIC, [[1, 2, 0, 1]] * 2), LOGISTIC)
    found = eap(answers, Prior(np.array([-0.5, 0.8]), 0.6))
    for rank, mean in enumerate((-0.5, 0.8)):
        alone = eap(answers, standard(2, mean=mean, variance=0.6))
        assert found.theta[rank] == pytest.approx(alone.theta[rank], abs=1e-7)


def test_covariates_are_numbers_as_they_are_and_labels_as_0_and_1() -> None:
    made = design({"ips": ["1.5", "", "0.5"], "sector": ["REP", "PR", "REP"]}, weights=np.ones(3))
    assert made.names == ("(mean)", "ips", "ips missing", "sector=REP")
    np.testing.assert_array_equal(made.matrix, [[1, 1.5, 0, 1], [1, 1.0, 1, 0], [1, 0.5, 0, 1]])


def test_a_covariate_that_says_nothing_new_is_refused() -> None:
    answers = evidence(answered(LOGISTIC, [[0, 1, 0, 1], [1, 3, 1, 2], [0, 0, 0, 0]]), LOGISTIC)
    twice = design({"sex": ["F", "M", "F"], "girl": ["1", "0", "1"]}, weights=np.ones(3))
    with pytest.raises(CannotRegress):
        regress(answers, twice)


def test_a_covariate_with_a_label_for_each_school_is_refused() -> None:
    with pytest.raises(CannotRegress, match="more than 200 columns"):
        design({"school": [f"s{rank}" for rank in range(300)]}, weights=np.ones(300))
