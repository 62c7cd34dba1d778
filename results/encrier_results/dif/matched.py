# SPDX-License-Identifier: AGPL-3.0-or-later
"""DIF of each item by matching on the score: Mantel-Haenszel for two scores, Mantel for more.

Pupils are matched on the items they were given and their total on them, the studied item within,
so that booklets and routes are no difference. Knows scores and groups; never a name. Pure.
Weights are not used: a chi-square of weighted counts is none.
"""

from collections.abc import Collection
from typing import Literal

import numpy as np
import numpy.typing as npt

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_results.dif import classes, mantel
from encrier_results.dif.classes import Class
from encrier_results.dif.strata import counts, patterns, totals
from encrier_results.irt.responses import Responses

Masks = npt.NDArray[np.bool_]


class NotTwoGroups(EncrierError):
    what = "DIF compares two groups or more, and this column has one."
    next_step = "Name another column with --group."


class NoSuchGroup(EncrierError):
    what = "The reference group is not in the column of groups."
    next_step = "Write its label as it stands in the file."


class Matched(Record, frozen=True):
    """What matching says of one item and one focal group.

    Below 0, `delta`, `difference` and `smd`: harder for the focal group than it should be. None
    where the counts cannot tell, or, of `odds_ratio` and `delta`, for an item of several points.
    """

    item: str
    focal: str
    n_reference: int  # pupils compared: of strata that hold both groups
    n_focal: int
    odds_ratio: float | None  # of Mantel and Haenszel; above 1: easier for the reference
    delta: float | None  # MH D-DIF
    delta_se: float | None
    difference: float | None  # standardised P-DIF, in points
    smd: float | None  # the same in standard deviations of the item
    chi2: float | None  # corrected for continuity where the item has two scores
    p: float | None
    size: Class | None  # by the size of the effect alone
    ets: Class | None  # as ETS classes it: size, and more than chance
    favours: Literal["reference", "focal"] | None


def matched(
    responses: Responses, *, reference: str | None = None, purified: bool = True
) -> list[Matched]:
    """Give DIF of each item for each group but the reference, by default the largest one.

    `purified`: items that come out as C are taken out of the score that pupils are matched on,
    once, but for the item under study (Holland and Thayer, 1988). Raises NotTwoGroups,
    NoSuchGroup.
    """
    base = reference_of(responses, reference)
    given = patterns(responses)
    found = []
    for focal in (rank for rank in range(len(responses.groups)) if rank != base):
        chosen = (responses.group_of == base) | (responses.group_of == focal)
        is_focal = responses.group_of == focal
        first = _pass(responses, given, chosen, is_focal, aside=())
        aside = [rank for rank, one in enumerate(first) if purified and one.size == "C"]
        again = _pass(responses, given, chosen, is_focal, aside=aside) if aside else first
        found += again
    return found


def reference_of(responses: Responses, label: str | None) -> int:
    """Give the rank of the reference group."""
    if len(responses.groups) < 2:  # noqa: PLR2004 as the class says
        raise NotTwoGroups
    if label is None:
        return int(np.bincount(responses.group_of).argmax())
    if label not in responses.groups:
        raise NoSuchGroup
    return responses.groups.index(label)


def _pass(
    responses: Responses,
    given: npt.NDArray[np.int64],
    chosen: Masks,
    is_focal: Masks,
    *,
    aside: Collection[int],
) -> list[Matched]:
    common = totals(responses, without=aside)
    focal = responses.groups[int(responses.group_of[is_focal][0])] if is_focal.any() else ""
    made = []
    for column, item in enumerate(responses.items):
        scores = responses.scores[:, column].astype(np.int64)
        here = chosen & (scores >= 0)
        total = common + np.maximum(scores, 0) if column in aside else common
        strata = given[here] * (int(total.max(initial=0)) + 1) + total[here]
        made.append(_of_item(item, focal, counts(scores[here], strata, is_focal[here])))
    return made


def _of_item(item: str, focal: str, table: mantel.Floats) -> Matched:
    compared = table.sum((0, 2)) if len(table) else np.zeros(2)
    two_scores = table.shape[2] == 2  # noqa: PLR2004 right or wrong
    chi2 = mantel.mantel_chi2(table, corrected=two_scores)
    p = None if chi2 is None else mantel.p_value(chi2)
    odds = mantel.common_odds(table) if two_scores else None
    delta, se = mantel.delta(odds) if odds else (None, None)
    sd = mantel.spread(table)
    difference = mantel.standardised_difference(table) if sd > 0 else None
    smd = None if difference is None else difference / sd
    size, ets = _classes(table, delta, se, p=p)
    effect = delta if delta is not None else smd
    return Matched(
        item=item,
        focal=focal,
        n_reference=int(compared[0]),
        n_focal=int(compared[1]),
        odds_ratio=odds.ratio if odds else None,
        delta=delta,
        delta_se=se,
        difference=difference,
        smd=smd,
        chi2=chi2,
        p=p,
        size=size,
        ets=ets,
        favours=None if not effect else "reference" if effect < 0 else "focal",
    )


def _classes(
    table: mantel.Floats, delta: float | None, se: float | None, *, p: float | None
) -> tuple[Class | None, Class | None]:
    """By size, and as ETS; of the MH D-DIF where there is one, else of the difference."""
    if p is None:
        return None, None
    if delta is not None and se is not None:
        return classes.by_size(delta, classes.DELTA), classes.ets(delta, se, p=p)
    difference = mantel.standardised_difference(table)
    if table.shape[2] == 2:  # noqa: PLR2004 odds are not finite: a group has it all right or wrong
        return classes.by_size(difference, classes.P_DIF), None
    smd = difference / mantel.spread(table)
    return classes.by_size(smd, classes.SMD), classes.ets_of_smd(smd, p=p)
