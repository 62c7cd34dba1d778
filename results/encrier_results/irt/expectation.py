# SPDX-License-Identifier: AGPL-3.0-or-later
"""The E step: what a sample says of theta at a point, summed over pupils.

Bock and Aitkin (1981), *Psychometrika* 46, on a fixed grid. Without guessing, the posterior of a
pupil depends on the items given and on s, the sum of points weighted by slopes: it is computed on
a fine grid of s, once a block, and pupils are spread on that grid by cubic interpolation (Lagrange;
error below 1e-8 at the step used). What is left is one product of scores and slopes, and one of
scores and posterior means: a nation takes a tenth of a second. Small blocks, and items with a
guess, go pupil by pupil. No approximation is made but that interpolation and the grid.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from encrier_results.irt.items import sums
from encrier_results.irt.model import Grid, Point, steps
from encrier_results.irt.responses import Floats, Integers, Scores
from encrier_results.irt.sample import Block, Sample, pieces

SMALL_BLOCK: Final = 50  # rows below which blocks cost less together than one by one
_LARGE_BLOCK: Final = 8_000  # rows from which the grid of s costs less than each pupil's own s
_STEP: Final = 0.02  # of the grid of s
_MARGIN: Final = 2  # nodes of s beyond its ends, for the cubic


@dataclass(eq=False)
class Expected:
    """Sums over pupils, weighted.

    theta_points (n_items,): points times posterior mean of theta; given (n_items, n_nodes):
    posterior of who was given the item; right (n_items, n_nodes): of points, where some item has
    a guess; groups (n_groups, n_nodes): posterior of each group.
    """

    theta_points: Floats
    given: Floats
    right: Floats
    groups: Floats
    log_likelihood: float


class Tables(NamedTuple):
    """Logs at the nodes: what a point adds, what being given adds (n_items, n_nodes); the prior."""

    point: Floats
    given: Floats
    prior: Floats


def tables(point: Point, grid: Grid) -> Tables:
    """Logs of chances as the E step adds them; constants of logistic items are left out."""
    chances, log_norm = steps(point, grid.theta)
    added, given = np.multiply.outer(point.slopes, grid.theta), -log_norm
    guessed = point.guesses > 0
    if guessed.any():
        c = point.guesses[guessed, None]
        right = c + (1 - c) * chances[guessed, :, 1]
        given[guessed] = np.log1p(-c) - log_norm[guessed]
        added[guessed] = np.log(right) - given[guessed]
    return Tables(added, given, grid.log_weights(point))


def expect(sample: Sample, point: Point, grid: Grid) -> Expected:
    """Give the sums of the E step, and the log-likelihood of the sample at the point."""
    of_nodes = tables(point, grid)
    n_items, n_nodes = of_nodes.point.shape
    found = Expected(
        np.zeros(n_items),
        np.zeros((n_items, n_nodes)),
        np.zeros((n_items, n_nodes)),
        np.zeros((sample.n_groups, n_nodes)),
        _constant(sample, point),
    )
    done = 0
    if not (point.guesses > 0).any():
        for block in sample.blocks:
            if block.end - block.start < SMALL_BLOCK:
                break
            seen = on_sums(sample, block, of_nodes=of_nodes, slopes=point.slopes, theta=grid.theta)
            _add_block(found, sample, block, seen=seen, theta=grid.theta)
            done = block.end
    for rows in pieces(len(sample.scores), start=done):
        _add_pupils(found, sample, rows, of_nodes=of_nodes, theta=grid.theta)
    return found


def _constant(sample: Sample, point: Point) -> float:
    """What intercepts add to the log-likelihood whatever theta: counts times sums."""
    logistic = point.guesses == 0
    added = sums(point.intercepts)[logistic]
    counts = sample.counts[logistic]
    return float(np.where(counts > 0, counts * np.where(counts > 0, added, 0), 0).sum())


def _add_pupils(
    found: Expected, sample: Sample, rows: slice, *, of_nodes: Tables, theta: Floats
) -> None:
    given, scores = given_and_points(sample.scores[rows])
    posterior, log_norm = posteriors(given, scores, sample.group_of[rows], of_nodes)
    weights = sample.weights[rows]
    found.log_likelihood += float(weights @ log_norm)
    posterior *= weights[:, None]
    found.given += given.T @ posterior
    right = scores.T @ posterior
    found.right += right
    found.theta_points += right @ theta
    for group in range(sample.n_groups):
        found.groups[group] += posterior[sample.group_of[rows] == group].sum(axis=0)


def given_and_points(scores: Scores) -> tuple[Floats, Floats]:
    """Split scores into what was given (1 or 0) and points, as floats."""
    given = scores >= 0
    return given.astype(np.float64), np.where(given, scores, 0).astype(np.float64)


def posteriors(
    given: Floats, points: Floats, group_of: Integers, of_nodes: Tables
) -> tuple[Floats, Floats]:
    """Give each pupil's posterior on the grid and the log of its norm: (n, n_nodes), (n,)."""
    log_joint = points @ of_nodes.point
    log_joint += given @ of_nodes.given
    log_joint += of_nodes.prior[group_of]
    return _normed(log_joint)


