# SPDX-License-Identifier: AGPL-3.0-or-later
"""Classical item analysis: facility, discrimination, and how well the items hang together.

Knows scores by row; never who a row is. Pure. Items may be missing by design: a pupil's total
is then the share of points of the items that she was given.
"""

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from encrier.records import Record
from encrier_results.irt.responses import Responses
from encrier_results.items.reliability import covariances, cronbach, omega

Floats = npt.NDArray[np.float64]


class ItemStatistics(Record, frozen=True):
    """One item; None where the responses cannot tell."""

    item: str
    n: int  # rows that were given it
    weight: float  # pupils that they stand for
    most: int  # the highest score seen
    mean: float | None  # points
    facility: float | None  # mean / most
    sd: float | None
    item_total: float | None  # correlation with the share of points, the item within
    item_rest: float | None  # and without
    alpha_without: float | None  # alpha of the other items


class Analysis(Record, frozen=True):
    """All items of some pupils."""

    group: str
    n: int  # rows
    weight: float  # pupils that they stand for
    mean_total: float | None  # share of points of what each was given
    alpha: float | None
    omega: float | None
    items: list[ItemStatistics]


def analyse(responses: Responses, *, group: str = "all") -> Analysis:
    """Give the statistics of each item and of the whole; weights count.

    Facility and correlations as in Lord and Novick (1968), *Statistical Theories of Mental Test
    Scores*, chapter 15; the item-rest correlation is Henrysson's (1963), *Psychometrika* 28,
    211-218.
    """
    most = responses.scores.max(axis=0, initial=0).astype(np.int64)
    total, possible = points(responses, most)
    between = covariances(responses)
    n_items = len(responses.items)
    made = [
        _item(responses, column, most=int(most[column]), sums=(total, possible))
        for column in range(n_items)
    ]
    without = [cronbach(np.delete(np.delete(between, i, 0), i, 1)) for i in range(n_items)]
    some = possible > 0
    return Analysis(
        group=group,
        n=len(responses.scores),
        weight=float(responses.weights.sum()),
        mean_total=_mean(total[some] / possible[some], responses.weights[some]),
        alpha=cronbach(between),
        omega=omega(between),
        items=[replace(one, alpha_without=alpha) for one, alpha in zip(made, without, strict=True)],
    )


def points(responses: Responses, most: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Give each pupil's points and those she could have had, of what she was given."""
    total, possible = np.zeros((2, len(responses.scores)))
    for column, top in enumerate(most):
        scores = responses.scores[:, column]
        total += np.maximum(scores, 0)
        possible += (scores >= 0) * float(top)
    return total, possible


def rest(
    responses: Responses, column: int, *, most: int, sums: tuple[Floats, Floats]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Give who was given an item and others, and the share of points they had of the others."""
    scores = responses.scores[:, column]
    total, possible = sums
    here = (scores >= 0) & (possible > most)
    return here, (total[here] - scores[here]) / (possible[here] - most)


def correlation(first: Floats, second: Floats, weights: Floats) -> float | None:
    """Give the weighted correlation, or None where one of the two does not vary."""
    if len(first) < 2 or not weights.sum():  # noqa: PLR2004 one point has no slope
        return None
    share = weights / weights.sum()
    a, b = first - (share * first).sum(), second - (share * second).sum()
    spread = float(np.sqrt((share * a * a).sum() * (share * b * b).sum()))
    # 1e-12: what is left of a constant by rounding is no variation.
    return float((share * a * b).sum()) / spread if spread > 1e-12 else None  # noqa: PLR2004


def _mean(values: Floats, weights: Floats) -> float | None:
    return float((weights * values).sum() / weights.sum()) if weights.sum() else None


def _item(
    responses: Responses, column: int, *, most: int, sums: tuple[Floats, Floats]
) -> ItemStatistics:
    here = responses.scores[:, column] >= 0
    scores = responses.scores[:, column].astype(float)
    weights = responses.weights
    mean = _mean(scores[here], weights[here])
    square = _mean(scores[here] ** 2, weights[here])
    total, possible = sums
    counted = here & (possible > 0)
    others, share = rest(responses, column, most=most, sums=sums)
    return ItemStatistics(
        item=responses.items[column],
        n=int(here.sum()),
        weight=float(weights[here].sum()),
        most=most,
        mean=mean,
        facility=None if mean is None or not most else mean / most,
        sd=None if mean is None or square is None else max(square - mean * mean, 0.0) ** 0.5,
        item_total=correlation(
            scores[counted], total[counted] / possible[counted], weights[counted]
        ),
        item_rest=correlation(scores[others], share, weights[others]),
        alpha_without=None,
    )
