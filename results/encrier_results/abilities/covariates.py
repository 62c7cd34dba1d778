# SPDX-License-Identifier: AGPL-3.0-or-later
"""Columns that are no items, as the regression wants them: numbers as they are, labels as 0 and 1.

This module reads only the columns that are named, and keeps no other.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from encrier_results.abilities.arrays import Floats
from encrier_results.abilities.regression import CannotRegress, Design, intercept_only
from encrier_results.irt.responses import BadResponses
from encrier_results.items.table import rows_of

MOST_COLUMNS: Final = 200  # of the design: a school is no covariate


def read_columns(path: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Read these columns of a file that `read_responses` has already held to its form.

    Raises BadResponses where a column is not there.
    """
    try:
        header, found = rows_of(path)
        titles = [name.strip() for name in header]
        places = [titles.index(name) for name in names]
        rows = [[row[place] for place in places] for row in found]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, IndexError) as error:
        raise BadResponses("A column that you named cannot be read.") from error
    return {name: [row[rank].strip() for row in rows] for rank, name in enumerate(names)}


def design(columns: Mapping[str, Sequence[str]], weights: Floats) -> Design:
    """Make the matrix of a regression from columns of text, and its first column of ones.

    A column of numbers stays one; what is missing there takes the mean, and a column tells so. Of a
    column with labels each gets a column of 0 and 1, but the first in their order, to which they
    compare; an empty cell is a label. Raises CannotRegress past MOST_COLUMNS.
    """
    made = intercept_only(weights)
    names, parts = [made.names[0]], [made.matrix]
    for name, cells in columns.items():
        for column, part in _coded(name, cells):
            names.append(column)
            parts.append(part[:, None])
            if len(names) > MOST_COLUMNS:
                raise CannotRegress(
                    f"The covariates make more than {MOST_COLUMNS} columns.",
                    "Leave out a covariate with many labels, such as a school.",
                )
    return Design(tuple(names), np.concatenate(parts, axis=1), weights)


def _coded(name: str, cells: Sequence[str]) -> list[tuple[str, Floats]]:
    numbers = _numbers(cells)
    if numbers is None:
        labels = sorted(set(cells))
        written = np.array(cells)
        return [
            (f"{name}={label}", (written == label).astype(np.float64))
            for label in labels[1 : MOST_COLUMNS + 1]
        ]
    missing = np.isnan(numbers)
    if not missing.any():
        return [(name, numbers)]
    numbers[missing] = numbers[~missing].mean() if not missing.all() else 0.0
    return [(name, numbers), (f"{name} missing", missing.astype(np.float64))]


def _numbers(cells: Sequence[str]) -> Floats | None:
    """The column as numbers, NaN where empty; None where a cell is something else."""
    try:
        numbers = np.array([float(cell) if cell else math.nan for cell in cells])
    except ValueError:
        return None
    filled = np.array([bool(cell) for cell in cells])
    return numbers if np.isfinite(numbers[filled]).all() else None
