# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verb `encrier results calibrate`: responses in, item parameters out.

Reads and writes files given by name; opens no port and reads no setting.
"""

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from encrier_results.commands.shown import put, put_json
from encrier_results.irt.calibration import (
    N_NODES,
    REACH,
    TOLERANCE,
    CalibrationResult,
    Settings,
    calibrate,
)
from encrier_results.irt.fit import Fit, fit
from encrier_results.irt.information import Way
from encrier_results.irt.items import (
    MODELS,
    Model,
    difficulties,
    read_params,
    write_params,
)
from encrier_results.irt.responses import Floats, read_responses

if TYPE_CHECKING:
    from encrier.cli import Commands

DEPENDENT = (
    0.2  # Q3: Chen and Thissen (1997), *Journal of Educational and Behavioral Statistics* 22
)

# NaN, where a number does not exist or was not estimated, is null in JSON.
Number = float | None


class ItemTold(msgspec.Struct, frozen=True):
    """One item: intercepts d1 … dm and difficulties b = -d / a, by step."""

    item: str
    model: Model
    slope: float
    intercepts: list[float]
    difficulties: list[Number]
    guess: float
    se_slope: Number
    se_intercepts: list[Number]
    se_guess: Number


class GroupTold(msgspec.Struct, frozen=True):
    """One group on the scale of theta; an error is null where the number was not estimated."""

    group: str
    mean: float
    variance: float
    se_mean: Number
    se_variance: Number


class FitTold(msgspec.Struct, frozen=True):
    """How far one item is from its model; S-X2 is null where the test was not the same for all."""

    item: str
    infit: Number
    outfit: Number
    s_x2: Number
    s_x2_df: Number


class PairTold(msgspec.Struct, frozen=True):
    """Two items whose residuals go together: Q3 beyond 0.2 either way."""

    items: tuple[str, str]
    q3: float


class Told(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    log_likelihood: float
    n_pupils: int
    n_parameters: int
    iterations: int
    converged: bool
    errors_by: Way
    items: list[ItemTold]
    groups: list[GroupTold]
    warnings: list[str]
    fit: list[FitTold] = []
    dependent: list[PairTold] = []


def add(commands: "Commands") -> None:
    """Announce the verb."""
    verb = commands.add_parser(
        "calibrate",
        help="estimate items and groups from a CSV of scored responses",
        description="One row a pupil, one column an item: 0 to m points, empty if not given.",
        usage="%(prog)s RESPONSES.csv --model MODEL [options]",
        epilog="example: encrier results calibrate answers.csv --model 2pl --ignore pupil"
        " --out items.csv",
    )
    verb.add_argument("responses", type=Path, metavar="RESPONSES.csv")
    verb.add_argument(
        "--model", choices=MODELS, required=True, metavar="MODEL", help=", ".join(MODELS)
    )
    verb.add_argument("--group", metavar="COL", help="of labels; the first in order is N(0, 1)")
    verb.add_argument("--weight", metavar="COL", help="how many pupils a row stands for")
    verb.add_argument(
        "--ignore", action="append", default=[], metavar="COL", help="no item; again for more"
    )
    verb.add_argument("--fixed", type=Path, metavar="CSV", help="items that stay as they are")
    verb.add_argument("--out", type=Path, metavar="CSV", help="write parameters and errors")
    verb.add_argument(
        "--nodes", type=int, default=N_NODES, metavar="N", help=f"of theta: {N_NODES}"
    )
    verb.add_argument(
        "--reach", type=float, default=REACH, metavar="T", help=f"grid ends: {REACH:g}"
    )
    verb.add_argument(
        "--tolerance", type=float, default=TOLERANCE, metavar="T", help=f"{TOLERANCE:g}"
    )
    verb.add_argument("--no-errors", action="store_true", help="no standard errors")
    verb.add_argument("--fit", action="store_true", help="infit, outfit, S-X2, Q3")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    responses = read_responses(
        asked.responses, group=asked.group, weight=asked.weight, ignore=asked.ignore
    )
    found = calibrate(
        responses,
        asked.model,
        fixed=read_params(asked.fixed) if asked.fixed else None,
        settings=Settings(
            n_nodes=asked.nodes,
            reach=asked.reach,
            tolerance=asked.tolerance,
            with_errors=not asked.no_errors,
        ),
    )
    if asked.out:
        write_params(asked.out, found.parameters, errors=found.errors)
    told = tell(found, n_pupils=len(responses.weights))
    if asked.fit:
        told = with_fit(told, fit(responses, found))
    if asked.json:
        put_json(told)
    else:
        put(*lines(told))
    return 0 if found.converged else 1


def tell(found: CalibrationResult, *, n_pupils: int) -> Told:
    """Give what a calibration found as it is printed; n_pupils counts rows, not weights."""
    return Told(
        log_likelihood=found.log_likelihood,
        n_pupils=n_pupils,
        n_parameters=found.n_free,
        iterations=found.iterations,
        converged=found.converged,
        errors_by=found.errors_by,
        items=list(_items(found)),
        groups=[
            GroupTold(
                group.label,
                group.mean,
                group.variance,
                _number(group.se_mean),
                _number(group.se_variance),
            )
            for group in found.groups
        ],
        warnings=list(found.warnings),
    )


def with_fit(told: Told, found: Fit) -> Told:
    """Add how far items are from their model."""
    names = [item.item for item in told.items]
    columns = zip(names, found.infit, found.outfit, found.s_x2, found.s_x2_df, strict=True)
    pairs = np.argwhere(np.triu(np.abs(found.q3), k=1) > DEPENDENT)
    return msgspec.structs.replace(
        told,
        fit=[FitTold(name, *map(_number, numbers)) for name, *numbers in columns],
        dependent=[
            PairTold((names[one], names[two]), float(found.q3[one, two])) for one, two in pairs
        ],
    )


def _items(found: CalibrationResult) -> Iterator[ItemTold]:
    params, errors = found.parameters, found.errors
    for rank, places in enumerate(difficulties(params)):
        n = int(params.n_steps[rank])
        yield ItemTold(
            item=params.items[rank],
            model=params.models[rank],
            slope=float(params.slopes[rank]),
            intercepts=params.intercepts[rank, :n].tolist(),
            difficulties=_numbers(places[:n]),
            guess=float(params.guessing[rank]),
            se_slope=_number(errors.slopes[rank]),
            se_intercepts=_numbers(errors.intercepts[rank, :n]),
            se_guess=_number(errors.guessing[rank]),
        )


def _number(number: float) -> Number:
    return float(number) if math.isfinite(number) else None


def _numbers(numbers: Floats) -> list[Number]:
    return [_number(number) for number in np.asarray(numbers)]


def lines(told: Told) -> Iterator[str]:
    """Write the table for a terminal, warnings last."""
    width = max(4, *(len(item.item) for item in told.items))
    most = max(len(item.intercepts) for item in told.items)
    names = ["a", "se", *(name for k in range(1, most + 1) for name in (f"d{k}", "se", f"b{k}"))]
    guesses = any(item.guess for item in told.items)
    yield f"{'item':{width}}" + "".join(f"{name:>9}" for name in names + ["c", "se"] * guesses)
    for item in told.items:
        numbers = [item.slope, item.se_slope]
        for step in zip(item.intercepts, item.se_intercepts, item.difficulties, strict=True):
            numbers += step
        numbers += [None] * (2 + 3 * most - len(numbers))
        numbers += [item.guess, item.se_guess] * guesses
        yield f"{item.item:{width}}" + "".join(map(_cell, numbers))
    yield ""
    for group in told.groups:
        yield (
            f"group {group.group}: mean{_cell(group.mean)}{_cell(group.se_mean)}"
            f"  variance{_cell(group.variance)}{_cell(group.se_variance)}"
        )
    yield (
        f"log-likelihood {told.log_likelihood:.3f}, {told.n_pupils} rows,"
        f" {told.n_parameters} parameters, {told.iterations} steps; errors: {told.errors_by}"
    )
    yield from _lines_of_fit(told, width)
    yield from (f"warning: {warning}" for warning in told.warnings)


def _lines_of_fit(told: Told, width: int) -> Iterator[str]:
    if not told.fit:
        return
    names = ("infit", "outfit", "S-X2", "df")
    yield ""
    yield f"{'item':{width}}" + "".join(f"{name:>9}" for name in names)
    for item in told.fit:
        numbers = (item.infit, item.outfit, item.s_x2, item.s_x2_df)
        yield f"{item.item:{width}}" + "".join(map(_cell, numbers))
    for pair in told.dependent:
        yield f"{pair.items[0]} and {pair.items[1]}: Q3 {pair.q3:.3f}"


def _cell(number: Number) -> str:
    return f"{'':>9}" if number is None else f"{number:9.4f}"
