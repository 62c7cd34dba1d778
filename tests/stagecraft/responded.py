# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses made by hand or by a model whose parameters are known."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from encrier_results.irt.responses import Responses

Floats = npt.NDArray[np.float64]


def responses_of(
    scores: npt.ArrayLike,
    *,
    groups: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
) -> Responses:
    """Responses with items i0, i1 … and, of each row, the label of its group."""
    table = np.array(scores, dtype=np.int8)
    labels = groups or ["all"] * len(table)
    names = tuple(sorted(set(labels)))
    return Responses(
        items=tuple(f"i{column}" for column in range(table.shape[1])),
        scores=table,
        groups=names,
        group_of=np.array([names.index(label) for label in labels], dtype=np.intp),
        weights=np.ones(len(table)) if weights is None else np.array(weights, dtype=float),
    )


def sat(theta: Floats, slopes: Floats, difficulties: Floats, *, seed: int) -> npt.NDArray[np.int8]:
    """Right or wrong of each pupil at each item, drawn from the two-parameter logistic.

    difficulties (n_items,), or (n_pupils, n_items) where they differ by pupil.
    """
    chances = 1.0 / (1.0 + np.exp(-slopes * (theta[:, None] - difficulties)))
    return (np.random.default_rng(seed).random(chances.shape) < chances).astype(np.int8)


def shared(name: str) -> Path:
    """A real file of responses, which is not in the project; skips where it is not there."""
    file = Path(os.environ.get("ENCRIER_SHARED", "")) / "data/psychometrics" / name
    if "ENCRIER_SHARED" not in os.environ or not file.exists():
        pytest.skip("ENCRIER_SHARED names no folder of reference data")
    return file