def _normed(log_joint: Floats) -> tuple[Floats, Floats]:
    """Turn logs into chances that sum to one, in place; give them and the log of their norm."""
    most = log_joint.max(axis=1)
    log_joint -= most[:, None]
    posterior = np.exp(log_joint, out=log_joint)
    norm = posterior.sum(axis=1)
    posterior /= norm[:, None]
    return posterior, np.log(norm) + most


class OnSums(NamedTuple):
    """A block by s.

    posterior (n, n_nodes), log of its norm (n,), at each pupil's own s or, of a large block, on a
    fine grid; then each pupil's first node of s and the shares of the four nodes from there,
    (n_pupils,).
    """

    posterior: Floats
    log_norm: Floats
    first: Integers
    shares: tuple[Floats, ...]

    def spread(self, values: Floats) -> Floats:
        """Put what pupils have on the nodes of s: (n_pupils,) -> (n,)."""
        if not self.shares:
            return values
        found = np.zeros(len(self.log_norm))
        for rank, share in enumerate(self.shares):
            found += np.bincount(self.first + rank, values * share, minlength=len(found))
        return found

    def at_pupils(self, values: Floats) -> Floats:
        """Interpolate what nodes of s have: (n,) -> (n_pupils,)."""
        if not self.shares:
            return values
        found = np.zeros(len(self.first))
        for rank, share in enumerate(self.shares):
            found += share * values[self.first + rank]
        return found


def on_sums(
    sample: Sample, block: Block, *, of_nodes: Tables, slopes: Floats, theta: Floats
) -> OnSums:
    """Compute the posteriors of a block without guess by s, and place its pupils."""
    own = _weighted_points(sample.scores, block, np.where(block.given, slopes, 0))
    large = len(own) >= _LARGE_BLOCK
    least = float(own.min()) - _MARGIN * _STEP
    n = int((float(own.max()) - least) / _STEP) + 2 * _MARGIN
    s = least + _STEP * np.arange(n) if large else own
    log_joint = np.multiply.outer(s, theta)
    log_joint += of_nodes.prior[block.group] + block.given @ of_nodes.given
    posterior, log_norm = _normed(log_joint)
    first, shares = _lagrange((own - least) / _STEP)
    return OnSums(posterior, log_norm, first, shares if large else ())


def _add_block(
    found: Expected, sample: Sample, block: Block, *, seen: OnSums, theta: Floats
) -> None:
    weights = sample.weights[block.start : block.end]
    mass = seen.spread(weights)
    total = mass @ seen.posterior
    found.log_likelihood += float(mass @ seen.log_norm)
    found.groups[block.group] += total
    found.given[block.given] += total
    means = weights * seen.at_pupils(seen.posterior @ theta)
    for rows in pieces(block.end, start=block.start):
        values = means[rows.start - block.start : rows.stop - block.start]
        found.theta_points += block.given * (sample.scores[rows].astype(np.float64).T @ values)


def _weighted_points(scores: Scores, block: Block, slopes: Floats) -> Floats:
    found = np.empty(block.end - block.start)
    for rows in pieces(block.end, start=block.start):
        found[rows.start - block.start : rows.stop - block.start] = (
            scores[rows].astype(np.float64) @ slopes
        )
    return found


def _lagrange(places: Floats) -> tuple[Integers, tuple[Floats, Floats, Floats, Floats]]:
    """First of the four nodes around each place, and the share of each (cubic Lagrange)."""
    below = places.astype(np.intp)
    t = places - below
    before, after, twice = t + 1, t - 1, t - 2
    return below - 1, (
        -t * after * twice / 6,
        before * after * twice / 2,
        -before * t * twice / 2,
        before * t * after / 6,
    )
