# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQUAREM: two steps of EM, then a leap along the way they went, kept if the likelihood allows.

Varadhan and Roland (2008), *Scandinavian Journal of Statistics* 35, scheme S3. Knows nothing of
what it maximises.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from encrier_results.irt.responses import Floats

Step = Callable[[Floats], tuple[Floats, float]]
_ROUNDING: Final = 1e-9  # of a log-likelihood, relative: what sums of millions lose
_LEAST: Final = 1e-300  # what divides, where the way is straight
_FARTHEST: Final = 5.0  # logits: a longer leap lands where nothing slopes


class Climb(NamedTuple):
    """Where a climb ended; `moved` is the greatest change in its last step of EM."""

    top: Floats
    n_steps: int
    moved: float
    converged: bool


def climb(
    start: Floats,
    step: Step,
    *,
    allowed: Callable[[Floats], bool],
    tolerance: float,
    most_steps: int,
) -> Climb:
    """Repeat a step of EM until it moves no number by more than `tolerance`.

    `step` gives the next vector and the log-likelihood of the one it was given. A leap to a
    vector that is not `allowed`, or that lowers the log-likelihood, is taken back.
    """
    here, n_steps, moved = start, 0, math.inf
    while n_steps < most_steps:
        first, _ = step(here)
        n_steps, moved = n_steps + 1, _change(here, first)
        if moved < tolerance:
            return Climb(first, n_steps, moved, converged=True)
        second, reached = step(first)
        n_steps, moved = n_steps + 1, _change(first, second)
        if moved < tolerance:
            return Climb(second, n_steps, moved, converged=True)
        leapt = _leap(here, first, second)
        here = second
        if _change(second, leapt) < _FARTHEST and allowed(leapt):
            landed, found = step(leapt)
            n_steps += 1
            if found >= reached - _ROUNDING * abs(reached) and allowed(landed):
                here = landed
    return Climb(here, n_steps, moved, converged=False)


def _leap(here: Floats, first: Floats, second: Floats) -> Floats:
    went = first - here
    bent = second - first - went
    length = max(1.0, math.sqrt(float(went @ went) / max(float(bent @ bent), _LEAST)))
    return here + 2 * length * went + length**2 * bent


def _change(before: Floats, after: Floats) -> float:
    return float(np.abs(after - before).max(initial=0))
