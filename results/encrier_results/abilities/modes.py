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
from encrier_results.abilities.climbing import OPEN, Around, Slope, climb, highest
from encrier_results.abilities.curves import Curves, cumulants, guessed_score
from encrier_results.abilities.evidence import Evidence, Nodes, given, log_likelihood, spread
from encrier_results.abilities.posterior import Abilities, Prior, grid

_BEGINS: Final = (-6.0, 6.0)  # logits: the search begins between, and goes on beyond
_CLOSE: Final = 1e-5  # logits: the last step of Newton, whose square is what is left
_CLOSE_GUESSED: Final = 1e-9  # with a guess a step only follows the information: it is not squared
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


def wle(answers: Evidence) -> Abilities:
    """Give weighted likelihood estimates; NaN for a pupil who was given nothing.

    The error is the root of the inverse curvature at the top, as R mirt prints it; Warm's own
    1 / sqrt(I(theta)) is the same to a percent where a pupil is well measured. With a guess among
    the items it is 1 / sqrt(I(theta)).
    """
    return _tops(answers, spread(answers.of, *_BEGINS), None)


def map_(answers: Evidence, prior: Prior) -> Abilities:
    """Give the modes of the posterior; the prior's mean for a pupil who was given nothing.

    The error is 1 / sqrt(I(theta) + 1 / variance). Samejima (1969), Psychometrika Monograph 17.
    """
    return _tops(answers, grid(answers, prior), prior)


def _tops(answers: Evidence, at: Nodes, prior: Prior | None) -> Abilities:
    theta, error = np.full(len(answers), np.nan), np.full(len(answers), np.nan)
    guessed, informative = len(answers.of.guessed) > 0, at.information.max(axis=1) > 0

    def reach(rows: slice) -> None:
        height = log_likelihood(answers, at, rows)
        administered = given(answers, rows)
        means = np.zeros(len(height)) if prior is None else prior.means[rows]
        if prior is None:
            height += np.log(np.maximum(administered @ at.information, _TINY)) / 2
        else:
            height -= (at.theta - means[:, None]) ** 2 / (2 * prior.variance)
        told = np.flatnonzero((administered @ informative > 0) | (prior is not None))
        pupils = _Pupils(administered, answers.scores[rows], answers.totals[rows], means)
        around = Around(*(part[told] for part in highest(height, at.theta)))
        if guessed:  # Warm's equation is then not quite the slope of this height
            around = Around(around.guess, np.full(len(told), -OPEN), np.full(len(told), OPEN))

        def slope_at(places: Places, theta: Floats) -> Slope:
            some = pupils if len(places) == len(pupils.totals) else pupils.some(told[places])
            return _slope(answers.of, some, theta, prior)

        found, bend = climb(slope_at, around, close=_CLOSE_GUESSED if guessed else _CLOSE)
        theta[rows.start + told] = found
        error[rows.start + told] = 1 / np.sqrt(bend)

    each_chunk(len(answers), reach)
    return Abilities(theta, error)


def _slope(of: Curves, pupils: _Pupils, theta: Floats, prior: Prior | None) -> Slope:
    sums = cumulants(of, theta, pupils.given)
    first, information, third = pupils.totals - sums.mean, sums.information, sums.third
    if len(of.guessed):
        gradient, told, skew = guessed_score(of, theta, pupils.scores)
        first, information, third = first + gradient, information + told, third + skew
    if prior is not None:
        information = information + 1 / prior.variance
        first = first - (theta - pupils.means) / prior.variance
        return Slope(first, information, information)
    # Warm (1989), eq. 7: s - E + J / (2 I), where J = K3 = dI / dtheta but for a guess.
    information = np.maximum(information, _TINY)
    ratio = third / information
    bend = information - sums.fourth / (2 * information) + ratio**2 / 2
    return Slope(first + ratio / 2, information if len(of.guessed) else bend, information)
