# SPDX-License-Identifier: AGPL-3.0-or-later
"""The arrays of scoring, and how long work on many pupils is cut: knows no model, no pupil."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

Floats: TypeAlias = NDArray[np.float64]
Scores: TypeAlias = NDArray[np.int8]  # -1 where an item was not given
Places: TypeAlias = NDArray[np.intp]

CHUNK: Final = 2048  # pupils; with 61 nodes a chunk is a megabyte, which a processor keeps at hand


def each_chunk(n_pupils: int, work: Callable[[slice], None]) -> None:
    """Do this work on slices of the pupils, on all processors: numpy lets threads run together.

    The slices depend on the number of pupils only, never on the machine. OpenBLAS gets one thread
    meanwhile: its own would spin beside ours, which took five times the processor time.
    """
    slices = [slice(first, min(first + CHUNK, n_pupils)) for first in range(0, n_pupils, CHUNK)]
    if len(slices) <= 1:
        for one in slices:
            work(one)
        return
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(work, slices):
            pass
