# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a link can be trusted: anchors that moved, and what other anchors would have said.

Exercises used two years running leak, get taught, or age; such an anchor moves every pupil. This
module names it and says what the link would be without it; it drops nothing: people decide.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from encrier_results.irt.items import Floats, difficulties
from encrier_results.linking.methods import Method, Quadrature, link
from encrier_results.linking.transformation import Anchors, CannotLink, Transformation

FLAGGED: Final = 1.645  # |z| that one stable anchor in ten passes, as a normal deviate does
_TO_SD: Final = 0.74  # an interquartile range times this is a normal standard deviation
_SMALLEST_SPREAD: Final = 1e-6  # logits: when nothing moved, rounding errors are not drift
JUDGED_AT: Final = (-1.0, 0.0, 1.0)  # abilities of the new scale whose place is told with its error


@dataclass(frozen=True)
class Drift:
    """One anchor: how it moved, and the link without it.

    `moved`: old difficulty less the new one after the link, in logits of the old scale, above 0
    where the item was harder then; `slope_ratio`: new slope after the link over the old one.
    """

    item: str
    moved: float
    slope_ratio: float
    z_difficulty: float
    z_slope: float
    flagged: bool
    without: Transformation | None  # None where the others do not link


@dataclass(frozen=True)
class LinkingError:
    """What the choice of anchors leaves open, in logits of the old scale.

    `pisa` is the error of a mean; `slope` and `shift` are jackknife errors of A and B, and
    `judged` those of A theta + B at the abilities JUDGED_AT of the new scale.
    """

    pisa: float
    slope: float
    shift: float
    judged: tuple[float, ...]


def drifts(
    common: Anchors, found: Transformation, method: Method, *, at: Quadrature | None = None
) -> tuple[Drift, ...]:
    """Judge each anchor, in their order.

    Robust z = (D - median) / (0.74 IQR), of log slopes and of difficulties: Huynh and Meyer
    (2010), *Practical Assessment, Research and Evaluation* 15(2). The difficulty of an item of
    several steps is their mean.
    """
    moved = _moved(common, found)
    ratios = found.items(common.new).slopes / common.old.slopes
    by_difficulty, by_slope = robust_z(moved), robust_z(np.log(ratios))
    return tuple(
        Drift(
            item=item,
            moved=float(moved[rank]),
            slope_ratio=float(ratios[rank]),
            z_difficulty=float(by_difficulty[rank]),
            z_slope=float(by_slope[rank]),
            flagged=bool(max(abs(by_difficulty[rank]), abs(by_slope[rank])) > FLAGGED),
            without=_without(common, rank, method, at),
        )
        for rank, item in enumerate(common.new.items)
    )


def robust_z(differences: Floats) -> Floats:
    """Give (D - median) / (0.74 IQR) of differences (L,); 0 where none differs."""
    low, middle, high = np.quantile(differences, [0.25, 0.5, 0.75])
    z: Floats = (differences - middle) / max(_TO_SD * (high - low), _SMALLEST_SPREAD)
    return z


def linking_error(
    common: Anchors, found: Transformation, judged: tuple[Drift, ...]
) -> LinkingError | None:
    """Give the errors; None below three anchors, or where some anchors do not link alone.

    pisa: root of the variance of `moved` over L (*PISA 2012 Technical Report*, chapter 9).
    Jackknife: root of (L - 1) / L sum of squares around the mean of the links without one anchor
    (Monseur and Berezner 2007, *Journal of Applied Measurement* 8).
    """
    links = [drift.without for drift in judged if drift.without is not None]
    n = len(common)
    if n < 3 or len(links) < n:  # noqa: PLR2004  the others must be two
        return None
    slopes = np.array([one.slope for one in links])
    shifts = np.array([one.shift for one in links])
    return LinkingError(
        pisa=float(_moved(common, found).std(ddof=1) / np.sqrt(n)),
        slope=_jackknife(slopes),
        shift=_jackknife(shifts),
        judged=tuple(_jackknife(slopes * theta + shifts) for theta in JUDGED_AT),
    )


def _moved(common: Anchors, found: Transformation) -> Floats:
    new, old = difficulties(found.items(common.new)), difficulties(common.old)
    gap: Floats = np.nanmean(old - new, axis=1)
    return gap


def _without(
    common: Anchors, rank: int, method: Method, at: Quadrature | None
) -> Transformation | None:
    try:
        return link(common.without(rank), method, at=at) if len(common) > 2 else None  # noqa: PLR2004
    except CannotLink:
        return None


def _jackknife(values: Floats) -> float:
    n = len(values)
    return float(np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum()))
