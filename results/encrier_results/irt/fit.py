# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether items behave as their model says: infit and outfit, S-X2, Q3.

Residuals are taken at each pupil's posterior mean (EAP). Says how far, never whether it matters:
with a nation everything is significant.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from encrier_results.irt.calibration import N_NODES, REACH, CalibrationResult
from encrier_results.irt.expectation import given_and_points, posteriors, tables
from encrier_results.irt.items import ItemParameters, probabilities
from encrier_results.irt.model import Grid, Point
from encrier_results.irt.responses import Floats, Responses
from encrier_results.irt.sample import pieces

LEAST_EXPECTED: Final = 1.0  # pupils in a cell of S-X2: fewer, and its score joins the next


@dataclass(frozen=True, eq=False)
class Fit:
    """How far items are from their model.

    infit, outfit (n_items,): mean squared residuals, 1 where the model holds (Wright and Masters,
    1982, *Rating Scale Analysis*, chapter 5). s_x2, s_x2_df (n_items,): Orlando and Thissen (2000),
    *Applied Psychological Measurement* 24; NaN where the test was not the same for all. q3
    (n_items, n_items): correlations of residuals, Yen (1984), ibid. 8, NaN where nobody had both.
    """

    infit: Floats
    outfit: Floats
    s_x2: Floats
    s_x2_df: Floats
    q3: Floats


def fit(responses: Responses, found: CalibrationResult) -> Fit:
    """Give the fit of the items of a calibration to the responses that it was made of."""
    grid = Grid(np.linspace(-REACH, REACH, N_NODES))  # of a calibration that was not told otherwise
    params = found.parameters
    sums = _ResidualSums(len(params.items))
    point = _point(found)
    of_nodes = tables(point, grid)
    for rows in pieces(len(responses.scores)):
        given, points = given_and_points(responses.scores[rows])
        posterior, _ = posteriors(given, points, responses.group_of[rows], of_nodes)
        theta, weights = posterior @ grid.theta, responses.weights[rows]
        sums.add(given, points, params=params, theta=theta, weights=weights)
    complete = bool((responses.scores >= 0).all()) and len(responses.groups) == 1
    nothing = np.full(len(params.items), np.nan)
    s_x2, df = _s_x2(responses, found, grid) if complete else (nothing, nothing)
    infit, outfit = sums.squares / sums.variances, sums.standardised / sums.given.diagonal()
    return Fit(infit, outfit, s_x2, df, sums.correlations())


def _point(found: CalibrationResult) -> Point:
    params = found.parameters
    means = np.array([group.mean for group in found.groups])
    variances = np.array([group.variance for group in found.groups])
    return Point(params.slopes, params.intercepts, params.guessing, means, variances)


class _ResidualSums:
    """Weighted sums over pupils; of pairs, over those who had both items."""

    def __init__(self, n_items: int) -> None:
        self.squares = np.zeros(n_items)
        self.variances = np.zeros(n_items)
        self.standardised = np.zeros(n_items)
        self.given, self.of_first, self.of_squares, self.products = (
            np.zeros((n_items, n_items)) for _ in range(4)
        )

    def add(
        self,
        given: Floats,
        points: Floats,
        *,
        params: ItemParameters,
        theta: Floats,
        weights: Floats,
    ) -> None:
        chances = probabilities(params, theta)
        scores = np.arange(chances.shape[2])
        mean = chances @ scores
        variance = chances @ scores**2 - mean**2
        residual = (points - mean) * given
        heavy = weights[:, None]
        self.squares += (heavy * residual**2).sum(axis=0)
        self.variances += (heavy * variance * given).sum(axis=0)
        self.standardised += (heavy * residual**2 / np.maximum(variance, 1e-12)).sum(axis=0)
        self.given += given.T @ (given * heavy)
        self.of_first += residual.T @ (given * heavy)
        self.of_squares += (residual**2).T @ (given * heavy)
        self.products += residual.T @ (residual * heavy)

    def correlations(self) -> Floats:
        """Correlate the residuals of each pair of items: (n_items, n_items)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.of_first / self.given
            spread = np.sqrt(self.of_squares / self.given - mean**2)
            found: Floats = (self.products / self.given - mean * mean.T) / (spread * spread.T)
        return found


def _s_x2(responses: Responses, found: CalibrationResult, grid: Grid) -> tuple[Floats, Floats]:
    params = found.parameters
    chances = probabilities(params, grid.theta)
    prior = np.exp(grid.log_weights(_point(found)))[0]
    totals = responses.scores.sum(axis=1, dtype=np.intp)
    n_scores = int(params.n_steps.sum()) + 1
    n_free = np.isfinite(found.errors.intercepts).sum(axis=1) + np.isfinite(found.errors.slopes)
    n_free = n_free + np.isfinite(found.errors.guessing) * (params.guessing > 0)
    of_all = prior @ _score_chances(chances, leave=-1, n_scores=n_scores)
    s_x2, df = np.empty(len(params.items)), np.empty(len(params.items))
    for item, m in enumerate(params.n_steps.tolist()):
        rest = _score_chances(chances, leave=item, n_scores=n_scores)
        expected, seen = np.zeros((n_scores, m + 1)), np.zeros((n_scores, m + 1))
        for score in range(m + 1):
            joint = prior @ (chances[:, item, score, None] * rest)
            expected[score:, score] = joint[: n_scores - score] / of_all[score:]
            own = responses.scores[:, item] == score
            seen[:, score] = np.bincount(totals[own], responses.weights[own], minlength=n_scores)
        expected *= seen.sum(axis=1, keepdims=True)
        expected, seen = _joined(expected[1:-1], seen[1:-1])  # at the ends all is known
        s_x2[item] = ((seen - expected) ** 2 / expected).sum()
        df[item] = len(seen) * m - n_free[item]
    return s_x2, df


def _score_chances(chances: Floats, *, leave: int, n_scores: int) -> Floats:
    """Chance of each total at the nodes without one item: (n_nodes, n_scores).

    Lord and Wingersky (1984), *Applied Psychological Measurement* 8.
    """
    found = np.zeros((len(chances), n_scores))
    found[:, 0] = 1
    for item in range(chances.shape[1]):
        if item == leave:
            continue
        added = np.zeros_like(found)
        for score in range(chances.shape[2]):
            added[:, score:] += chances[:, item, score, None] * found[:, : n_scores - score]
        found = added
    return found


def _joined(expected: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Join the first score that expects too few with its neighbour of fewer pupils, until none.

    This is how R mirt does it; Orlando and Thissen (2000) leave it open.
    """
    here, there = list(expected), list(seen)
    while len(here) > 1:
        sparse = [rank for rank, row in enumerate(here) if (row < LEAST_EXPECTED).any()]
        if not sparse:
            break
        rank = sparse[0]
        sizes = {side: there[side].sum() for side in (rank - 1, rank + 1) if 0 <= side < len(there)}
        to = min(sizes, key=lambda side: (sizes[side], side))
        here[to], there[to] = here[to] + here[rank], there[to] + there[rank]
        del here[rank], there[rank]
    return np.array(here), np.array(there)
