# SPDX-License-Identifier: AGPL-3.0-or-later
"""Latent regression: what covariates say of ability, from answers, without an ability for anyone.

theta = X beta + e, e normal with one variance, item parameters fixed. EM as in Mislevy (1984),
*Psychometrika* 49, and Adams, Wilson and Wu (1997), *Journal of Educational and Behavioral
Statistics* 22. Its posterior is the prior that plausible values need.

This module never sees what a covariate means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from encrier.errors import EncrierError
from encrier_results.abilities.arrays import Floats
from encrier_results.abilities.evidence import Evidence
from encrier_results.abilities.posterior import Moments, Prior, grid, moments

_CLOSE: Final = 1e-6  # of every coefficient, in logits, and of the log of the variance
_CLOSE_BEGINNING: Final = 1e-3
_MOST_STEPS: Final = 1000
_ROUNDING: Final = 1e-12  # of a log-likelihood, which is a sum over all pupils
_MEMORY: Final = 4  # steps that a leap is made from
_MANY: Final = 60_000  # pupils: from here a sample says where to begin
_SAMPLE: Final = 20_000
_SMALLEST: Final = 1e-6  # variance left: below, covariates tell ability but for nothing


class CannotRegress(EncrierError):
    what = "Ability cannot be regressed on these covariates."
    next_step = "Leave out a covariate that is constant or that others make up."


@dataclass(frozen=True, eq=False)
class Design:
    """Covariates as numbers: matrix (N, P), the first column 1; a name for each; weights (N,)."""

    names: tuple[str, ...]
    matrix: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class Regression:
    """What was found; coefficients and errors (P,) in logits, and the variance left around them."""

    names: tuple[str, ...]
    coefficients: Floats
    errors: Floats
    residual_variance: float
    log_likelihood: float
    iterations: int
    converged: bool

    def prior(self, design: Design) -> Prior:
        """Give what the covariates say of each pupil before her answers are looked at."""
        return Prior(design.matrix @ self.coefficients, self.residual_variance)


def intercept_only(weights: Floats) -> Design:
    """Give the design without covariates: the regression is then the mean and variance of all."""
    return Design(("(mean)",), np.ones((len(weights), 1)), weights)


def regress(answers: Evidence, design: Design) -> Regression:
    """Estimate coefficients and residual variance by EM with leaps, to 1e-6 logit a step.

    Errors are of the observed information at fixed variance and item parameters (Louis 1982):
    the information of complete data less what the posteriors leave open; weights count pupils.
    Raises CannotRegress where the design has not full rank.
    """
    gram = (design.matrix * design.weights[:, None]).T @ design.matrix
    scale = np.sqrt(np.diag(gram))
    if not (scale > 0).all() or np.linalg.cond(gram / np.outer(scale, scale)) > 1 / _SINGULAR:
        raise CannotRegress
    return _em(answers, design, begin=_begin(answers, design), close=_CLOSE)


_SINGULAR: Final = 1e-10  # of the reciprocal condition of X'WX with a unit diagonal


@dataclass(frozen=True, eq=False)
class _State:
    coefficients: Floats
    variance: float

    def vector(self) -> Floats:
        """Coefficients and log variance, which no leap makes negative: (P + 1,)."""
        return np.append(self.coefficients, np.log(self.variance))


def _begin(answers: Evidence, design: Design) -> _State:
    """Where EM begins: the standard normal, or what a sample says where there are many pupils."""
    start = _State(np.zeros(design.matrix.shape[1]), 1.0)
    if len(answers) < _MANY:
        return start
    every = slice(None, None, len(answers) // _SAMPLE)
    some = Evidence(
        answers.of, answers.scores[every], answers.totals[every], answers.constants[every]
    )
    sample = Design(design.names, design.matrix[every], design.weights[every])
    if np.linalg.matrix_rank(sample.matrix) < sample.matrix.shape[1]:
        return start  # a rare level that the sample has not met
    found = _em(some, sample, begin=start, close=_CLOSE_BEGINNING)
    return _State(found.coefficients, found.residual_variance)


def _em(answers: Evidence, design: Design, *, begin: _State, close: float) -> Regression:
    """Go on from `begin` until a step of EM moves no coefficient, and no variance, by `close`."""
    weighted = design.matrix * design.weights[:, None]
    gram = weighted.T @ design.matrix
    states, likelihoods = [begin], [-np.inf]
    mapped: list[_State] = []
    converged, iterations = False, 0
    while not converged and iterations < _MOST_STEPS:
        iterations += 1
        state = states[-1]
        prior = Prior(design.matrix @ state.coefficients, state.variance)
        found = moments(answers, prior, grid(answers, prior))
        likelihoods.append(float(design.weights @ found.log_likelihoods))
        coefficients = np.linalg.solve(gram, weighted.T @ found.means).astype(np.float64)
        left = (found.means - design.matrix @ coefficients) ** 2 + found.variances
        variance = float(np.average(left, weights=design.weights))
        after = _State(coefficients, max(variance, _SMALLEST))
        converged = bool(np.abs(after.vector() - state.vector()).max() < close)
        fallen = likelihoods[-2] - likelihoods[-1]
        if fallen > _ROUNDING * abs(likelihoods[-1]):  # a leap went too far: EM never falls
            states, mapped = [state], []
        mapped.append(after)
        states.append(_ahead(states[-_MEMORY:], mapped[-_MEMORY:]))
    return Regression(
        names=design.names,
        coefficients=after.coefficients,
        errors=_errors(design, found, after.variance),
        residual_variance=after.variance,
        log_likelihood=likelihoods[-1],
        iterations=iterations,
        converged=converged,
    )


def _ahead(tried: Sequence[_State], mapped: Sequence[_State]) -> _State:
    """Leap to the mix of past steps whose moves cancel best: Anderson (1965), *J. ACM* 12.

    EM closes a fixed share of the gap in each step; the mix sees which, and skips ahead.
    """
    x = np.array([state.vector() for state in tried])
    y = np.array([state.vector() for state in mapped])
    gaps = np.diff(y - x, axis=0)
    mix = np.linalg.lstsq(gaps.T, (y - x)[-1], rcond=None)[0]
    leap = y[-1] - mix @ np.diff(y, axis=0)
    return _State(leap[:-1], max(float(np.exp(leap[-1])), _SMALLEST))


def _errors(design: Design, found: Moments, variance: float) -> Floats:
    """Root of the diagonal of the inverse of sum of w x x' (1 / s2 - v / s4)."""
    told = design.weights * (1 / variance - found.variances / variance**2)
    observed = (design.matrix * told[:, None]).T @ design.matrix
    errors: Floats = np.sqrt(np.diag(np.linalg.inv(observed)))
    return errors
