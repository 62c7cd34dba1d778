# SPDX-License-Identifier: AGPL-3.0-or-later
"""What looks odd in a calibration, in sentences. Nothing here changes a number."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from encrier_results.irt.items import ItemParameters, difficulties
from encrier_results.irt.maximisation import Counted
from encrier_results.irt.model import Grid, Point

FAR: Final = 6.0  # logits: beyond, few pupils of any nation stand
FLAT: Final = 0.2  # slope per logit: the item says little of theta
STEEP: Final = 5.0
_EDGE_SD: Final = 3.5


def of(params: ItemParameters, point: Point, grid: Grid, *, counted: Counted) -> tuple[str, ...]:
    """Give the warnings of a calibration, item by item, then of groups."""
    return (*_of_items(params, counted), *_of_groups(point, grid))


def not_converged(n_steps: int, moved: float) -> str:
    """Say that the climb was stopped before its end."""
    return f"Not converged: after {n_steps} steps a parameter still moves by {moved:.1g}."


def _of_items(params: ItemParameters, counted: Counted) -> Iterator[str]:
    for rank, (item, places) in enumerate(zip(params.items, difficulties(params), strict=True)):
        slope = params.slopes[rank]
        if slope < 0:
            yield f"Item {item}: slope {slope:.3f}, below 0; is its key right?"
        elif slope < FLAT:
            yield f"Item {item}: slope {slope:.3f}, near 0; it says little of theta."
        elif slope > STEEP:
            yield f"Item {item}: slope {slope:.3f}; few pupils stand where it could be measured."
        for step in np.flatnonzero(np.abs(places) > FAR):
            where = f"difficulty of step {step + 1}" if params.n_steps[rank] > 1 else "difficulty"
            yield f"Item {item}: {where} {places[step]:.2f}, beyond {FAR:g} logits; not bounded."
        for score in np.flatnonzero(counted.added[rank] > 0):
            yield f"Item {item}: nobody has {score}; half a pupil was added to that score."


def _of_groups(point: Point, grid: Grid) -> Iterator[str]:
    reach = float(grid.theta[-1])
    for mean, variance in zip(point.means, point.variances, strict=True):
        if abs(mean) + _EDGE_SD * np.sqrt(variance) > reach:
            yield (
                f"A group of mean {mean:.2f} and variance {variance:.2f} goes beyond the grid,"
                f" which ends at {reach:g}: ask for --reach and --nodes."
            )
            return
        if np.sqrt(variance) < grid.theta[1] - grid.theta[0]:
            yield f"A group's variance, {variance:.3f}, is too small for the grid: more --nodes."
