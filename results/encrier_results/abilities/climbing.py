# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the top of many hills at once is reached: Newton's method that cannot overshoot.

Each hill has an interval around its top; a step that leaves it, or that does not shrink, is
replaced by its middle (Press et al., *Numerical Recipes*, section 9.4). Knows no item and no pupil.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from encrier_results.abilities.arrays import Floats, Places

OPEN: Final = 1e9  # logits: an end that nothing is known of
_LONGEST_STEP: Final = 1.0  # logits
_MOST_STEPS: Final = 300


class Slope(NamedTuple):
    """Of hills at a place each: slope, bend (above 0: concave), information above 0; (n,) each."""

    first: Floats
    bend: Floats
    information: Floats


class Around(NamedTuple):
    """Where tops are looked for: a first guess and the ends, `OPEN` to either side or not; (n,)."""

    guess: Floats
    low: Floats
    high: Floats


def highest(height: Floats, theta: Floats) -> Around:
    """Look around the highest node of each row (n, Q): its neighbours, or beyond the last.

    The guess is the top of the parabola through the three.
    """
    top = height.argmax(axis=1)
    inner = np.clip(top, 1, len(theta) - 2)
    row = np.arange(len(height))
    before, there, after = height[row, inner - 1], height[row, inner], height[row, inner + 1]
    bend = 2 * there - before - after
    aside = np.divide(after - before, 2 * bend, out=np.zeros_like(bend), where=bend > 0)
    step = theta[1] - theta[0]
    return Around(
        theta[inner] + step * np.clip(aside, -1, 1),
        np.where(top > 0, theta[np.maximum(top - 1, 0)], -OPEN),
        np.where(top < len(theta) - 1, theta[np.minimum(top + 1, len(theta) - 1)], OPEN),
    )


def climb(
    slope_at: Callable[[Places, Floats], Slope], around: Around, *, close: float
) -> tuple[Floats, Floats]:
    """Give the tops (n,) and the bend there, to a last step of `close`; NaN where there is none.

    `slope_at` is asked only for who still moves: their places, and where they are.
    """
    theta, low, high = (end.copy() for end in around)
    bend, last = np.full(len(theta), np.nan), np.full(len(theta), np.inf)
    moving = np.arange(len(theta))
    for _ in range(_MOST_STEPS):
        if not len(moving):
            return theta, bend
        here = theta[moving]
        slope = slope_at(moving, here)
        low[moving] = np.where(slope.first > 0, here, low[moving])
        high[moving] = np.where(slope.first > 0, high[moving], here)
        step = _step(slope, here, Around(last[moving], low[moving], high[moving]))
        theta[moving] = here + step
        # A bend that is none tells no error: the information does.
        bend[moving] = np.where(slope.bend > 0, slope.bend, slope.information)
        last[moving] = np.abs(step)
        moving = moving[(np.abs(step) > close) & (high[moving] - low[moving] > close)]
    theta[moving] = np.nan
    return theta, bend


def _step(slope: Slope, here: Floats, known: Around) -> Floats:
    """Newton's step, or half the interval; `known.guess` is how long the last step was."""
    concave = slope.bend > slope.information / 4
    step = slope.first / np.where(concave, slope.bend, slope.information)
    np.clip(step, -_LONGEST_STEP, _LONGEST_STEP, out=step)
    astray = (here + step < known.low) | (here + step > known.high)
    astray |= np.abs(step) > known.guess / 2
    closed = (known.low > -OPEN) & (known.high < OPEN)
    halved: Floats = np.where(astray & closed, (known.low + known.high) / 2 - here, step)
    return halved
