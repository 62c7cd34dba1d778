# SPDX-License-Identifier: AGPL-3.0-or-later
"""Standard errors: how sharply the log-likelihood bends at its top.

Two ways, and a result says which was taken. *Observed*: what complete data would tell less what
is missing, the variance of each pupil's slope over the posterior (Louis, 1982, *Journal of the
Royal Statistical Society B* 44); it equals the information of Oakes (1999, ibid. 61). Items with a
guess go by *cross-products*: the sum over pupils of each one's slope times itself, the same in
large samples if the model holds.

Weights are taken for frequencies: errors of a survey's design are not here.
"""

from typing import Literal, NamedTuple

import numpy as np

from encrier_results.irt.expectation import (
    Tables,
    expect,
    given_and_points,
    on_sums,
    posteriors,
    tables,
)
from encrier_results.irt.maximisation import Counted, guessed_slopes, item_slopes
from encrier_results.irt.model import (
    GUESS_SD,
    LOG_SLOPE_SD,
    Free,
    Grid,
    Point,
    or_more,
    steps,
)
from encrier_results.irt.responses import Floats, Integers
from encrier_results.irt.sample import Block, Sample, pieces

Way = Literal["observed", "cross-products", "none"]


def standard_errors(information: Floats) -> Floats:
    """Square roots of the inverse's diagonal; NaN where a number is not determined."""
    try:
        variances = np.diag(np.linalg.inv(information)).copy()
    except np.linalg.LinAlgError:
        return np.full(len(information), np.nan)
    variances[variances <= 0] = np.nan
    errors: Floats = np.sqrt(variances)
    return errors


def observed(sample: Sample, point: Point, counted: Counted, *, free: Free, grid: Grid) -> Floats:
    """Observed information of a point at the top, without guess: (n_free, n_free).

    Louis (1982), eq. 3.2. Slopes of a pupil are points times theta, then what depends on theta and
    the items given: covariances over the posterior need of pupils of a block only s.
    """
    theta, of_nodes = grid.theta, tables(point, grid)
    varying, kept = _varying(point, free, theta), np.concatenate([f.ravel() for f in free.fields()])
    n_items = len(point.slopes)
    missing = np.zeros((len(kept), len(kept)))
    for block in sample.blocks:
        part = _part(sample, block, point=point, of_nodes=of_nodes, theta=theta)
        own = np.where(_concerned(block, free), varying, 0)
        mean = part.posterior @ own
        nodes = part.mass @ part.posterior
        missing += (own * nodes[:, None]).T @ own - (mean * part.mass[:, None]).T @ mean
        with_theta = part.posterior @ (own * theta[:, None])
        with_theta -= (part.posterior @ theta)[:, None] * mean
        crossed = part.points.T @ with_theta
        missing[:n_items] += crossed
        missing[:, :n_items] += crossed.T
        missing[:n_items, :n_items] += part.squares
    expected = expect(sample, point, grid)
    whole = _complete(point, item_slopes(point, expected, counted, free=free, grid=grid)[1])
    _add_groups(whole, point, expected.groups.sum(axis=1))
    found: Floats = (whole - missing)[np.ix_(kept, kept)]
    return found


class _Part(NamedTuple):
    """A block for Louis, at nodes of s or at pupils.

    posterior (n, n_nodes); mass (n,) and points (n, n_items), weighted; and, over pupils, squares
    of points times variance of theta, (n_items, n_items).
    """

    posterior: Floats
    mass: Floats
    points: Floats
    squares: Floats


def _part(sample: Sample, block: Block, *, point: Point, of_nodes: Tables, theta: Floats) -> _Part:
    weights = sample.weights[block.start : block.end]
    seen = on_sums(sample, block, of_nodes=of_nodes, slopes=point.slopes, theta=theta)
    variance = weights * seen.at_pupils(_variance(seen.posterior, theta))
    if not seen.shares:
        points = given_and_points(sample.scores[block.start : block.end])[1]
        squares = points.T @ (points * variance[:, None])
        return _Part(seen.posterior, weights, points * weights[:, None], squares)
    squares = np.zeros((len(point.slopes),) * 2)
    for rows in pieces(block.end, start=block.start):
        points = given_and_points(sample.scores[rows])[1]
        own = variance[rows.start - block.start : rows.stop - block.start]
        squares += points.T @ (points * own[:, None])
    spread = np.zeros((len(seen.log_norm), len(point.slopes)))
    for item in np.flatnonzero(block.given):
        spread[:, item] = seen.spread(weights * sample.scores[block.start : block.end, item])
    return _Part(seen.posterior, seen.spread(weights), spread, squares)


def _variance(posterior: Floats, theta: Floats) -> Floats:
    return posterior @ theta**2 - (posterior @ theta) ** 2


def _varying(point: Point, free: Free, theta: Floats) -> Floats:
    """What of a pupil's slopes depends on theta but not on the pupil: (n_nodes, n_numbers)."""
    chances, _ = steps(point, theta)
    mean = (chances @ np.arange(chances.shape[2])).T
    reached = or_more(chances).transpose(1, 0, 2)
    away = theta[:, None] - point.means
    return np.concatenate(
        [
            -theta[:, None] * mean,
            -reached.reshape(len(theta), -1),
            np.zeros((len(theta), free.guesses.size)),
            away / point.variances,
            (away**2 - point.variances) / (2 * point.variances**2),
        ],
        axis=1,
    )


