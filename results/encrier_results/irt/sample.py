# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses laid out for calibration: pupils given the same items, in one group, side by side.

Pupils of one block differ, for a model without guessing, by one number: the sum of their points
weighted by slopes. Without free slopes that number is their score, and a nation collapses to a
hundred rows (Andersen, 1977, on minimal sufficiency of the raw score in the Rasch model).

Knows no model but through that remark.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from encrier_results.irt.responses import Floats, Integers, Responses, Scores

PIECE: Final = 2048  # rows turned to floats at once: they stay in the processor's cache
_WORD_BITS: Final = 64


class Block(NamedTuple):
    """Rows start to end: pupils of one group who were given the same items, (n_items,)."""

    start: int
    end: int
    group: int
    given: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows sorted by block, the largest block first.

    scores (n_rows, n_items); group_of, weights (n_rows,); counts (n_items, m_max + 1), weighted,
    of the whole sample even where rows are collapsed.
    """

    scores: Scores
    group_of: Integers
    weights: Floats
    counts: Floats
    blocks: tuple[Block, ...]
    n_groups: int


def sample_of(responses: Responses) -> Sample:
    """Sort the rows of responses into blocks, and count each score of each item."""
    key = _rank_of_mask(responses.scores) * len(responses.groups) + responses.group_of
    _, block_of, sizes = np.unique(key, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), np.intp)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    order = np.argsort(rank[block_of], kind="stable")
    return _of_rows(
        responses.scores[order],
        responses.group_of[order],
        responses.weights[order],
        block_of=rank[block_of][order],
        n_groups=len(responses.groups),
    )


def _of_rows(
    scores: Scores, group_of: Integers, weights: Floats, *, block_of: Integers, n_groups: int
) -> Sample:
    bounds = np.flatnonzero(np.diff(block_of, prepend=-1, append=-1))
    blocks = tuple(
        Block(start, end, int(group_of[start]), scores[start] >= 0)
        for start, end in pairwise(bounds.tolist())
    )
    return Sample(scores, group_of, weights, _counts(scores, weights), blocks, n_groups)


def _rank_of_mask(scores: Scores) -> Integers:
    """A rank for each set of items given: (n_rows,). Sets are bits, sixty-four a word."""
    rank = np.zeros(len(scores), np.intp)
    for first in range(0, scores.shape[1], _WORD_BITS):
        packed = np.packbits(scores[:, first : first + _WORD_BITS] >= 0, axis=1)
        word = np.zeros((len(scores), 8), np.uint8)
        word[:, : packed.shape[1]] = packed
        _, of_word = np.unique(word.view(np.uint64).ravel(), return_inverse=True)
        _, rank = np.unique(rank * (of_word.max() + 1) + of_word, return_inverse=True)
    return rank


def _counts(scores: Scores, weights: Floats) -> Floats:
    m = max(int(scores.max()), 1)
    found = np.zeros((scores.shape[1], m + 1))
    for rows in pieces(len(scores)):
        for points in range(m + 1):
            found[:, points] += weights[rows] @ (scores[rows] == points)
    return found


def pieces(end: int, *, start: int = 0) -> Iterator[slice]:
    """Cut rows into pieces small enough for the processor's cache."""
    for first in range(start, end, PIECE):
        yield slice(first, min(first + PIECE, end))


def collapsed(sample: Sample) -> Sample:
    """One row for each block and score, which stands for all of them; counts stay.

    Exact where every slope is 1: the row kept has the score of those it stands for.
    """
    totals = np.maximum(sample.scores, 0).sum(axis=1, dtype=np.intp)
    block_of = np.repeat(
        np.arange(len(sample.blocks)), [block.end - block.start for block in sample.blocks]
    )
    key = block_of * (totals.max() + 1) + totals
    _, first, of_row = np.unique(key, return_index=True, return_inverse=True)
    made = _of_rows(
        sample.scores[first],
        sample.group_of[first],
        np.bincount(of_row, sample.weights).astype(np.float64),
        block_of=block_of[first],
        n_groups=sample.n_groups,
    )
    return replace(made, counts=sample.counts)


def thinned(sample: Sample, *, to: int) -> Sample:
    """Every so many rows of each block: a smaller sample, to start from."""
    rows = np.arange(0, len(sample.scores), max(1, len(sample.scores) // to))
    block_of = np.searchsorted([block.end for block in sample.blocks], rows, side="right")
    made = _of_rows(
        sample.scores[rows],
        sample.group_of[rows],
        sample.weights[rows],
        block_of=block_of,
        n_groups=sample.n_groups,
    )
    counts = np.zeros_like(sample.counts)
    counts[:, : made.counts.shape[1]] = made.counts
    return replace(made, counts=counts)
