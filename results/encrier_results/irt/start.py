# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a calibration starts: what is free, first values, and what is refused at the door.

A refusal names the item or the group, which are labels of the file's first line or of a column
that the caller named. Half a pupil is added to a score that nobody has: see `maximisation`.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from encrier.errors import EncrierError
from encrier_results.irt.items import ItemParameters, Model
from encrier_results.irt.maximisation import Counted
from encrier_results.irt.model import GUESS_MEAN, Free, Point
from encrier_results.irt.responses import Floats, Responses
from encrier_results.irt.sample import Sample

_ONE_SLOPE: Final = ("rasch", "pcm")
_TWO_SCORES: Final = ("rasch", "2pl", "3pl")
_HALF_A_PUPIL: Final = 0.5


class NotCalibrated(EncrierError):
    what = "These responses cannot be calibrated."
    next_step = "Leave the item out, or look at its scoring."


class Start(NamedTuple):
    """First values, which of them are free, and the model of each item."""

    point: Point
    free: Free
    models: tuple[Model, ...]


def start_of(
    responses: Responses, sample: Sample, model: Model, *, fixed: ItemParameters | None
) -> Start:
    """Give the start of a calibration, or raise NotCalibrated with the reason."""
    at = _positions(responses, fixed)
    _refuse_weights(responses, sample)
    for rank, item in enumerate(responses.items):
        _refuse_item(item, sample.counts[rank], model=model, is_fixed=rank in at)
    m_fixed = 0 if fixed is None else fixed.intercepts.shape[1]
    counts = _padded(sample.counts, max(m_fixed, sample.counts.shape[1] - 1))
    point = _first_values(counts, model, sample.n_groups)
    own = np.isfinite(point.intercepts)
    models, is_free = [model] * len(counts), np.ones(len(counts), bool)
    if fixed is not None:
        for here, there in at.items():
            _put_fixed(point, here, fixed, there)
            models[here], is_free[here] = fixed.models[there], False
    later = np.arange(sample.n_groups) > 0
    free = Free(
        slopes=is_free & (model not in _ONE_SLOPE),
        intercepts=own & is_free[:, None],
        guesses=is_free & (model == "3pl"),
        means=later | bool(at),
        variances=later | bool(at) | (model in _ONE_SLOPE),
    )
    return Start(point, free, tuple(models))


def counted_in(sample: Sample, free: Free) -> Counted:
    """Counts, and half a pupil for each score up to an item's most that nobody has."""
    counts = _padded(sample.counts, free.intercepts.shape[1])
    possible = np.column_stack([free.intercepts[:, 0], free.intercepts])
    return Counted(counts, np.where(possible & (counts == 0), _HALF_A_PUPIL, 0.0))


def _padded(counts: Floats, m: int) -> Floats:
    return np.pad(counts, ((0, 0), (0, m + 1 - counts.shape[1])))


def _positions(responses: Responses, fixed: ItemParameters | None) -> Mapping[int, int]:
    """Rank of each fixed item among those of the responses -> its rank in `fixed`."""
    if fixed is None:
        return {}
    rank_of = {item: rank for rank, item in enumerate(responses.items)}
    at = {rank_of[item]: rank for rank, item in enumerate(fixed.items) if item in rank_of}
    if not at:
        raise NotCalibrated("No fixed item is among those of the responses.", "Compare names.")
    return at


def _refuse_weights(responses: Responses, sample: Sample) -> None:
    of_groups = np.bincount(sample.group_of, sample.weights, minlength=sample.n_groups)
    for label, weight in zip(responses.groups, of_groups, strict=True):
        if weight <= 0:
            raise NotCalibrated(f"All weights are 0 in group {label}.", "Look at their column.")


def _refuse_item(item: str, counts: Floats, *, model: Model, is_fixed: bool) -> None:
    seen = np.flatnonzero(counts > 0)
    if len(seen) == 0:
        raise NotCalibrated(f"Item {item} was given to nobody.")
    if is_fixed:
        return
    if len(seen) == 1:
        raise NotCalibrated(f"All pupils have {seen[0]} on item {item}: it tells nothing.")
    if seen[-1] > 1 and model in _TWO_SCORES:
        raise NotCalibrated(
            f"Item {item} has scores up to {seen[-1]}; the model {model} knows 0 and 1.",
            "Ask for --model pcm or gpcm.",
        )


def _first_values(counts: Floats, model: Model, n_groups: int) -> Point:
    """Slopes of 1, and intercepts as if all pupils stood at 0: NaN beyond an item's most."""
    n_items, m = counts.shape[0], counts.shape[1] - 1
    most = np.array([np.flatnonzero(row > 0)[-1] for row in counts])
    smooth = counts + _HALF_A_PUPIL
    ratios = np.log(smooth[:, 1:] / smooth[:, :-1])
    guess = 1 / (1 + np.exp(-GUESS_MEAN)) if model == "3pl" else 0.0
    return Point(
        slopes=np.ones(n_items),
        intercepts=np.where(np.arange(1, m + 1) <= most[:, None], ratios, np.nan),
        guesses=np.full(n_items, guess),
        means=np.zeros(n_groups),
        variances=np.ones(n_groups),
    )


def _put_fixed(point: Point, here: int, fixed: ItemParameters, there: int) -> None:
    steps = fixed.intercepts[there][: fixed.n_steps[there]]
    if np.isfinite(point.intercepts[here]).sum() > len(steps):
        raise NotCalibrated(f"Item {fixed.items[there]} has more points than it is fixed for.")
    point.slopes[here], point.guesses[here] = fixed.slopes[there], fixed.guessing[there]
    point.intercepts[here] = np.nan
    point.intercepts[here, : len(steps)] = steps
