# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far two keyings of the same answers agree: kappa, and Krippendorff's alpha.

Knows ratings by unit (an answer that was rated) and by rater; never a pupil, a name or who
rated. Pure but for the bootstrap, whose seed is an argument: same seed, same interval.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from encrier.records import Record
from encrier.sheets import ItemAnswer

Floats = npt.NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]
Weighting = Literal["none", "linear", "quadratic"]

SECOND: Final = "~2"  # after an item's name: its second, blind entry (docs/spec/keying.md)
N_DRAWS: Final = 1_000  # bootstrap samples: the ends of the interval move in the second decimal
_NEVER: Final = float("nan")  # no disagreement was possible: agreement says nothing


class Estimate(Record, frozen=True):
    """A coefficient and its 95 % interval; None where the ratings cannot tell."""

    value: float | None
    low: float | None
    high: float | None


class Agreement(Record, frozen=True):
    """How two keyings of one item agree."""

    item: str
    n: int  # answers keyed twice
    same: int  # of these, keyed the same
    kappa: Estimate
    alpha: Estimate  # Krippendorff's, nominal


def kappa(first: Floats, second: Floats, *, weighting: Weighting = "none") -> float:
    """Give Cohen's kappa of two raters, or his weighted kappa over ordered categories.

    first, second (n_units,): a number per category; a unit with a NaN is left out. Weighted:
    a disagreement counts by the distance of the two ranks among the categories seen, or by its
    square. NaN where both raters used one and the same category only.

    Cohen (1960), *Educational and Psychological Measurement* 20, 37-46; weighted: Cohen (1968),
    *Psychological Bulletin* 70, 213-220.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    n_units = int(both.sum())
    if n_units == 0:
        return _NEVER
    seen, ranks = np.unique(np.concatenate([first[both], second[both]]), return_inverse=True)
    table = np.zeros((len(seen), len(seen)))
    np.add.at(table, (ranks[:n_units], ranks[n_units:]), 1.0 / n_units)
    cost = _cost(len(seen), weighting)
    expected = float((cost * np.outer(table.sum(1), table.sum(0))).sum())
    return 1.0 - float((cost * table).sum()) / expected if expected > 0 else _NEVER


def _cost(n_categories: int, weighting: Weighting) -> Floats:
    gap = np.abs(np.subtract.outer(np.arange(n_categories), np.arange(n_categories))).astype(float)
    if weighting == "none":
        return (gap > 0).astype(float)
    return gap if weighting == "linear" else gap**2


def krippendorff(ratings: Floats, *, level: Level = "nominal") -> float:
    """Give Krippendorff's alpha of any number of raters, with missing ratings.

    ratings (n_raters, n_units): numbers, NaN where a rater did not rate; units with fewer than
    two ratings are left out. NaN where all ratings are the same value.

    Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*; the ordinal distance is
    that of section D there.
    """
    values, counts = _counted(ratings)
    return _alpha(values, counts, np.ones(len(counts)), level=level)


def _counted(ratings: Floats) -> tuple[Floats, Floats]:
    """The values seen, and how often each unit that can be paired got each: (n_units, n_values)."""
    rated = ~np.isnan(ratings)
    values, ranks = np.unique(ratings[rated], return_inverse=True)
    counts = np.zeros((ratings.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(rated)[1], ranks), 1.0)
    return values, counts[counts.sum(1) >= 2]  # noqa: PLR2004 a pair


def _alpha(values: Floats, counts: Floats, times: Floats, *, level: Level) -> float:
    """Alpha of units each taken so many times."""
    share = times / np.maximum(counts.sum(1) - 1.0, 1.0)
    pairs = (counts * share[:, None]).T @ counts - np.diag(share @ counts)
    margin = pairs.sum(1)
    n_ratings = float(margin.sum())
    gap = _gap(values, margin, level)
    expected = float(margin @ gap @ margin)
    if n_ratings <= 1 or expected <= 0:
        return _NEVER
    return 1.0 - (n_ratings - 1.0) * float((pairs * gap).sum()) / expected


def _gap(values: Floats, margin: Floats, level: Level) -> Floats:
    """The squared distance of each two values."""
    if level == "nominal":
        return np.asarray(values[:, None] != values, dtype=float)
    # Ordinal: the ratings between two ranks, and half of those at each end.
    place = values if level == "interval" else np.cumsum(margin) - margin / 2.0
    return np.asarray(np.subtract.outer(place, place) ** 2, dtype=float)


def kappa_estimate(
    first: Floats, second: Floats, *, seed: int, weighting: Weighting = "none"
) -> Estimate:
    """Give kappa with its interval, by drawing units anew."""

    def of(units: npt.NDArray[np.intp]) -> float:
        return kappa(first[units], second[units], weighting=weighting)

    return _estimate(of, len(first), seed=seed)


def krippendorff_estimate(ratings: Floats, *, seed: int, level: Level = "nominal") -> Estimate:
    """Give alpha with its interval, by drawing units anew."""
    values, counts = _counted(ratings)

    def of(units: npt.NDArray[np.intp]) -> float:
        times = np.bincount(units, minlength=len(counts)).astype(float)
        return _alpha(values, counts, times, level=level)

    return _estimate(of, len(counts), seed=seed)


def _estimate(of: Callable[[npt.NDArray[np.intp]], float], n_units: int, *, seed: int) -> Estimate:
    """The percentile interval of Efron and Tibshirani (1993), *Bootstrap*, chapter 13.

    A sample in which no disagreement was possible has no coefficient and is left out.
    """
    value = of(np.arange(n_units)) if n_units else _NEVER
    if np.isnan(value):
        return Estimate(None, None, None)
    chance = np.random.default_rng(seed)
    drawn = np.array([of(chance.integers(n_units, size=n_units)) for _ in range(N_DRAWS)])
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


Pairs = Mapping[str, list[tuple[str, str]]]  # item -> what was keyed first and second


def second_keyings(sheets: Iterable[Mapping[str, ItemAnswer]]) -> Pairs:
    """Give what was keyed first and second of each item that was keyed twice.

    An entry of which nothing is said yet pairs with nothing.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for sheet in sheets:
        for name, second in sheet.items():
            first = sheet.get(name.removesuffix(SECOND))
            if name.endswith(SECOND) and first and first.is_said and second.is_said:
                found[name.removesuffix(SECOND)].append((keyed_as(first), keyed_as(second)))
    return found


def keyed_as(answer: ItemAnswer) -> str:
    """Tell what was keyed in one text, with its mark; no mask minds the order of its values."""
    values = [f"{name}={' '.join(sorted(kept))}" for name, kept in sorted(answer.answer.items())]
    return "; ".join([answer.mark or "", *values])


def agreements(pairs: Pairs, *, seed: int) -> list[Agreement]:
    """Give the agreement of each item that was keyed twice, in the order of their names."""
    return [_agreement(item, pairs[item], seed=seed) for item in sorted(pairs)]


def _agreement(item: str, keyed: list[tuple[str, str]], *, seed: int) -> Agreement:
    _, ranks = np.unique([entry for pair in keyed for entry in pair], return_inverse=True)
    ratings = ranks.reshape(-1, 2).T.astype(float)
    return Agreement(
        item=item,
        n=len(keyed),
        same=sum(first == second for first, second in keyed),
        kappa=kappa_estimate(ratings[0], ratings[1], seed=seed),
        alpha=krippendorff_estimate(ratings, seed=seed),
    )