def _concerned(block: Block, free: Free) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which numbers a block tells of: its items, its group."""
    own = np.arange(len(free.means)) == block.group
    steps_given = np.repeat(block.given, free.intercepts.shape[1])
    return np.concatenate([block.given, steps_given, block.given, own, own])


def _complete(point: Point, curvature: Floats) -> Floats:
    """Curvatures of items, put where the numbers of a point stand."""
    n_items, m = point.intercepts.shape
    items = np.arange(n_items)
    places = np.column_stack(
        [items, n_items + items[:, None] * m + np.arange(m), n_items * (m + 1) + items]
    )
    n = n_items * (m + 2) + 2 * len(point.means)
    made = np.zeros((n, n))
    made[places[:, :, None], places[:, None, :]] = curvature
    return made


def _add_groups(whole: Floats, point: Point, n_pupils: Floats) -> None:
    n = len(n_pupils)
    means = np.arange(len(whole) - 2 * n, len(whole) - n)
    whole[means, means] = n_pupils / point.variances
    whole[means + n, means + n] = n_pupils / (2 * point.variances**2)


def cross_products(sample: Sample, point: Point, *, free: Free, grid: Grid) -> Floats:
    """Information as the weighted sum of each pupil's slope times itself: (n_free, n_free)."""
    of_nodes = tables(point, grid)
    by_point, by_given = _slopes_at_nodes(point, grid.theta)
    n_free = sum(int(flags.sum()) for flags in free.fields())
    found = np.zeros((n_free, n_free))
    for rows in pieces(len(sample.scores)):
        given, points = given_and_points(sample.scores[rows])
        group_of = sample.group_of[rows]
        posterior, _ = posteriors(given, points, group_of, of_nodes)
        parts = [
            points * (posterior @ by_point[0]) + given * (posterior @ by_given[0]),
            _by_intercepts(sample, rows, posterior, tables_of=(by_point[1], by_given[1])),
            points * (posterior @ by_point[2]) + given * (posterior @ by_given[2]),
            *_by_groups(posterior, group_of, point=point, theta=grid.theta),
        ]
        kept = [part[:, flags] for part, flags in zip(parts, free.fields(), strict=True)]
        slopes = np.concatenate(kept, axis=1)
        found += slopes.T @ (slopes * sample.weights[rows, None])
    _add_prior(found, point, free)
    return found


def _add_prior(information: Floats, point: Point, free: Free) -> None:
    """What the priors of items with a guess tell, beside the responses."""
    of_slopes = np.where(point.guesses > 0, (LOG_SLOPE_SD * point.slopes) ** -2, 0)[free.slopes]
    n_between = int(free.intercepts.sum())
    n_after = len(information) - len(of_slopes) - n_between - int(free.guesses.sum())
    of_guesses = np.full(int(free.guesses.sum()), GUESS_SD**-2)
    information += np.diag(
        np.concatenate([of_slopes, np.zeros(n_between), of_guesses, np.zeros(n_after)])
    )


def _slopes_at_nodes(point: Point, theta: Floats) -> tuple[list[Floats], list[Floats]]:
    """Slopes of a response's log-chance at the nodes: what a point adds, what being given adds.

    Each list: by slope (n_nodes, n_items), by intercept (n_nodes, n_items, m_max), by guess. Of an
    intercept without guess, what a point adds is 1 for each step reached: see `_by_intercepts`.
    """
    chances, _ = steps(point, theta)
    n_nodes, n_items = len(theta), len(point.slopes)
    mean = (chances @ np.arange(chances.shape[2])).T
    reached = or_more(chances).transpose(1, 0, 2)
    by_point = [np.repeat(theta[:, None], n_items, axis=1), np.ones_like(reached)]
    by_given = [-theta[:, None] * mean, -reached]
    by_point.append(np.zeros((n_nodes, n_items)))
    by_given.append(np.zeros((n_nodes, n_items)))
    guessed = point.guesses > 0
    if guessed.any():
        right, wrong, derivatives = guessed_slopes(point, theta)
        a_point = derivatives / (right * wrong)[:, :, None]
        a_given = -derivatives / wrong[:, :, None]
        for rank in (0, 2):
            by_point[rank][:, guessed] = a_point[:, :, rank].T
            by_given[rank][:, guessed] = a_given[:, :, rank].T
        by_point[1][:, guessed, 0] = a_point[:, :, 1].T
        by_given[1][:, guessed, 0] = a_given[:, :, 1].T
    return by_point, by_given


def _by_intercepts(
    sample: Sample, rows: slice, posterior: Floats, *, tables_of: tuple[Floats, Floats]
) -> Floats:
    by_point, by_given = tables_of
    n_nodes, n_items, m = by_point.shape
    scores = sample.scores[rows][:, :, None]
    shape = (len(scores), n_items, m)
    reached = (posterior @ by_point.reshape(n_nodes, -1)).reshape(shape)
    reached *= scores >= np.arange(1, m + 1)
    reached += (posterior @ by_given.reshape(n_nodes, -1)).reshape(shape) * (scores >= 0)
    return reached


def _by_groups(
    posterior: Floats, group_of: Integers, *, point: Point, theta: Floats
) -> tuple[Floats, Floats]:
    own = group_of[:, None] == np.arange(len(point.means))
    mean = posterior @ theta
    square = posterior @ theta**2
    away = mean[:, None] - point.means
    squared = square[:, None] - 2 * mean[:, None] * point.means + point.means**2
    by_mean = own * away / point.variances
    by_variance = own * (squared - point.variances) / (2 * point.variances**2)
    return by_mean, by_variance
