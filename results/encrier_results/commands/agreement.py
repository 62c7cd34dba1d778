# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results agreement`: how far raters of the same answers agree.

Reads a file of a row an answer and a column a rater, and prints. Knows no pupil and no rater.
"""

import argparse
import csv
from pathlib import Path
from typing import Final

import numpy as np

from encrier.cli import Commands
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_results.coding import agreement
from encrier_results.coding.agreement import Estimate, Floats, Level
from encrier_results.commands.shown import add_verb, put_json, table

_TWO: Final = 2


class BadRatings(EncrierError):
    what = "This file of ratings cannot be read."
    next_step = "Correct it: a row an answer, a column a rater, a word or a number in each cell."


class Report(Record, frozen=True):
    """How raters agree; kappa where there are two."""

    level: Level
    n: int
    seed: int
    alpha: Estimate
    kappa: Estimate | None
    weighted_kappa: Estimate | None  # quadratic weights; where the ratings are ordered


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = add_verb(
        commands,
        "agreement",
        text="how far raters of the same answers agree: kappa, Krippendorff's alpha",
        example="agreement ratings.csv --level ordinal --seed 7 --json",
    )
    verb.add_argument("ratings", type=Path, metavar="RATINGS.csv", help="a column a rater")
    verb.add_argument("--level", choices=("nominal", "ordinal", "interval"), default="nominal")
    verb.add_argument("--seed", type=int, default=1, metavar="N", help="of the bootstrap")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    ratings = read_ratings(asked.ratings, level=asked.level)
    two = len(ratings) == _TWO
    ordered = two and asked.level != "nominal"
    report = Report(
        level=asked.level,
        n=ratings.shape[1],
        seed=asked.seed,
        alpha=agreement.krippendorff_estimate(ratings, seed=asked.seed, level=asked.level),
        kappa=agreement.kappa_estimate(*ratings, seed=asked.seed) if two else None,
        weighted_kappa=agreement.kappa_estimate(*ratings, seed=asked.seed, weighting="quadratic")
        if ordered
        else None,
    )
    if asked.json:
        put_json(report)
    else:
        shown = {
            "Krippendorff's alpha": report.alpha,
            "Cohen's kappa": report.kappa,
            "weighted kappa": report.weighted_kappa,
        }
        rows = [[name, one.value, one.low, one.high] for name, one in shown.items() if one]
        table([f"{report.n} answers", "value", "low", "high"], rows)
    return 0


def read_ratings(path: Path, *, level: Level) -> Floats:
    """Read ratings (n_raters, n_units): NaN where a cell is empty; raises BadRatings.

    Nominal ratings are words, each given a number; others are numbers.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            delimiter = ";" if first.count(";") > first.count(",") else ","
            n_raters = len(next(csv.reader([first], delimiter=delimiter, strict=True), []))
            rows = list(csv.reader(file, delimiter=delimiter, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRatings("This file cannot be read as a table in UTF-8.") from error
    if n_raters < _TWO or not rows:
        raise BadRatings("Ratings are of two raters at least, and of one answer.")
    for number, row in enumerate(rows, 2):
        if len(row) != n_raters:
            raise BadRatings(f"Line {number} has {len(row)} cells, the first line {n_raters}.")
    cells = [[cell.strip() for cell in row] for row in rows]
    return np.array(_numbers(cells, level=level)).T


def _numbers(cells: list[list[str]], *, level: Level) -> list[list[float]]:
    words = {word: float(n) for n, word in enumerate(sorted({c for row in cells for c in row}))}
    made = []
    for number, row in enumerate(cells, 2):
        try:
            found = [float("nan") if not c else words[c] if level == "nominal" else float(c)
                     for c in row]  # fmt: skip
        except ValueError as error:
            raise BadRatings(f"Line {number}: a rating of this level is a number.") from error
        if any(np.isinf(found)):
            raise BadRatings(f"Line {number}: a rating of this level is a number.")
        made.append(found)
    return made
