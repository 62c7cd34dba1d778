# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is estimated: the point where a calibration stands, and which of its numbers are free.

A point is the parameters of items and the mean and variance of each group on a grid of theta.
A vector holds its free numbers in one order: slopes, intercepts, logits of guesses, means,
variances. Knows no pupil.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from encrier_results.irt.items import sums
from encrier_results.irt.responses import Floats

Flags = NDArray[np.bool_]
GUESS_MEAN: Final = -1.1  # logit of a chance of 1 in 4, as with four choices
GUESS_SD: Final = 0.5
LOG_SLOPE_MEAN: Final = 0.53  # of items with a guess: log of 1.7, a slope of 1 on the normal scale
NO_SPREAD: Final = 1e-6  # a group whose variance falls to 0 stands on one node, and is warned of
LOG_SLOPE_SD: Final = 0.5  # Mislevy (1986), *Psychometrika* 51: else a slope may have no top


@dataclass(frozen=True, eq=False)
class Point:
    """slopes, guesses (n_items,); intercepts (n_items, m_max); means, variances (n_groups,)."""

    slopes: Floats
    intercepts: Floats
    guesses: Floats
    means: Floats
    variances: Floats

    def fields(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """The five arrays in the order of vectors."""
        return self.slopes, self.intercepts, self.guesses, self.means, self.variances


@dataclass(frozen=True, eq=False)
class Free:
    """Which numbers of a point are estimated: flags of the same shapes."""

    slopes: Flags
    intercepts: Flags
    guesses: Flags
    means: Flags
    variances: Flags

    def vector(self, point: Point) -> Floats:
        """Put the free numbers of a point in one vector, guesses as logits."""
        with np.errstate(divide="ignore"):  # an item without a guess is never free
            logits = np.log(point.guesses / (1 - point.guesses))
        return self.pack(replace(point, guesses=logits))

    def pack(self, like: Point) -> Floats:
        """Put the free entries of what has the shapes of a point in one vector."""
        pairs = zip(like.fields(), self.fields(), strict=True)
        return np.concatenate([field[flags] for field, flags in pairs])

    def point(self, vector: Floats, *, beside: Point) -> Point:
        """Unpack a vector, guesses from logits; what is not free is that of `beside`."""
        made = self.unpack(vector, beside=beside)
        made.guesses[self.guesses] = 1 / (1 + np.exp(-made.guesses[self.guesses]))
        return made

    def unpack(self, vector: Floats, *, beside: Point) -> Point:
        """Put a vector's numbers where they belong, as they are."""
        fields = [np.array(field) for field in beside.fields()]
        start = 0
        for field, flags in zip(fields, self.fields(), strict=True):
            end = start + int(flags.sum())
            field[flags] = vector[start:end]
            start = end
        return Point(*fields)

    def fields(self) -> tuple[Flags, Flags, Flags, Flags, Flags]:
        """The five arrays in the order of vectors."""
        return self.slopes, self.intercepts, self.guesses, self.means, self.variances


@dataclass(frozen=True, eq=False)
class Grid:
    """Equally spaced values of theta: (n_nodes,)."""

    theta: Floats

    def log_weights(self, point: Point) -> Floats:
        """Log of each group's normal density on the grid, summing to one: (n_groups, n_nodes)."""
        away = (self.theta - point.means[:, None]) ** 2 / (2 * point.variances[:, None])
        away -= away.min(axis=1, keepdims=True)  # of the nearest node
        found: Floats = -away - np.log(np.exp(-away).sum(axis=1, keepdims=True))
        return found


def steps(point: Point, theta: Floats) -> tuple[Floats, Floats]:
    """Chances of scores without guess and log of their norm.

    -> (n_items, n_nodes, m_max + 1), (n_items, n_nodes). Muraki (1992), eq. 4.
    """
    points = np.arange(point.intercepts.shape[1] + 1)
    exponents = point.slopes[:, None, None] * theta[:, None] * points
    exponents = exponents + sums(point.intercepts)[:, None, :]
    most = exponents.max(axis=2, keepdims=True)
    chances = np.exp(exponents - most)
    norm = chances.sum(axis=2, keepdims=True)
    return chances / norm, (most + np.log(norm))[:, :, 0]


def or_more(by_score: Floats) -> Floats:
    """Sum what is given for scores 0 … m, the last axis, over h or more, h = 1 … m."""
    found: Floats = np.cumsum(by_score[..., ::-1], axis=-1)[..., -2::-1]
    return found
