# SPDX-License-Identifier: AGPL-3.0-or-later
"""A booklet of the demo with answers scored by hand, and the row that a sheet of it becomes."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from encrier.ids import BundleId, SittingId
from encrier.sheets import ItemAnswer, Mark
from encrier.wire import Register, Registered, ScoreRow
from encrier_results.booklets import Booklet, open_booklet
from encrier_results.publish import score_sheet
from encrier_results.reconcile import Opened

PACKAGE: Final = Path(__file__).parents[2] / "demo/assessments/sixieme-debut"
SITTING: Final = SittingId(b"a" * 16)
Sheet = dict[str, ItemAnswer]


@cache
def booklet() -> Booklet:
    return open_booklet(PACKAGE)


@cache
def all_right() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The right answer to each item, by item and response."""
    found: list[dict[str, Any]] = json.loads((PACKAGE / "hand-scored.json").read_text("utf-8"))[
        "patterns"
    ]
    right: Mapping[str, Mapping[str, Sequence[str]]] = found[0]["answers"]
    return right


def keyed(
    responses: Mapping[str, Sequence[str]] | None = None, mark: Mark | None = None
) -> ItemAnswer:
    """What is on the sheet of one item."""
    r = {name: list(values) for name, values in (responses or {}).items()}
    return ItemAnswer(r, 0, 1, (0, 1, "0" * 16), mark)


def all_keyed(**changed: ItemAnswer | None) -> Sheet:
    """A sheet with each item keyed right, but for these; None: the item is not on the sheet.

    Of the names of items a hyphen is written as an underscore.
    """
    sheet = {item: keyed(given) for item, given in all_right().items()}
    for name, answer in changed.items():
        sheet.pop(name.replace("_", "-"), None)
        if answer is not None:
            sheet[name.replace("_", "-")] = answer
    return sheet


def row_of(sheet: Sheet, *, finished: bool = False) -> ScoreRow:
    """The row of a pupil of whom this is the sheet."""
    bundle = BundleId(booklet().bundle.id)
    register = Register(
        b"c" * 16, [Registered("00000000", SITTING, b"m" * 32, "6E", bundle, 1, 1, [], {})]
    )
    opened = {SITTING: Opened(SITTING, sheet, finished, 1)}
    return score_sheet(opened, register, {bundle: booklet()}, serial=1).rows[0]
