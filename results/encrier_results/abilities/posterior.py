# SPDX-License-Identifier: AGPL-3.0-or-later
"""The posterior of an ability under a normal prior, on equally spaced nodes: EAP, SE, draws.

Bock and Mislevy (1982), *Applied Psychological Measurement* 6, for the mean and its error;
Mislevy (1991), *Psychometrika* 56, for plausible values. A prior is a mean for each pupil and
one variance, which is what a regression of ability on covariates gives.

This module never sees a covariate.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from encrier_results.abilities.arrays import CHUNK, Floats, each_chunk
from encrier_results.abilities.evidence import Evidence, Nodes, log_likelihood, spread

_FLAT: Final = 1e-6  # below, a cell's density is straight to 1e-13, and 0 / 0 is near
_REACH_SD: Final = 6.0  # standard deviations of the abilities of all, on each side


@dataclass(frozen=True, eq=False)
class Prior:
    """Normal: a mean for each pupil (N,), and the variance around it."""

    means: Floats
    variance: float


@dataclass(frozen=True, eq=False)
class Abilities:
    """An ability for each pupil and its standard error, both (N,), in logits."""

    theta: Floats
    error: Floats


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean and variance of each pupil's posterior (N,), and her marginal log-likelihood (N,)."""

    means: Floats
    variances: Floats
    log_likelihoods: Floats


def standard(n_pupils: int, *, mean: float = 0.0, variance: float = 1.0) -> Prior:
    """Give all pupils the same prior."""
    return Prior(np.full(n_pupils, mean), variance)


def grid(answers: Evidence, prior: Prior) -> Nodes:
    """Place nodes as far as abilities go, so close that no posterior falls between two of them."""
    centre = float(prior.means.mean())
    reach = _REACH_SD * float(np.sqrt(prior.variance + prior.means.var()))
    return spread(answers.of, centre - reach, centre + reach, known=1 / prior.variance)


def moments(answers: Evidence, prior: Prior, at: Nodes) -> Moments:
    """Integrate each pupil's posterior over the nodes."""
    n = len(answers)
    means, variances, log_likelihoods = np.empty(n), np.empty(n), np.empty(n)
    middle = at.theta[len(at.theta) // 2]
    off = at.theta - middle  # so that the variance is not a small difference of large squares

    def integrate(rows: slice) -> None:
        density, highest = _density(answers, prior, at, rows)
        total = density.sum(axis=1)
        mean = density @ off / total
        means[rows] = mean + middle
        variances[rows] = np.maximum(density @ off**2 / total - mean**2, 0.0)
        log_likelihoods[rows] = highest + np.log(total) + answers.constants[rows]

    each_chunk(n, integrate)
    return Moments(means, variances, log_likelihoods)


def eap(answers: Evidence, prior: Prior) -> Abilities:
    """Give expected abilities a posteriori, with the posterior's standard deviation as error.

    A pupil who was given nothing has the prior's mean. Bock and Mislevy (1982), eq. 5 and 6.
    """
    found = moments(answers, prior, grid(answers, prior))
    return Abilities(found.means, np.sqrt(found.variances))


def plausible_values(answers: Evidence, prior: Prior, *, n_values: int, seed: int) -> Floats:
    """Draw abilities from each pupil's posterior: (N, n_values), continuous, in logits.

    The same seed gives the same values on every machine: the stream of a chunk is
    `default_rng([seed, rank of the chunk])`, whatever thread draws it.
    """
    at = grid(answers, prior)
    values = np.empty((len(answers), n_values))

    def draw(rows: slice) -> None:
        log_density = _log_density(answers, prior, at, rows)
        log_density -= log_density.max(axis=1, keepdims=True)
        chance = np.random.default_rng([seed, rows.start // CHUNK])
        uniform = chance.random((len(log_density), n_values))
        values[rows] = quantiles(log_density, at.theta, uniform)

    each_chunk(len(answers), draw)
    return values


def quantiles(log_density: Floats, theta: Floats, uniform: Floats) -> Floats:
    """Invert the distribution function of densities that are known at nodes.

    log_density (n, Q) with maximum 0, theta (Q,) equally spaced, uniform (n, K) in [0, 1) gives
    (n, K). A cell has the mass of its log-quadratic density, and is straight in the log within.
    Flat cells would add h^2 / 12 to a variance; without the bow, which is larger where the items
    tell more, values would be pushed to where they tell less.
    """
    density, rise = np.exp(log_density), np.diff(log_density, axis=1)
    mass = (density[:, 1:] + density[:, :-1]) / 2
    np.divide(np.diff(density, axis=1), rise, out=mass, where=np.abs(rise) > _FLAT)
    bow = _bow(rise)
    mass *= 1 + bow * (1 + 0.6 * bow)  # the mean of exp(6 bow u (1 - u)) over u, to bow squared
    below = np.cumsum(mass, axis=1)
    below /= below[:, -1:]
    row = np.arange(len(density))[:, None]
    n_cells = mass.shape[1]
    # One search for all rows: row r is lifted by r, so that the whole is sorted.
    cell = np.searchsorted((below + row).ravel(), (uniform + row).ravel(), side="right")
    cell = np.clip(cell.reshape(uniform.shape) - row * n_cells, 0, n_cells - 1)
    before = np.where(cell > 0, below[row, cell - 1], 0.0)
    width = below[row, cell] - before
    share = np.divide(uniform - before, width, out=np.zeros_like(width), where=width > 0)
    np.clip(share, 0.0, 1.0, out=share)
    slope = rise[row, cell]
    steep = np.abs(slope) > _FLAT
    along = np.log1p(share * np.expm1(slope))
    np.divide(along, slope, out=share, where=steep)
    drawn: Floats = theta[cell] + (theta[1] - theta[0]) * share
    return drawn


def _bow(rise: Floats) -> Floats:
    """Twelfth of how much the log density bends down in each cell: (n, Q - 1) -> (n, Q - 1)."""
    bend = np.empty((len(rise), rise.shape[1] + 1))
    np.subtract(rise[:, :-1], rise[:, 1:], out=bend[:, 1:-1])
    bend[:, 0], bend[:, -1] = bend[:, 1], bend[:, -2]
    bow = bend[:, 1:] + bend[:, :-1]
    bow /= 24
    return bow


def _log_density(answers: Evidence, prior: Prior, at: Nodes, rows: slice) -> Floats:
    """Log of likelihood times prior times step, but for `constants`: (n, Q)."""
    told = log_likelihood(answers, at, rows)
    means = prior.means[rows]
    # The square of (theta - mean) opened: its cross term is an outer product, the rest vectors.
    told += np.multiply.outer(means / prior.variance, at.theta)
    told -= at.theta**2 / (2 * prior.variance)
    step = at.theta[1] - at.theta[0]
    scale = np.log(step) - np.log(2 * np.pi * prior.variance) / 2
    told += (scale - means**2 / (2 * prior.variance))[:, None]
    return told


def _density(answers: Evidence, prior: Prior, at: Nodes, rows: slice) -> tuple[Floats, Floats]:
    """The same, as a density whose maximum is 1, and the log of that maximum (n,)."""
    told = _log_density(answers, prior, at, rows)
    highest = told.max(axis=1)
    told -= highest[:, None]
    return np.exp(told, out=told), highest
