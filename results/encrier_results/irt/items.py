# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items as models see them: a slope, an intercept for each step, a chance to guess.

Slope-intercept form, without the constant 1.7. An item scored 0 to m has the exponents
k a theta + d1 + … + dk, k = 0 … m (Muraki, 1992, *Applied Psychological Measurement* 16, eq. 4);
with m = 1 that is logit P = a theta + d (Birnbaum, 1968). A guess adds c + (1 - c) P.

Knows no pupil.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from encrier.errors import EncrierError
from encrier_results.irt.responses import MOST_POINTS

Model = Literal["rasch", "2pl", "3pl", "pcm", "gpcm"]
MODELS: Final[tuple[Model, ...]] = get_args(Model)
Floats = NDArray[np.float64]


class BadParameters(EncrierError):
    what = "This file of item parameters cannot be read."
    next_step = "Correct it: columns item, model, a, d1 … dm and c, one row an item."


@dataclass(frozen=True, eq=False)
class ItemParameters:
    """Parameters of items, in slope-intercept form.

    slopes (n_items,) per logit; intercepts (n_items, m_max), d1 … dm, NaN beyond the item's last
    step; guessing (n_items,), 0 but with the model 3pl.
    """

    items: tuple[str, ...]
    models: tuple[Model, ...]
    slopes: Floats
    intercepts: Floats
    guessing: Floats

    @property
    def n_steps(self) -> NDArray[np.intp]:
        """The most points of each item: (n_items,)."""
        return cast("NDArray[np.intp]", np.isfinite(self.intercepts).sum(axis=1))


def difficulties(params: ItemParameters) -> Floats:
    """Place each step on the scale of theta: b = -d / a, (n_items, m_max), NaN beyond the last.

    Infinite where the slope is 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return -params.intercepts / params.slopes[:, None]


def probabilities(params: ItemParameters, theta: Floats) -> Floats:
    """Give the chance of each score: theta (n_theta,) -> (n_theta, n_items, m_max + 1).

    0 beyond an item's last step. Muraki (1992), eq. 4; Birnbaum (1968), chapter 17, for c.
    """
    points = np.arange(params.intercepts.shape[1] + 1)
    exponents = theta[:, None, None] * (params.slopes[:, None] * points) + sums(params.intercepts)
    exponents -= exponents.max(axis=2, keepdims=True)
    chances = np.exp(exponents)
    chances /= chances.sum(axis=2, keepdims=True)
    chances *= 1 - params.guessing[:, None]
    chances[:, :, 1] += params.guessing
    return cast("Floats", chances)


def sums(intercepts: Floats) -> Floats:
    """Sum the intercepts up to each score: (n_items, m_max) -> (n_items, m_max + 1).

    0 for score 0, -inf beyond an item's last step.
    """
    added = np.cumsum(intercepts, axis=1)
    first = np.zeros((len(intercepts), 1))
    return np.concatenate([first, np.where(np.isnan(added), -np.inf, added)], axis=1)


def write_params(
    path: Path, params: ItemParameters, *, errors: ItemParameters | None = None
) -> None:
    """Write parameters as CSV: item, model, a, d1 … dm, c; then se_a … of `errors`, if given.

    Numbers are written so that reading gives the same ones.
    """
    m = params.intercepts.shape[1]
    names = ["a", *(f"d{step}" for step in range(1, m + 1)), "c"]
    header = ["item", "model", *names]
    table = _table(params)
    if errors is not None:
        header += [f"se_{name}" for name in names]
        table = np.concatenate([table, _table(errors)], axis=1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for item, model, row in zip(params.items, params.models, table, strict=True):
            writer.writerow([item, model, *("" if math.isnan(x) else repr(float(x)) for x in row)])


def _table(params: ItemParameters) -> Floats:
    return np.column_stack([params.slopes, params.intercepts, params.guessing])


def read_params(path: Path) -> ItemParameters:
    """Read parameters that `write_params` or a spreadsheet wrote; columns se_* are not read.

    Raises BadParameters with the line of what it refuses.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        delimiter = ";" if text.partition("\n")[0].count(";") else ","
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadParameters from error
    header = [name.strip() for name in rows[0]] if rows else []
    if not {"item", "model", "a", "d1"} <= set(header) or len(set(header)) < len(header):
        raise BadParameters("The first line must name item, model, a and d1, each once.")
    if not rows[1:]:
        raise BadParameters("The file of item parameters has no item.")
    m = 1
    while f"d{m + 1}" in header and m < MOST_POINTS:
        m += 1
    lines = []
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise BadParameters(f"Line {line} has {len(row)} cells, the first line {len(header)}.")
        lines.append(_Line(line, dict(zip(header, row, strict=True)), m))
    names = tuple(line.cells["item"].strip() for line in lines)
    if len(set(names)) < len(names) or not all(names):
        raise BadParameters("Two items have the same name, or one has none.")
    return ItemParameters(
        names,
        tuple(line.model() for line in lines),
        np.array([line.number("a") for line in lines]),
        np.array([line.steps() for line in lines]),
        np.array([line.guess() for line in lines]),
    )


@dataclass(frozen=True)
class _Line:
    number_of_line: int
    cells: dict[str, str]
    m: int

    def model(self) -> Model:
        written = self.cells["model"].strip()
        if written not in MODELS:
            self._refuse(f"the model must be one of {', '.join(MODELS)}")
        return cast("Model", written)

    def number(self, name: str) -> float:
        try:
            found = float(self.cells[name])
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self._refuse(f"{name} is not a number")
        return found

    def steps(self) -> Sequence[float]:
        names = [f"d{step}" for step in range(1, self.m + 1)]
        filled = [bool(self.cells[name].strip()) for name in names]
        n = sum(filled)
        if n == 0 or not all(filled[:n]):
            self._refuse("the steps d1, d2 … leave one out")
        if n > 1 and self.model() in {"rasch", "2pl", "3pl"}:
            self._refuse("this model has one step, d1; several ask for pcm or gpcm")
        return [self.number(name) for name in names[:n]] + [math.nan] * (self.m - n)

    def guess(self) -> float:
        if not self.cells.get("c", "").strip():
            return 0.0
        found = self.number("c")
        if not 0 <= found < 1 or (found > 0 and self.model() != "3pl"):
            self._refuse("c is a chance below 1, and 0 but with the model 3pl")
        return found

    def _refuse(self, why: str) -> None:
        raise BadParameters(f"Line {self.number_of_line}: {why}.")
