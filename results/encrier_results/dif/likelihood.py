# SPDX-License-Identifier: AGPL-3.0-or-later
"""DIF of each item by likelihood ratio: one item for both groups, or one for each.

Knows scores and groups; never a name. Pure. All other items are the anchor, but for those found
to differ by much, each of which is let differ when the others are looked at. Weights count in
the likelihood: where they are not frequencies, `chi2` and `p` say little, the sizes as much.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_results.dif import classes
from encrier_results.dif.classes import Class
from encrier_results.dif.mantel import p_value
from encrier_results.irt.calibration import CalibrationResult, Settings, calibrate
from encrier_results.irt.items import ItemParameters, Model, probabilities
from encrier_results.irt.responses import NOT_ADMINISTERED, Responses

Floats = npt.NDArray[np.float64]

_QUICK: Final = Settings(with_errors=False)
_NODES: Final = np.linspace(-5.0, 5.0, 201)  # standard deviations of the focal group
_APART: Final = "\u001f"  # between an item and its group: in no name that a person writes


class TooFewAlike(EncrierError):
    what = "Too many items differ by much between the groups: none is left to compare them by."
    next_step = "Look at the groups and at the scoring of the items first."


class ByLikelihood(Record, frozen=True):
    """What the likelihood says of one item and one focal group.

    Sizes are of the points that the focal group is expected to have, at its own abilities, over
    those it would have if the item were that of the reference; in shares of the item's most.
    """

    item: str
    focal: str
    chi2: float
    df: int
    p: float
    signed: float  # below 0: harder for the focal group
    unsigned: float  # differences at all abilities, whichever their sign
    size: Class


def by_likelihood(
    responses: Responses, model: Model, *, reference: int, purified: bool = True
) -> list[ByLikelihood]:
    """Give DIF of each item for each group but the reference (a rank in `groups`).

    Thissen, Steinberg and Wainer (1993), in Holland and Wainer, *Differential Item Functioning*,
    chapter 4; sizes: Meade (2010), *Journal of Applied Psychology* 95, 728-743, SIDS and UIDS,
    over the abilities estimated of the focal group. An item that is not `comparable` has no row.
    Raises NotCalibrated, TooFewAlike.
    """
    found = []
    for focal in (rank for rank in range(len(responses.groups)) if rank != reference):
        two = usable(of_two(responses, reference, focal=focal))
        first = _pass(two, model, freed=())
        large = {one.item for one in first if purified and one.size == "C"}
        freed = [rank for rank, item in enumerate(two.items) if item in large]
        found += _pass(two, model, freed=freed) if freed else first
    return found


def comparable(responses: Responses) -> list[int]:
    """Give the ranks of the items on which both groups have scores that differ, of one range.

    An item that a group was not given, or on which it never makes a step, has no two versions.
    """
    seen = [_seen(responses, rank) for rank in range(len(responses.items))]
    return [
        rank
        for rank, (first, second) in enumerate(seen)
        if len(first) > 1 and np.array_equal(first, second)
    ]


def usable(responses: Responses) -> Responses:
    """Leave out the items that both groups were given and that cannot be compared.

    They would hold the groups together by what is not alike. One that a single group was given
    says how able its pupils are, and stays.
    """
    alike = comparable(responses)
    alone = [
        rank
        for rank in range(len(responses.items))
        if sorted(min(len(own), 2) for own in _seen(responses, rank)) == [0, 2]
    ]
    kept = sorted([*alike, *alone])
    if not alike:
        raise TooFewAlike
    names = tuple(responses.items[rank] for rank in kept)
    return replace(responses, items=names, scores=responses.scores[:, kept])


def _seen(responses: Responses, rank: int) -> list[npt.NDArray[np.int8]]:
    """The scores that each of the two groups has on an item."""
    of_group = (responses.scores[responses.group_of == group, rank] for group in (0, 1))
    return [np.unique(own[own >= 0]) for own in of_group]


def of_two(responses: Responses, reference: int, *, focal: int) -> Responses:
    """Keep two groups, the reference first, as calibration puts it at N(0, 1)."""
    here = np.isin(responses.group_of, [reference, focal])
    return replace(
        responses,
        scores=responses.scores[here],
        groups=(responses.groups[reference], responses.groups[focal]),
        group_of=(responses.group_of[here] == focal).astype(np.intp),
        weights=responses.weights[here],
    )


def split(responses: Responses, columns: Collection[int]) -> Responses:
    """Make each of these items two, one a group: the first for the reference."""
    wanted = sorted(columns)
    focal = responses.group_of == 1
    kept = [rank for rank in range(len(responses.items)) if rank not in wanted]
    parts = [responses.scores[:, kept]]
    names = [responses.items[rank] for rank in kept]
    for rank in wanted:
        for group, mine in zip(responses.groups, (~focal, focal), strict=True):
            own = np.where(mine, responses.scores[:, rank], np.int8(NOT_ADMINISTERED))
            parts.append(own[:, None].astype(np.int8))
            names.append(f"{responses.items[rank]}{_APART}{group}")
    return replace(responses, items=tuple(names), scores=np.concatenate(parts, axis=1))


def _pass(responses: Responses, model: Model, *, freed: Collection[int]) -> list[ByLikelihood]:
    """Each item in turn: let differ, and not, while those of `freed` differ throughout."""
    if len(freed) >= len(responses.items) - 1:
        raise TooFewAlike
    common = calibrate(split(responses, freed), model, settings=_QUICK)
    made = []
    for rank in comparable(responses):
        if rank in freed:
            alike = calibrate(split(responses, set(freed) - {rank}), model, settings=_QUICK)
            apart = common
        else:
            alike = common
            apart = calibrate(split(responses, {*freed, rank}), model, settings=_QUICK)
        made.append(_compared(responses, rank, alike, apart=apart))
    return made


def _compared(
    responses: Responses, rank: int, alike: CalibrationResult, *, apart: CalibrationResult
) -> ByLikelihood:
    chi2 = max(2.0 * (apart.log_likelihood - alike.log_likelihood), 0.0)
    df = apart.n_free - alike.n_free
    item, focal = responses.items[rank], apart.groups[1]
    theta = focal.mean + focal.variance**0.5 * _NODES
    density = np.exp(-(_NODES**2) / 2.0)
    gap = _gap(apart.parameters, item, groups=responses.groups, theta=theta)
    signed = float(density @ gap / density.sum())
    unsigned = float(density @ np.abs(gap) / density.sum())
    return ByLikelihood(
        item=item,
        focal=focal.label,
        chi2=chi2,
        df=df,
        p=p_value(chi2, df=df),
        signed=signed,
        unsigned=unsigned,
        size=classes.by_size(unsigned, classes.P_DIF),
    )


def _gap(params: ItemParameters, item: str, *, groups: tuple[str, ...], theta: Floats) -> Floats:
    """Expected score in the focal group less that in the reference (n_theta,), of the most."""
    chances = probabilities(params, theta)
    expected = chances @ np.arange(chances.shape[2])
    places = [params.items.index(f"{item}{_APART}{group}") for group in groups]
    most = float(max(params.n_steps[place] for place in places))
    gap: Floats = (expected[:, places[1]] - expected[:, places[0]]) / most
    return gap
