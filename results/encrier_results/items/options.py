# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pupils chose: each option by quintile of the whole, and whether the key looks right.

Knows choices by row; never who a row is. Pure. The key is read from the scores: an option is the
key if who chose it has all the points.
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from encrier.records import Record
from encrier_results.irt.responses import Responses
from encrier_results.items.classical import Floats, correlation, points, rest
from encrier_results.items.table import Cells

Remark = Literal["a-distractor-beats-the-key", "key-below-zero", "no-key-seen"]

N_FIFTHS: Final = 5
MOST_OPTIONS: Final = 12  # shown: the others are summed, as the numbers that pupils key
FEWEST: Final = 20  # rows that chose an option, for its correlation to accuse the key
OTHERS: Final = "…"


class Option(Record, frozen=True):
    """One option of an item; the empty option is of who chose none."""

    option: str
    is_key: bool
    n: int
    share: float  # of the pupils given the item
    by_fifth: list[float | None]  # share in each fifth of pupils, weakest first
    rest: float | None  # correlation of choosing it with the share of points on other items


class Options(Record, frozen=True):
    """All options of an item, and what to look at."""

    item: str
    options: list[Option]
    remarks: list[Remark]


def options(responses: Responses, chosen: Cells) -> list[Options]:
    """Give the options of each item of which it is known what was chosen.

    Fifths are of pupils by the share of points on the items that each was given, ties together.
    A key is doubted where an option that scores less goes better with the rest than the key
    does: it is the stronger pupils who choose it.
    """
    most = responses.scores.max(axis=0, initial=0).astype(np.int64)
    sums = points(responses, most)
    fifth = fifths(sums[0] / np.maximum(sums[1], 1.0), responses.weights)
    made = []
    for column, item in enumerate(responses.items):
        if item in chosen:
            others = rest(responses, column, most=int(most[column]), sums=sums)
            made.append(_of_item(responses, column, chosen[item], fifth=fifth, others=others))
    return made


def fifths(shares: Floats, weights: Floats) -> npt.NDArray[np.int64]:
    """Give each pupil her fifth, 0 the weakest; those of one share are in one fifth."""
    values, ranks = np.unique(shares, return_inverse=True)
    mass = np.bincount(ranks, weights=weights, minlength=len(values))
    middle = (np.cumsum(mass) - mass / 2.0) / max(float(mass.sum()), 1e-300)
    return np.minimum((middle * N_FIFTHS).astype(np.int64), N_FIFTHS - 1)[ranks]


def _of_item(
    responses: Responses,
    column: int,
    chosen: npt.NDArray[np.str_],
    *,
    fifth: npt.NDArray[np.int64],
    others: tuple[npt.NDArray[np.bool_], Floats],
) -> Options:
    scores, weights = responses.scores[:, column], responses.weights
    here = scores >= 0
    labels, ranks = _labels(chosen, here)
    keys = {labels[rank] for rank in np.unique(ranks[scores == scores.max(initial=1)])} - {""}
    whole = np.bincount(fifth[here], weights=weights[here], minlength=N_FIFTHS)
    made = []
    for rank, label in enumerate(labels):
        took = here & (ranks == rank)
        parts = np.bincount(fifth[took], weights=weights[took], minlength=N_FIFTHS)
        counted, shares = others
        made.append(
            Option(
                option=label,
                is_key=label in keys,
                n=int(took.sum()),
                share=float(parts.sum() / whole.sum()) if whole.sum() else 0.0,
                by_fifth=[float(a / b) if b else None for a, b in zip(parts, whole, strict=True)],
                rest=correlation(took[counted].astype(float), shares, weights[counted]),
            )
        )
    return Options(item=responses.items[column], options=made, remarks=remarks(made))


def _labels(
    chosen: npt.NDArray[np.str_], here: npt.NDArray[np.bool_]
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The options that are shown, and the rank of each row's; rare ones are put together."""
    names, n = np.unique(chosen[here], return_counts=True)
    if len(names) > MOST_OPTIONS:
        names = np.sort(names[np.argsort(-n, kind="stable")[: MOST_OPTIONS - 1]])
    labels = [str(name) for name in names]
    if (~np.isin(chosen[here], names)).any():
        labels.append(OTHERS)
    places = np.searchsorted(names, chosen).clip(max=max(len(names) - 1, 0))
    known = names[places] == chosen if len(names) else np.zeros(len(chosen), dtype=bool)
    return labels, np.where(known, places, len(names)).astype(np.int64)


def remarks(found: list[Option]) -> list[Remark]:
    """Tell what to look at: doubts on the key come first."""
    key = [one.rest for one in found if one.is_key and one.rest is not None]
    wrong = [one for one in found if not one.is_key and one.option and one.n >= FEWEST]
    told: list[Remark] = []
    if not any(one.is_key for one in found):
        told.append("no-key-seen")
    if key and any(one.rest is not None and one.rest > max(key) for one in wrong):
        told.append("a-distractor-beats-the-key")
    if key and max(key) < 0:
        told.append("key-below-zero")
    return told
