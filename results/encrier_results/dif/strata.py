# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupils who can be compared: same items given, same score on them.

Knows scores by row; never who a row is. Pure.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from encrier_results.irt.responses import Responses

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def patterns(responses: Responses) -> Ints:
    """Give each pupil the rank of her pattern of items given (n_pupils,), from 0."""
    packed = np.ascontiguousarray(np.packbits(responses.scores >= 0, axis=1))
    rows = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    return np.unique(rows, return_inverse=True)[1].astype(np.int64)


def totals(responses: Responses, *, without: Collection[int] = ()) -> Ints:
    """Give each pupil's sum over what she was given (n_pupils,), but for these columns."""
    total = np.zeros(len(responses.scores), dtype=np.int64)
    for column in set(range(len(responses.items))) - set(without):
        total += np.maximum(responses.scores[:, column], 0)
    return total


def counts(scores: Ints, strata: Ints, focal: npt.NDArray[np.bool_]) -> Floats:
    """Count pupils by stratum, group and score (n_strata, 2, m + 1); group 1 is the focal one.

    scores (n_pupils,) from 0 to m, strata (n_pupils,) any numbers. Strata in which one of the
    groups is not there compare nobody and are left out.
    """
    names, ranks = np.unique(strata, return_inverse=True)
    n_scores = int(scores.max(initial=0)) + 1
    cells = (ranks * 2 + focal) * n_scores + scores
    flat = np.bincount(cells, minlength=len(names) * 2 * n_scores).astype(float)
    table: Floats = flat.reshape(len(names), 2, n_scores)
    kept: Floats = table[(table.sum(2) > 0).all(1)]
    return kept
