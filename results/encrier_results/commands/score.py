# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results score`: an ability for each pupil of a file, from parameters in another.

Reads and writes files given by name; computes nothing itself.
"""

import argparse
import csv
import math
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from encrier.cli import Commands
from encrier.errors import BadSetting
from encrier_results.abilities.arrays import Floats
from encrier_results.abilities.covariates import design, read_columns
from encrier_results.abilities.evidence import Evidence, evidence
from encrier_results.abilities.modes import map_, wle
from encrier_results.abilities.posterior import Abilities, eap, plausible_values, standard
from encrier_results.abilities.regression import Regression, regress
from encrier_results.commands.shown import put, put_json
from encrier_results.irt.items import read_params
from encrier_results.irt.responses import read_responses

_FAR: Final = 6.0  # logits: past here an ability says that the test was not for this pupil


@dataclass(frozen=True, eq=False)
class _Scores:
    """A column or more for each pupil, and what to tell of them all."""

    columns: dict[str, Floats]
    told: dict[str, object]
    warnings: tuple[str, ...] = ()


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = commands.add_parser(
        "score",
        help="give each pupil an ability, from known parameters",
        usage="encrier results score RESPONSES --params F [options]",
        epilog="example: encrier results score responses.csv --params params.csv "
        "--method pv --covariates sex,sector --seed 7 --out pv.csv",
    )
    verb.add_argument("responses", type=Path, metavar="RESPONSES", help="CSV, one row a pupil")
    verb.add_argument("--params", type=Path, required=True, metavar="F", help="of calibrate, link")
    verb.add_argument("--method", choices=("eap", "wle", "map", "pv"), default="eap")
    verb.add_argument("--prior", type=_prior, default=(0.0, 1.0), metavar="MEAN,VARIANCE")
    verb.add_argument("--n-pv", type=_several, default=5, metavar="N", help="default: 5")
    verb.add_argument("--covariates", type=_listed, default=(), metavar="COL,…", help="for pv")
    verb.add_argument("--seed", type=_count, metavar="N", help="for pv; else drawn, and told")
    verb.add_argument("--weight", metavar="COL", help="how many pupils a row is, for pv")
    verb.add_argument("--id", metavar="COL", help="a column to keep beside the scores")
    verb.add_argument("--ignore", type=_listed, default=(), metavar="COL,…", help="no items")
    verb.add_argument("--out", type=Path, metavar="FILE", help="scores as CSV; else on stdout")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    aside = {*asked.ignore, *asked.covariates, *([asked.id] if asked.id else [])}
    responses = read_responses(
        asked.responses, weight=asked.weight, ignore=sorted(aside - {asked.weight})
    )
    answers = evidence(responses, read_params(asked.params))
    if asked.method == "pv":
        found = _drawn(answers, responses.weights, asked)
    else:
        found = _estimated(answers, asked)
    labels = read_columns(asked.responses, [asked.id])[asked.id] if asked.id else None
    table = _table(found, answers, labels, asked.id)
    summary = {
        "method": asked.method,
        "n_pupils": len(answers),
        **found.told,
        "warnings": [*found.warnings, *_warnings(answers, found)],
    }
    if asked.out:
        _write(asked.out, table)
    elif asked.json:
        summary["scores"] = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    if asked.json:
        put_json(summary)
    else:
        _print(summary, [] if asked.out else table)
    return 0


def _estimated(answers: Evidence, asked: argparse.Namespace) -> _Scores:
    mean, variance = asked.prior
    prior = standard(len(answers), mean=mean, variance=variance)
    if asked.method == "wle":
        return _both(wle(answers), {})
    told: dict[str, object] = {"prior_mean": mean, "prior_variance": variance}
    if asked.method == "map":
        return _both(map_(answers, prior), told)
    found = eap(answers, prior)
    spread = float(found.theta.var())
    told["empirical_reliability"] = spread / (spread + float((found.error**2).mean()))
    return _both(found, told)


def _both(found: Abilities, told: dict[str, object]) -> _Scores:
    return _Scores({"theta": found.theta, "se": found.error}, told)


def _drawn(answers: Evidence, weights: Floats, asked: argparse.Namespace) -> _Scores:
    columns = read_columns(asked.responses, asked.covariates) if asked.covariates else {}
    made = design(columns, weights)
    found = regress(answers, made)
    seed = secrets.randbelow(2**32) if asked.seed is None else asked.seed
    values = plausible_values(answers, found.prior(made), n_values=asked.n_pv, seed=seed)
    told = {"seed": seed, "regression": _regression(found)}
    late = () if found.converged else ("the regression did not settle: its values may be off",)
    return _Scores({f"pv{k + 1}": values[:, k] for k in range(asked.n_pv)}, told, late)


def _regression(found: Regression) -> dict[str, object]:
    return {
        "coefficients": dict(zip(found.names, found.coefficients.tolist(), strict=True)),
        "errors": dict(zip(found.names, found.errors.tolist(), strict=True)),
        "residual_variance": found.residual_variance,
        "log_likelihood": found.log_likelihood,
        "iterations": found.iterations,
    }


def _warnings(answers: Evidence, found: _Scores) -> Iterator[str]:
    idle = int((answers.n_answered() == 0).sum())
    if idle:
        yield f"{idle} pupils were given no item: WLE says nothing of them, others the prior alone"
    theta = found.columns.get("theta")
    if theta is None:
        return
    lost = int(np.isnan(theta).sum()) - idle
    if lost > 0:
        yield f"{lost} pupils have no top that could be found"
    far = int((np.abs(theta) > _FAR).sum())
    if far:
        yield f"{far} pupils are more than {_FAR:g} logits out: their errors are large"


def _table(
    found: _Scores, answers: Evidence, labels: Sequence[str] | None, name: str | None
) -> list[list[object]]:
    """Rows of a table, its first their names; a pupil without an ability has None."""
    ids: Sequence[object] = labels if labels is not None else range(1, len(answers) + 1)
    n_items = answers.n_answered().astype(int).tolist()
    columns = [column.tolist() for column in found.columns.values()]
    rows: list[list[object]] = [[name or "row", "n_items", *found.columns]]
    for one, n, *values in zip(ids, n_items, *columns, strict=True):
        rows.append([one, n, *(None if math.isnan(value) else value for value in values)])
    return rows


def _write(path: Path, table: Sequence[Sequence[object]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    except OSError as error:
        raise BadSetting("The scores cannot be written there.", "Give --out a file.") from error


def _print(summary: dict[str, object], table: Sequence[Sequence[object]]) -> None:
    put(*("  ".join(f"{_shown(cell):>10}" for cell in row) for row in table))
    for name, value in summary.items():
        if isinstance(value, dict):
            for inner, one in value.items():
                put(f"{name} {inner}: {_shown(one)}")
        else:
            put(f"{name}: {_shown(value)}")


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "none"
    return "" if value is None else str(value)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in written.split(",") if name.strip())


def _count(written: str) -> int:
    if not written.isdecimal():
        raise argparse.ArgumentTypeError("a whole number, 0 or more")
    return int(written)


def _several(written: str) -> int:
    if not _count(written):
        raise argparse.ArgumentTypeError("a whole number, 1 or more")
    return int(written)


def _prior(written: str) -> tuple[float, float]:
    try:
        mean, variance = map(float, written.split(","))
    except ValueError:
        mean, variance = math.nan, math.nan
    if not math.isfinite(mean) or not 0 < variance < math.inf:
        raise argparse.ArgumentTypeError("a mean and a variance above 0: 0.2,1.1")
    return mean, variance
