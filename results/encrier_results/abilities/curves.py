# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an item says of an ability: cumulants of its score, at nodes or at each pupil's own ability.

Under the Rasch, 2PL, PCM and GPCM models the answers of a pupil enter the likelihood
through one number, the weighted score s = sum of a_i x_i (Birnbaum 1968, section 18.3; Muraki
1992): logL = s theta - sum of log Z_i(theta). The derivatives of log Z_i are the cumulants of
a_i x_i, and that is all that scoring needs. An item with a guess is not of that family and is kept
apart.

This module knows parameters, never a pupil.
"""

from typing import NamedTuple

import numpy as np

from encrier_results.abilities.arrays import Floats, Places, Scores
from encrier_results.irt.items import ItemParameters, sums


class Curves(NamedTuple):
    """Item parameters, laid out by what scoring does with them; J items, M the last score of any.

    `steps` (J, M + 1) holds D_k = d_1 + … + d_k, -inf beyond an item's last score.
    `two`, `many` and `guessed` are the places of items of two scores, of more, and with a guess.
    """

    slopes: Floats  # (J,) per logit
    steps: Floats  # (J, M + 1)
    guessing: Floats  # (J,) 0 but for the 3PL
    two: Places
    many: Places
    guessed: Places


class Cumulants(NamedTuple):
    """First four cumulants of the weighted score at an ability: E, I, K3, K4, each (n,)."""

    mean: Floats
    information: Floats
    third: Floats
    fourth: Floats


def curves(parameters: ItemParameters) -> Curves:
    """Lay out parameters for scoring; the order of items is kept."""
    guessed = parameters.guessing > 0
    last = parameters.n_steps
    return Curves(
        slopes=parameters.slopes,
        steps=sums(parameters.intercepts),
        guessing=parameters.guessing,
        two=np.flatnonzero(~guessed & (last == 1)),
        many=np.flatnonzero(~guessed & (last > 1)),
        guessed=np.flatnonzero(guessed),
    )


def log_normalizers(of: Curves, theta: Floats) -> Floats:
    """Give log Z_i at nodes: theta (Q,) in logits -> (J, Q).

    log Z_i = log sum_k exp(k a theta + D_k); of a 3PL item it is -log(1 - P), so that -log Z_i
    is the log-likelihood of score 0 in every model.
    """
    exponents = _exponents(of.slopes[:, None], of.steps[:, None, :], theta[None, :])
    return _log_sum(exponents) - np.log1p(-of.guessing)[:, None]


def log_odds_guessed(of: Curves, theta: Floats) -> Floats:
    """Give log P/(1 - P) of the 3PL items at nodes: (Q,) -> (n of them, Q)."""
    c = of.guessing[of.guessed][:, None]
    z = of.slopes[of.guessed][:, None] * theta + of.steps[of.guessed, 1][:, None]
    odds: Floats = np.logaddexp(np.log(c), z) - np.log1p(-c)
    return odds


def information(of: Curves, theta: Floats) -> Floats:
    """Give Fisher's information of each item at nodes: (Q,) -> (J, Q)."""
    exponents = _exponents(of.slopes[:, None], of.steps[:, None, :], theta[None, :])
    chances = np.exp(exponents - _log_sum(exponents)[..., None])
    told = of.slopes[:, None] ** 2 * _central(chances)[1]
    c, p = of.guessing[of.guessed][:, None], chances[of.guessed, :, 1]
    told[of.guessed] *= (1 - c) * p / (c + (1 - c) * p)  # Lord (1980), equation 4-43
    return told


def cumulants(of: Curves, theta: Floats, administered: Floats) -> Cumulants:
    """Give the cumulants of each pupil's weighted score at her own ability, without 3PL items.

    theta (n,) in logits, administered (n, J) 1.0 where the item was given, else 0.0.
    """
    a = of.slopes[of.two]
    p = _logistic(np.multiply.outer(theta, a) + of.steps[of.two, 1])
    # An item not given has p = 0: every cumulant is then 0.
    p *= administered if len(of.two) == len(of.slopes) else administered[:, of.two]
    mean, squares = p @ a, p * p
    w = p - squares  # p (1 - p); the third cumulant is w (1 - 2 p), the fourth w (1 - 6 w)
    second, third, fourth = (w @ np.column_stack([a**2, a**3, a**4])).T
    p *= w
    w *= w
    sums = [mean, second, third - 2 * (p @ a**3), fourth - 6 * (w @ a**4)]
    if len(of.many):
        a, given = of.slopes[of.many], administered[:, of.many]
        exponents = _exponents(a[None, :], of.steps[of.many][None], theta[:, None])
        central = _central(np.exp(exponents - _log_sum(exponents)[..., None]))
        for r, moment in enumerate(central):
            sums[r] = sums[r] + (moment * given) @ a ** (r + 1)
    return Cumulants(*sums)


def guessed_score(of: Curves, theta: Floats, scores: Scores) -> tuple[Floats, Floats, Floats]:
    """Give gradient, information and Warm's J of the 3PL items; scores (n, J), -1 not given.

    Warm (1989), Psychometrika 54, equation 7: J = sum of P' P'' / (P Q).
    """
    x = scores[:, of.guessed]
    a, c = of.slopes[of.guessed], of.guessing[of.guessed]
    p = _logistic(np.multiply.outer(theta, a) + of.steps[of.guessed, 1])
    chance = c + (1 - c) * p
    first = (1 - c) * a * p * (1 - p)
    weight = np.where(x >= 0, a * p / chance, 0.0)  # P' / (P Q), where 1 - c and q cancel
    gradient = (weight * (x - chance)).sum(axis=1)
    third = (weight * first * a * (1 - 2 * p)).sum(axis=1)
    return gradient, (weight * first).sum(axis=1), third


def _exponents(slopes: Floats, steps: Floats, theta: Floats) -> Floats:
    exponents: Floats = (slopes * theta)[..., None] * np.arange(steps.shape[-1]) + steps
    return exponents


def _log_sum(exponents: Floats) -> Floats:
    """Log of the sum of exponentials over the last axis; score 0 keeps it finite."""
    highest = exponents.max(axis=-1)
    total: Floats = highest + np.log(np.exp(exponents - highest[..., None]).sum(axis=-1))
    return total


def _central(chances: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean and cumulants 2 to 4 of a score k, from chances (..., M + 1)."""
    k = np.arange(chances.shape[-1])
    mean = chances @ k
    off = k - mean[..., None]
    second, third, fourth = ((chances * off**r).sum(axis=-1) for r in (2, 3, 4))
    return mean, second, third, fourth - 3 * second**2


def _logistic(z: Floats) -> Floats:
    """1 / (1 + exp(-z)), in the place of z; where exp overflows that is 0, as it should be."""
    np.negative(z, out=z)
    with np.errstate(over="ignore"):
        np.exp(z, out=z)
    z += 1
    return np.divide(1, z, out=z)
