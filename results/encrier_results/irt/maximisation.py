# SPDX-License-Identifier: AGPL-3.0-or-later
"""The M step, and the slope of the log-likelihood: what the sums of an E step say of parameters.

Items without a guess need of pupils only: counts of scores, points times posterior means of theta,
and the posterior of who was given the item. For those the expected log-likelihood is concave and
Newton's method finds its top (Bock and Aitkin, 1981; Muraki, 1992). Items with a guess go by
Fisher's scoring, under the two priors of `model` that keep them in reach. Means and variances of
groups are moments of their posteriors (Bock and Zimowski, 1997, in *Handbook of Modern Item
Response Theory*, chapter 25).

Knows no pupil: sums only.
"""

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from encrier_results.irt.expectation import Expected
from encrier_results.irt.model import (
    GUESS_MEAN,
    GUESS_SD,
    LOG_SLOPE_MEAN,
    LOG_SLOPE_SD,
    NO_SPREAD,
    Free,
    Grid,
    Point,
    or_more,
    steps,
)
from encrier_results.irt.responses import Floats

_ROUNDS: Final = 25
_ROUNDS_WITH_GUESS: Final = 4  # scoring ends slowly: the next E step does more than a fifth
_SMALL: Final = 1e-10  # a Newton step below it ends the M step
_LEAST: Final = 1e-300  # a chance that divides
_LEAST_CURVATURE: Final = 1e-9  # far from the top all chances may be 0 or 1, and nothing bends
_LONGEST: Final = 1.0  # Newton step, in logits: far from the top the parabola lies


class Counted(NamedTuple):
    """Counts of each score of each item, (n_items, m_max + 1), and pupils added to them.

    `added` has the same shape: half a pupil for a score that was never given, whose theta is
    drawn from N(0, 1); else its step would go to infinity. The caller warns.
    """

    scores: Floats
    added: Floats


def maximised(
    point: Point, expected: Expected, counted: Counted, *, free: Free, grid: Grid
) -> Point:
    """Give the point that maximises the expected log-likelihood, from a point nearby."""
    made = point
    for _ in range(_ROUNDS_WITH_GUESS if free.guesses.any() else _ROUNDS):
        slope, curvature = item_slopes(made, expected, counted, free=free, grid=grid)
        step: Floats = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0].astype(np.float64)
        longest = np.abs(step).max(axis=1, keepdims=True)
        step *= np.minimum(1, _LONGEST / np.maximum(longest, _LONGEST))
        made = _moved(made, step, free)
        if longest.max() < _SMALL:
            break
    return replace(made, **_moments(expected, free=free, grid=grid, point=point))


def _moved(point: Point, step: Floats, free: Free) -> Point:
    """A point after a step: (n_items, 2 + m_max), slope, intercepts, logit of the guess."""
    c = np.where(free.guesses, point.guesses, 0.5)
    slopes = point.slopes + step[:, 0]
    odds = c / (1 - c) * np.exp(np.where(free.guesses, step[:, -1], 0))
    return replace(
        point,
        slopes=np.where(free.guesses, np.maximum(slopes, point.slopes / 2), slopes),
        intercepts=point.intercepts + step[:, 1:-1],
        guesses=np.where(free.guesses, odds / (1 + odds), point.guesses),
    )


def _moments(expected: Expected, *, free: Free, grid: Grid, point: Point) -> dict[str, Floats]:
    total = expected.groups.sum(axis=1)
    means = np.where(free.means, expected.groups @ grid.theta / total, point.means)
    away = (grid.theta - means[:, None]) ** 2
    variances = np.maximum((expected.groups * away).sum(axis=1) / total, NO_SPREAD)
    return {"means": means, "variances": np.where(free.variances, variances, point.variances)}


