# SPDX-License-Identifier: AGPL-3.0-or-later
"""All sittings of a campaign coded, as tables: rows are pupils, columns are items.

Knows order numbers and what became of each item; never a name. Pure. Nothing that a pupil wrote
is kept: of her answers only the names of choices, which are words of the item.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from encrier.errors import EncrierError
from encrier.ids import BundleId, SittingId
from encrier.sheets import ItemAnswer
from encrier.wire import Register, Registered
from encrier_results.booklets import Booklet
from encrier_results.coding.codes import CODES, Code, Coded, code_sitting, is_keyed
from encrier_results.coding.rule import Judged, Rule, Use, judged, treated
from encrier_results.reconcile import Opened

MOST_CATEGORIES: Final = 10  # of an item: a step that few pupils make has no threshold to speak of
_CHOICE: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_MOST_CHOSEN: Final = 6  # choices of one answer that are told; more are no option
_MOST_OPTIONS: Final = 30_000  # in all, so that ranks are short
_SECOND: Final = 1_000  # ms

Scores = npt.NDArray[np.int8]


class TwoItemsOneName(EncrierError):
    what = "Two booklets give one name to items that are not the same."
    next_step = "Analyse each booklet on its own: --booklet."


@dataclass(frozen=True, eq=False)
class CodedTable:
    """Sittings by items. Ranks in CODES; -1.0 points: none; -1 ms: never on the screen."""

    items: tuple[str, ...]
    most: Mapping[str, float | None]
    pupils: tuple[Registered, ...]
    judged: tuple[Judged, ...]
    codes: Scores  # (n_pupils, n_items)
    points: npt.NDArray[np.float32]
    t_ms: npt.NDArray[np.int32]
    chosen: npt.NDArray[np.int16]  # of closed items, ranks in `options`; 0: nothing told
    options: tuple[str, ...]


def code_all(
    opened: Mapping[SittingId, Opened],
    register: Register,
    booklets: Mapping[BundleId, Booklet],
    *,
    rule: Rule,
) -> CodedTable:
    """Code every sitting that came, in the order of the register; raises TwoItemsOneName.

    A number that was taken back from a pupil has no row, nor has a pupil without an envelope:
    nothing is known of what she did.
    """
    refuse_mixed_items(booklets)
    most = {name: each.most[name] for each in booklets.values() for name in _scored(each)}
    items = tuple(most)
    pupils = tuple(
        row for row in register.rows if not row.set_aside and SittingId(row.sid) in opened
    )
    shape = (len(pupils), len(items))
    table = CodedTable(
        items=items,
        most=most,
        pupils=pupils,
        judged=(),
        codes=np.full(shape, CODES.index("not-administered"), dtype=np.int8),
        points=np.full(shape, -1.0, dtype=np.float32),
        t_ms=np.full(shape, -1, dtype=np.int32),
        chosen=np.zeros(shape, dtype=np.int16),
        options=(),
    )
    place = {item: column for column, item in enumerate(items)}
    said: list[Judged] = []
    options = {"": 0}
    for row, pupil in enumerate(pupils):
        sitting, booklet = opened[SittingId(pupil.sid)], booklets[BundleId(pupil.bundle)]
        coded = code_sitting(sitting, booklet)
        _keep(table, row, {place[item]: one for item, one in coded.items()})
        codes = [one.code for one in coded.values()]
        said.append(judged(codes, finished=sitting.finished, keyed=is_keyed(sitting), rule=rule))
        for item, option in _chosen(sitting, booklet, coded).items():
            if option in options or len(options) <= _MOST_OPTIONS:
                table.chosen[row, place[item]] = options.setdefault(option, len(options))
    return replace(table, judged=tuple(said), options=tuple(options))


def _scored(booklet: Booklet) -> list[str]:
    return [item for item in booklet.program.programs if item not in booklet.unscored]


def _keep(table: CodedTable, row: int, coded: Mapping[int, Coded]) -> None:
    for column, one in coded.items():
        table.codes[row, column] = CODES.index(one.code)
        if one.points is not None:
            table.points[row, column] = max(one.points, 0.0)
        if one.t_ms is not None:
            table.t_ms[row, column] = min(one.t_ms, 2**31 - 1)


def refuse_mixed_items(booklets: Mapping[BundleId, Booklet]) -> None:
    """Refuse booklets in which one name stands for two items: their answers would be mixed."""
    shown: dict[str, str] = {}
    for booklet in booklets.values():
        index = booklet.bundle.index
        for name in _scored(booklet):
            digest = index.files[index.items[name].href].sha256
            if shown.setdefault(name, digest) != digest:
                raise TwoItemsOneName


def _chosen(sitting: Opened, booklet: Booklet, coded: Mapping[str, Coded]) -> dict[str, str]:
    """What was chosen in each closed item that has an answer."""
    given = {item for item, one in coded.items() if one.code in {"right", "partial", "wrong"}}
    told = {item: _option(sitting.items[item], booklet, item) for item in given}
    return {item: option for item, option in told.items() if option}


def _option(answer: ItemAnswer, booklet: Booklet, item: str) -> str:
    """The choices of an item that has one response, of identifiers; else nothing."""
    types = booklet.bundle.index.items[item].responses
    if len(types) != 1 or next(iter(types.values())).base_type != "identifier":
        return ""
    (name, kind) = next(iter(types.items()))
    values = answer.answer.get(name, [])
    if len(values) > _MOST_CHOSEN or not all(map(_CHOICE.fullmatch, values)):
        return ""
    return " ".join(values if kind.cardinality == "ordered" else sorted(values))


def categories(table: CodedTable) -> dict[str, list[float]]:
    """Give the least points of each score of each item: score k begins at categories[k].

    The points that pupils were given, in order, 0 first and the most last; where there are more
    than MOST_CATEGORIES, as in a count of words, equal parts from 0 to the most.
    """
    made = {}
    for column, item in enumerate(table.items):
        seen = table.points[:, column]
        found = {0.0, *(float(points) for points in np.unique(seen[seen > 0]))}
        most = table.most[item]
        found |= {float(np.float32(most))} if most is not None and most > 0 else set()
        steps = sorted(found)
        if len(steps) > MOST_CATEGORIES:
            top = steps[-1]
            steps = [top * k / MOST_CATEGORIES for k in range(MOST_CATEGORIES)]
        made[item] = steps
    return made


def scores(table: CodedTable, rule: Rule, *, use: Use) -> Scores:
    """Give the score of each item of each pupil (n_pupils, n_items); -1: missing."""
    of_code = [treated(code, rule, use=use) for code in CODES]
    steps = categories(table)
    made = np.full(table.codes.shape, -1, dtype=np.int8)
    for column, item in enumerate(table.items):
        codes = table.codes[:, column]
        starts = np.array(steps[item], dtype=np.float32)
        ranks = np.searchsorted(starts, table.points[:, column], side="right") - 1
        for rank, how in enumerate(of_code):
            here = codes == rank
            if how == "wrong":
                made[here, column] = 0
            elif how == "as-scored":
                made[here, column] = np.maximum(ranks[here], 0)
    return made


def counted(table: CodedTable) -> dict[str, int]:
    """Count items of sittings by code; the sum is sittings times items."""
    found = np.bincount(table.codes.ravel(), minlength=len(CODES))
    return {code: int(n) for code, n in zip(CODES, found, strict=True)}


def verdicts(judged_: Sequence[Judged]) -> dict[str, int]:
    """Count sittings by status, validity and completeness together."""
    found = Counter(f"{one.status}/{one.validity}/{one.completeness}" for one in judged_)
    return dict(sorted(found.items()))


def code_names(table: CodedTable, row: int) -> list[Code]:
    """Give the code of each item of one row."""
    return [CODES[rank] for rank in table.codes[row]]


def seconds(table: CodedTable, row: int) -> list[str]:
    """Give the time of each item of one row, in seconds; empty where it was never seen."""
    return ["" if t < 0 else f"{t / _SECOND:.1f}" for t in table.t_ms[row].tolist()]
