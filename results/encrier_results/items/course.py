# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pupils went through items: omitted, not reached, lost, and how long it took them.

Knows codes and seconds by row; never who a row is. Pure.
"""

from collections import Counter

import numpy as np

from encrier.records import Record
from encrier_results.items.table import BadTable, Cells

_SCORED = ("right", "partial", "wrong")


class Course(Record, frozen=True):
    """What became of one item; shares are of the pupils to whom it was administered.

    `right_not_reached_missing` and `…_wrong` are the two ways of counting who did not get so
    far: among the pupils who got there, and among all who should have.
    """

    item: str
    codes: dict[str, int]
    omitted: float | None
    not_reached: float | None
    right_not_reached_missing: float | None
    right_not_reached_wrong: float | None


class Times(Record, frozen=True):
    """Seconds that an item was on the screen, of the pupils who saw it."""

    item: str
    n: int
    quartiles_s: tuple[float, float, float]


def courses(codes: Cells) -> list[Course]:
    """Give what became of each item, from its codes (docs/psychometrics/items.md)."""
    return [_course(item, Counter(map(str, cells))) for item, cells in codes.items()]


def _course(item: str, codes: Counter[str]) -> Course:
    codes.pop("", None)
    got_there = sum(codes[code] for code in (*_SCORED, "omitted"))
    given = got_there + codes["not-reached"]
    return Course(
        item=item,
        codes={code: codes[code] for code in sorted(codes) if codes[code]},
        omitted=_share(codes["omitted"], given),
        not_reached=_share(codes["not-reached"], given),
        right_not_reached_missing=_share(codes["right"], got_there),
        right_not_reached_wrong=_share(codes["right"], given),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def times(seconds: Cells) -> list[Times]:
    """Give the quartiles of each item's time; an empty cell is of who did not see it.

    Raises BadTable where a cell is no number of seconds.
    """
    made = []
    for item, cells in seconds.items():
        try:
            known = cells[cells != ""].astype(np.float64)
        except ValueError as error:
            raise BadTable("A time is a number of seconds, or nothing.") from error
        if not np.isfinite(known).all() or (known < 0).any():
            raise BadTable("A time is a number of seconds, 0 or more.")
        if len(known):
            low, middle, high = (float(q) for q in np.quantile(known, [0.25, 0.5, 0.75]))
            made.append(Times(item=item, n=len(known), quartiles_s=(low, middle, high)))
    return made