def item_slopes(
    point: Point, expected: Expected, counted: Counted, *, free: Free, grid: Grid
) -> tuple[Floats, Floats]:
    """Slope and curvature of the expected log-likelihood for each item.

    -> (n_items, 2 + m_max), (n_items, 2 + m_max, 2 + m_max), in the order slope, intercepts,
    logit of the guess. What is not free has slope 0 and curvature 1. The slope, at the point where
    the E step was made, is that of the log-likelihood itself (Fisher's identity).
    """
    slope, curvature = _logistic(point, expected, counted, grid)
    guessed = point.guesses > 0
    if guessed.any():
        _put_guessed(slope, curvature, point=point, expected=expected, theta=grid.theta)
    flags = np.column_stack([free.slopes, free.intercepts, free.guesses])
    slope = np.where(flags, slope, 0)
    curvature *= flags[:, :, None] * flags[:, None, :]
    diagonal = np.arange(flags.shape[1])
    curvature[:, diagonal, diagonal] += np.where(flags, _LEAST_CURVATURE, 1)
    return slope, curvature


def _logistic(
    point: Point, expected: Expected, counted: Counted, grid: Grid
) -> tuple[Floats, Floats]:
    theta = grid.theta
    chances, _ = steps(point, theta)
    prior = np.exp(-(theta**2) / 2)
    given = expected.given + counted.added.sum(axis=1)[:, None] * (prior / prior.sum())
    points = np.arange(chances.shape[2])
    counts = counted.scores + counted.added
    reached = or_more(chances)
    mean = chances @ points
    partial = or_more(chances * points)
    spread = chances @ points**2 - mean**2

    n, n_intercepts = point.intercepts.shape
    slope = np.zeros((n, n_intercepts + 2))
    curvature = np.zeros((n, n_intercepts + 2, n_intercepts + 2))
    slope[:, 0] = expected.theta_points - (given * mean) @ theta
    slope[:, 1:-1] = or_more(counts) - np.einsum("jq,jqh->jh", given, reached)
    curvature[:, 0, 0] = (given * spread) @ theta**2
    with_slope = partial - mean[:, :, None] * reached
    curvature[:, 0, 1:-1] = np.einsum("jq,q,jqh->jh", given, theta, with_slope)
    curvature[:, 1:-1, 0] = curvature[:, 0, 1:-1]
    both = np.einsum("jq,jqh,jql->jhl", given, reached, reached)
    marginal = np.einsum("jq,jqh->jh", given, reached)
    later = np.maximum.outer(np.arange(n_intercepts), np.arange(n_intercepts))
    curvature[:, 1:-1, 1:-1] = marginal[:, later] - both
    return slope, curvature


def guessed_slopes(point: Point, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Chances of right and wrong, items with a guess, and the derivatives of the first.

    -> (n_guessed, n_nodes) twice, (n_guessed, n_nodes, 3): by slope, intercept, logit of the
    guess. Neither chance is ever 0: both divide. Birnbaum (1968), chapter 17.
    """
    guessed = point.guesses > 0
    c = point.guesses[guessed, None]
    ignores, knows = np.moveaxis(steps(point, theta)[0][guessed, :, :2], 2, 0)
    by_logit = (1 - c) * knows * ignores
    derivatives = np.stack([by_logit * theta, by_logit, c * (1 - c) * ignores], axis=2)
    return c + (1 - c) * knows, np.maximum((1 - c) * ignores, _LEAST), derivatives


def _put_guessed(
    slope: Floats, curvature: Floats, *, point: Point, expected: Expected, theta: Floats
) -> None:
    guessed = np.flatnonzero(point.guesses > 0)
    right, wrong, derivatives = guessed_slopes(point, theta)
    information = expected.given[guessed] / (right * wrong)
    residual = expected.right[guessed] - expected.given[guessed] * right
    by_three = np.einsum("jq,jqp->jp", residual / (right * wrong), derivatives)
    logits = np.log(point.guesses[guessed] / (1 - point.guesses[guessed]))
    slopes = point.slopes[guessed]
    by_three[:, 0] -= (np.log(slopes) - LOG_SLOPE_MEAN) / (LOG_SLOPE_SD**2 * slopes)
    by_three[:, 2] -= (logits - GUESS_MEAN) / GUESS_SD**2
    squares = np.einsum("jq,jqp,jqr->jpr", information, derivatives, derivatives)
    squares[:, 0, 0] += (LOG_SLOPE_SD * slopes) ** -2
    squares[:, 2, 2] += GUESS_SD**-2
    places = np.array([0, 1, -1])  # an item with a guess has one step
    slope[guessed] = 0
    curvature[guessed] = 0
    slope[guessed[:, None], places] = by_three
    curvature[guessed[:, None, None], places[:, None], places] = squares
