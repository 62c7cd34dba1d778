# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses for the tests of calibration: drawn by a model, or published ones where they are.

Published data stay outside of the project: beside it in `shared`, or where ENCRIER_SHARED says.
The likelihood is written here a second time, pupil by pupil, to judge the one under test.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from encrier_results.irt.calibration import CalibrationResult
from encrier_results.irt.items import ItemParameters, Model, probabilities
from encrier_results.irt.responses import Responses, read_responses

Floats = NDArray[np.float64]
SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FOLDER = SHARED / "data" / "psychometrics"
NOT_THERE = "the published data are not beside the project, nor where ENCRIER_SHARED says"


def published(name: str, *, weight: str | None = None) -> Responses:
    """Read published responses, or skip the test where they are not."""
    return read_responses(_found(name), weight=weight)


def science(folder: Path) -> Responses:
    """Science, whose scores are written 1 to 4, as 0 to 3."""
    with _found("mirt_Science.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    made = [header, *([str(int(cell) - 1) for cell in row] for row in rows)]
    (folder / "science.csv").write_text("\n".join(",".join(row) for row in made) + "\n", "utf-8")
    return read_responses(folder / "science.csv")


def table(name: str) -> Floats:
    """Read a table of reference numbers, or skip the test where it is not."""
    return np.loadtxt(_found(name), delimiter=",", skiprows=1)


def _found(name: str) -> Path:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(NOT_THERE)
    return path


def true_items(n_items: int, model: Model, *, n_steps: int = 1, seed: int = 1) -> ItemParameters:
    """Items as an assessment has them: slopes around 1.2, difficulties around -0.3."""
    dice = np.random.default_rng(seed)
    one_slope = model in {"rasch", "pcm"}
    slopes = np.ones(n_items) if one_slope else np.exp(dice.normal(0.15, 0.3, n_items))
    places = dice.normal(-0.3, 1, n_items)[:, None] + 0.8 * (np.arange(n_steps) - (n_steps - 1) / 2)
    return ItemParameters(
        tuple(f"i{rank}" for rank in range(n_items)),
        (model,) * n_items,
        slopes,
        -slopes[:, None] * places,
        np.full(n_items, 0.2 if model == "3pl" else 0.0),
    )


def drawn(
    items: ItemParameters,
    theta: Floats,
    *,
    seed: int = 2,
    n_booklets: int = 1,
    group_of: NDArray[np.intp] | None = None,
) -> Responses:
    """Responses of pupils at theta; of several booklets, each leaves out its share of items."""
    dice = np.random.default_rng(seed)
    n_pupils, n_items = len(theta), len(items.items)
    scores = np.empty((n_pupils, n_items), np.int8)
    for first in range(0, n_pupils, 5000):
        rows = slice(first, first + 5000)
        below = np.cumsum(probabilities(items, theta[rows]), axis=2)[:, :, :-1]
        scores[rows] = (dice.random(below.shape[:2])[:, :, None] > below).sum(axis=2)
    if n_booklets > 1:
        left_out = np.arange(n_items) % n_booklets
        scores[left_out == dice.integers(0, n_booklets, n_pupils)[:, None]] = -1
    group_of = np.zeros(n_pupils, np.intp) if group_of is None else group_of
    groups = tuple("ABCDEFGH"[: group_of.max() + 1])
    return Responses(items.items, scores, groups, group_of, np.ones(n_pupils))


def log_likelihood(
    items: ItemParameters, responses: Responses, *, means: Floats, variances: Floats
) -> float:
    """The marginal log-likelihood, from its definition: Bock and Aitkin (1981), eq. 4."""
    theta = np.linspace(-8, 8, 321)
    chances = np.log(probabilities(items, theta))
    total = 0.0
    for scores, group, weight in zip(
        responses.scores, responses.group_of, responses.weights, strict=True
    ):
        density = np.exp(-((theta - means[group]) ** 2) / (2 * variances[group]))
        given = np.flatnonzero(scores >= 0)
        joint = np.exp(chances[:, given, scores[given]].sum(axis=1)) * density
        total += weight * np.log(joint.sum() / density.sum())
    return float(total)


def log_likelihood_at(found: CalibrationResult, responses: Responses) -> float:
    """The same, at what a calibration found."""
    means = np.array([group.mean for group in found.groups])
    variances = np.array([group.variance for group in found.groups])
    return log_likelihood(found.parameters, responses, means=means, variances=variances)
