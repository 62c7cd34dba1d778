# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abilities at the top of something: WLE, which has no prior, and MAP, which has a normal one.

Warm (1989), *Psychometrika* 54, eq. 7, corrects the maximum likelihood estimate for its
first-order bias; under the Rasch, 2PL, PCM and GPCM models it is the mode of likelihood times the
root of the information (Jeffreys' prior), which is finite for all right and all wrong. Penfield
and Bergeron (2005), *Applied Psychological Measurement* 29, for the GPCM.

This module bounds nothing: a pupil whose answers place her far out is placed far out.
"""

from typing import Final, NamedTuple

import numpy as np

from encrier_results.abilities.arrays import Floats, Places, Scores, each_chunk
from encrier_results.abilities.curves import Curves, cumulants, guessed_score
from encrier_results.abilities.evidence import Evidence, Nodes, given, log_likelihood, nodes
from encrier_results.abilities.posterior import Abilities, Prior, grid

# Where the search begins; it goes on beyond. The highest node comes first, because a few items of
# unlike slopes may have two tops.
_BEGINS: Final = np.linspace(-6, 6, 61)
_LONGEST_STEP: Final = 1.0  # logits
_CLOSE: Final = 1e-5  # logits: the last step of Newton, whose square is what is left
_CLOSE_GUESSED: Final = 1e-9  # with a guess a step only follows the information: it is not squared
_MOST_STEPS: Final = 200
_TINY: Final = 1e-300  # instead of an information that no double holds, whose log is asked


class _Pupils(NamedTuple):
    """Some pupils: items given (n, J), scores (n, J), totals (n,), prior means (n,)."""

    given: Floats
    scores: Scores
    totals: Floats
    means: Floats

    def some(self, places: Places) -> "_Pupils":
        return _Pupils(
            self.given[places], self.scores[places], self.totals[places], self.means[places]
        )


class _Slope(NamedTuple):
    """Of what is climbed: its slope, its bend (above 0: concave), the information; (n,) each."""

    first: Floats
    bend: Floats
    information: Floats


def wle(answers: Evidence) -> Abilities:
    """Give weighted likelihood estimates; NaN for a pupil who was given nothing.

    The error is the root of the inverse curvature at the top, as R mirt prints it; Warm's own
    1 / sqrt(I(theta)) is the same to a percent where a pupil is well measured. With a guess among
    the items it is 1 / sqrt(I(theta)).
    """
    return _tops(answers, nodes(answers.of, _BEGINS), None)


def map_(answers: Evidence, prior: Prior) -> Abilities:
    """Give the modes of the posterior; the prior's mean for a pupil who was given nothing.

    The error is 1 / sqrt(I(theta) + 1 / variance). Samejima (1969), Psychometrika Monograph 17.
    """
    return _tops(answers, grid(answers, prior), prior)


def _tops(answers: Evidence, at: Nodes, prior: Prior | None) -> Abilities:
    theta, error = np.full(len(answers), np.nan), np.full(len(answers), np.nan)

    def climb(rows: slice) -> None:
        height = log_likelihood(answers, at, rows)
        administered = given(answers, rows)
        means = np.zeros(len(height)) if prior is None else prior.means[rows]
        if prior is None:
            height += np.log(np.maximum(administered @ at.information, _TINY)) / 2
        else:
            height -= (at.theta - means[:, None]) ** 2 / (2 * prior.variance)
        told = np.flatnonzero(administered.any(axis=1) | (prior is not None))
        pupils = _Pupils(administered, answers.scores[rows], answers.totals[rows], means)
        begin = _highest(height, at.theta)
        variance = None if prior is None else prior.variance
        found, bend = _newton(answers.of, pupils.some(told), begin[told], variance)
        theta[rows.start + told] = found
        error[rows.start + told] = 1 / np.sqrt(bend)

    each_chunk(len(answers), climb)
    return Abilities(theta, error)


def _highest(height: Floats, theta: Floats) -> Floats:
    """Where each row (n, Q) is highest: the top of the parabola through three nodes, or an end."""
    at = np.clip(height.argmax(axis=1), 1, len(theta) - 2)
    row = np.arange(len(height))
    before, there, after = height[row, at - 1], height[row, at], height[row, at + 1]
    bend = 2 * there - before - after
    aside = np.divide(after - before, 2 * bend, out=np.zeros_like(bend), where=bend > 0)
    step = theta[1] - theta[0]
    top: Floats = theta[at] + step * np.clip(aside, -1, 1)
    return top


def _newton(
    of: Curves, pupils: _Pupils, begin: Floats, variance: float | None
) -> tuple[Floats, Floats]:
    """Climb from `begin` (n,) and give where it ends and the bend there; NaN if it does not end.

    Only who still moves is worked out again.
    """
    close = _CLOSE_GUESSED if len(of.guessed) else _CLOSE
    theta, bend = begin.copy(), np.full(len(begin), np.nan)
    moving = np.arange(len(begin))
    for _ in range(_MOST_STEPS):
        if not len(moving):
            return theta, bend
        alike = len(moving) == len(theta)
        slope = _slope(of, pupils if alike else pupils.some(moving), theta[moving], variance)
        # Where it is not yet concave, the information alone says how far to go.
        concave = slope.bend > slope.information / 4
        step = slope.first / np.where(concave, slope.bend, slope.information)
        np.clip(step, -_LONGEST_STEP, _LONGEST_STEP, out=step)
        theta[moving] += step
        bend[moving] = slope.bend
        moving = moving[np.abs(step) > close]
    theta[moving] = np.nan
    return theta, bend


def _slope(of: Curves, pupils: _Pupils, theta: Floats, variance: float | None) -> _Slope:
    sums = cumulants(of, theta, pupils.given)
    first, information, third = pupils.totals - sums.mean, sums.information, sums.third
    if len(of.guessed):
        gradient, told, skew = guessed_score(of, theta, pupils.scores)
        first, information, third = first + gradient, information + told, third + skew
    if variance is not None:
        information = information + 1 / variance
        return _Slope(first - (theta - pupils.means) / variance, information, information)
    # Warm (1989), eq. 7: s - E + J / (2 I), where J = K3 = dI / dtheta but for a guess.
    ratio = third / information
    bend = information - sums.fourth / (2 * information) + ratio**2 / 2
    return _Slope(first + ratio / 2, information if len(of.guessed) else bend, information)
