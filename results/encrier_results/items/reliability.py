# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well items hang together: Cronbach's alpha, McDonald's omega of one factor.

Knows covariances between items; no pupil. Pure. Where items are missing by design each
covariance is of the pupils who were given both; where two items were never given together,
there is no alpha of the whole.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from encrier_results.irt.responses import Responses

Floats = npt.NDArray[np.float64]

_ROWS: Final = 50_000  # at once: 24 MB for 60 items
_ROUNDS: Final = 2_000
_STILL: Final = 1e-10  # of a loading, between two rounds


def covariances(responses: Responses) -> Floats:
    """Give the covariance of each two items (n_items, n_items), NaN where nobody had both.

    Weighted; divided by the sum of weights less one, as a sample's.
    """
    n_items = len(responses.items)
    n, sums, products = np.zeros((3, n_items, n_items))
    for start in range(0, len(responses.scores), _ROWS):
        scores = responses.scores[start : start + _ROWS].astype(float)
        given = (scores >= 0).astype(float)
        scores = np.maximum(scores, 0.0)
        weighted = scores * responses.weights[start : start + _ROWS, None]
        n += (given * responses.weights[start : start + _ROWS, None]).T @ given
        sums += weighted.T @ given
        products += weighted.T @ scores
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (products - sums * sums.T / n) / (n - 1.0)
    return np.where(n > 1.0, found, np.nan)


def cronbach(between: Floats) -> float | None:
    """Give alpha from the covariances of items; None where they do not tell it.

    Cronbach (1951), *Psychometrika* 16, 297-334.
    """
    k, whole = len(between), float(between.sum())
    if k < 2 or not whole > 0:  # noqa: PLR2004 NaN is not above 0 either
        return None
    return k / (k - 1) * (1.0 - float(np.trace(between)) / whole)


def omega(between: Floats) -> float | None:
    """Give omega: the share of the sum's variance that one common factor explains.

    From the loadings that leave the smallest squares off the diagonal of the correlations
    (minres, Harman and Jones, 1966, *Psychometrika* 31, 351-368), brought back to points.
    Items that do not vary are left out. None for fewer than three, or without a factor.

    McDonald (1999), *Test Theory*, equation 6.20.
    """
    variances = np.diag(between)
    kept = variances > 0
    if kept.sum() < 3 or np.isnan(between).any():  # noqa: PLR2004 two items fit any loadings
        return None
    sd = np.sqrt(variances[kept])
    loadings = one_factor(between[np.ix_(kept, kept)] / np.outer(sd, sd))
    common = float((sd * loadings).sum()) ** 2
    unique = float((sd**2 * np.maximum(1.0 - loadings**2, 0.0)).sum())
    return common / (common + unique) if common > 0 else None


def one_factor(correlations: Floats) -> Floats:
    """Give the minres loadings of one factor (n_items,), one item after the other in turn.

    A loading stays within 1: beyond, an item would have a negative variance of its own.
    """
    off = correlations - np.diag(np.diag(correlations))
    loadings: Floats = np.sqrt(np.clip(np.abs(off).max(axis=1), 0.01, 1.0))
    loadings *= np.where(off.sum(axis=1) < 0, -1.0, 1.0)
    for _ in range(_ROUNDS):
        before = loadings.copy()
        for i in range(len(loadings)):
            others = float(loadings @ loadings) - loadings[i] ** 2
            if others > 0:
                loadings[i] = np.clip(float(off[i] @ loadings) / others, -1.0, 1.0)
        if np.abs(loadings - before).max() < _STILL:
            break
    return loadings
