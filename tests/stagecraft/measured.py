# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items and answers as tests of scoring and linking want them: made up, or published."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from encrier_results.irt.items import ItemParameters, Model, probabilities
from encrier_results.irt.responses import Responses

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PSYCHOMETRICS = SHARED / "data/psychometrics"
needs_references = pytest.mark.skipif(
    not PSYCHOMETRICS.is_dir(), reason="the published data sets are not on this machine"
)

Floats = NDArray[np.float64]


def published(name: str) -> list[dict[str, str]]:
    """The rows of a published file, by the names of its columns."""
    with (PSYCHOMETRICS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def items(
    slopes: Sequence[float],
    intercepts: Sequence[Sequence[float]],
    *,
    guessing: Sequence[float] | None = None,
    names: Sequence[str] | None = None,
) -> ItemParameters:
    """Items of any models: one intercept a step; a guess makes a 3PL."""
    longest = max(len(steps) for steps in intercepts)
    chances = np.zeros(len(slopes)) if guessing is None else np.array(guessing, dtype=float)
    models: list[Model] = [
        "3pl" if c > 0 else "gpcm" if len(steps) > 1 else "2pl"
        for c, steps in zip(chances, intercepts, strict=True)
    ]
    return ItemParameters(
        tuple(names or (f"i{rank}" for rank in range(len(slopes)))),
        tuple(models),
        np.array(slopes, dtype=float),
        np.array([[*steps, *[np.nan] * (longest - len(steps))] for steps in intercepts]),
        chances,
    )


def drawn_items(n_items: int, *, seed: int, names: Sequence[str] | None = None) -> ItemParameters:
    """A test of the 2PL such as a calibration gives."""
    chance = np.random.default_rng(seed)
    slopes = np.exp(chance.normal(0.15, 0.3, n_items))
    difficulties = np.clip(chance.normal(-0.3, 1.0, n_items), -2.8, 2.8)
    return items(slopes.tolist(), [[d] for d in (-slopes * difficulties).tolist()], names=names)


def answered(parameters: ItemParameters, scores: Sequence[Sequence[int]]) -> Responses:
    """What pupils answered, item by item; -1 where nothing was given."""
    return Responses(
        parameters.items,
        np.array(scores, dtype=np.int8).reshape(-1, len(parameters.items)),
        ("all",),
        np.zeros(len(scores), dtype=np.intp),
        np.ones(len(scores)),
    )


def simulated(
    parameters: ItemParameters, theta: Floats, *, seed: int, given: float = 1.0
) -> Responses:
    """Answers of pupils of these abilities to items, each given with the chance `given`."""
    chance = np.random.default_rng(seed)
    reached = np.cumsum(probabilities(parameters, theta), axis=2)
    uniform = chance.random((len(theta), len(parameters.items), 1))
    scores = (uniform > reached[:, :, :-1]).sum(axis=2)
    scores[chance.random(scores.shape) >= given] = -1
    return answered(parameters, scores.tolist())
