# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four ways to find A and B from anchors: by their moments, or by their curves.

mean-mean (Loyd and Hoover 1980), mean-sigma (Marco 1977), Haebara (1980) and Stocking and Lord
(1983), as in Kolen and Brennan (2014), equations 6-8 to 6-17. The criteria of curves are sums over
nodes of the old scale, whose weights are an argument: A and B depend on them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from encrier_results.irt.items import Floats, difficulties, probabilities
from encrier_results.linking.transformation import Anchors, CannotLink, Transformation

Method = Literal["mean-mean", "mean-sigma", "haebara", "stocking-lord"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
_MOST_STEPS: Final = 200
_CLOSE: Final = 1e-11  # of A and of B: far below the sixth decimal that is promised
_HARDEST: Final = 1e12  # damping past which no step lowers the criterion: this is the minimum

_Compared = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Quadrature:
    """Abilities of the old scale (Q,) and what each counts, summing to 1."""

    theta: Floats
    weights: Floats


def uniform(n_nodes: int = 41, lowest: float = -4.0, highest: float = 4.0) -> Quadrature:
    """Give equal weights on equally spaced abilities."""
    return Quadrature(np.linspace(lowest, highest, n_nodes), np.full(n_nodes, 1 / n_nodes))


def normal(n_nodes: int = 41, lowest: float = -4.0, highest: float = 4.0) -> Quadrature:
    """Give the weights of a standard normal population on equally spaced abilities."""
    theta = np.linspace(lowest, highest, n_nodes)
    density = np.exp(-(theta**2) / 2)
    return Quadrature(theta, density / density.sum())


def link(common: Anchors, method: Method, *, at: Quadrature | None = None) -> Transformation:
    """Find what takes the scale of `common.new` to that of `common.old`.

    `at` is for haebara and stocking-lord: uniform on 41 nodes from -4 to 4 where none is given.
    Raises CannotLink where the anchors do not say: all of one difficulty, or no minimum.
    """
    if method == "mean-mean":
        return _mean_mean(common)
    if method == "mean-sigma":
        return _mean_sigma(common)
    compared = _of_items if method == "haebara" else _of_the_test
    return _curves(common, at or uniform(), begin=_mean_mean(common), compared=compared)


def _pooled(common: Anchors) -> tuple[Floats, Floats]:
    """Difficulties of all steps of all anchors, new and old: (n_steps,) each."""
    new, old = difficulties(common.new), difficulties(common.old)
    there = np.isfinite(new)
    return new[there], old[there]


def _mean_mean(common: Anchors) -> Transformation:
    new, old = _pooled(common)
    slope = float(common.new.slopes.mean() / common.old.slopes.mean())
    return Transformation(slope, float(old.mean() - slope * new.mean()))


def _mean_sigma(common: Anchors) -> Transformation:
    new, old = _pooled(common)
    if not new.std() > 0 or not old.std() > 0:
        raise CannotLink(
            "The anchors all have one difficulty, which has no spread.", "Take mean-mean."
        )
    slope = float(old.std() / new.std())
    return Transformation(slope, float(old.mean() - slope * new.mean()))


def _curves(
    common: Anchors, at: Quadrature, *, begin: Transformation, compared: _Compared
) -> Transformation:
    """Lower the criterion by Levenberg and Marquardt's steps from `begin`."""
    target = compared(probabilities(common.old, at.theta))
    weights = np.sqrt(at.weights)[:, None]

    def residuals(tried: Transformation) -> tuple[Floats, Floats]:
        """Weighted differences (R,) and their derivatives by A and B (R, 2)."""
        curve, rise = map(compared, _moved(common, at.theta, tried))
        along = ((at.theta - tried.shift) / tried.slope)[:, None]
        by = np.stack([rise * along / tried.slope, rise / tried.slope], axis=-1)
        return (weights * (target - curve)).ravel(), (weights[..., None] * by).reshape(-1, 2)

    now, damping = begin, 1e-3
    gap, by = residuals(now)
    for _ in range(_MOST_STEPS):
        bend = by.T @ by
        step = -np.linalg.solve(bend + damping * np.diag(np.diag(bend)), by.T @ gap)
        tried = Transformation(now.slope + float(step[0]), now.shift + float(step[1]))
        new_gap, new_by = residuals(tried) if tried.slope > 0 else (gap, by)
        if tried.slope > 0 and new_gap @ new_gap <= gap @ gap:
            now, gap, by, damping = tried, new_gap, new_by, damping / 10
            if np.abs(step).max() < _CLOSE:
                return now
        elif damping > _HARDEST:
            return now
        else:
            damping *= 10
    raise CannotLink("The curves of the anchors have no closest place.", "Take mean-sigma.")


def _moved(common: Anchors, theta: Floats, tried: Transformation) -> tuple[Floats, Floats]:
    """Chances of the new anchors at abilities of the old scale, and their slopes by theta."""
    here = (theta - tried.shift) / tried.slope
    chances = probabilities(common.new, here)
    free = _without_guess(chances, common.new.guessing)
    k = np.arange(chances.shape[2])
    mean = (free * k).sum(axis=2, keepdims=True)
    rise = common.new.slopes[:, None] * free * (k - mean) * (1 - common.new.guessing)[:, None]
    return chances, rise


def _without_guess(chances: Floats, guessing: Floats) -> Floats:
    """The chances that a logistic gives before any guess: c comes off score 1, (1 - c) off all."""
    free = chances / (1 - guessing)[:, None]
    free[:, :, 1] -= guessing / (1 - guessing)
    return free


def _of_the_test(chances: Floats) -> Floats:
    """Expected score of the test, what Stocking and Lord compare: (Q, J, M + 1) -> (Q, 1)."""
    total: Floats = (chances @ np.arange(chances.shape[2])).sum(axis=1, keepdims=True)
    return total


def _of_items(chances: Floats) -> Floats:
    """Chance of each score of each item, what Haebara compares: (Q, J, M + 1) -> (Q, J M).

    Score 0 is left out, so that an item of two scores counts once, as he has it.
    """
    return chances[:, :, 1:].reshape(len(chances), -1)
