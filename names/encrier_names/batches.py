# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cuts a long list into what one query or one transaction takes. Pure."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(listed: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The list in order, in pieces of `size`, the last one shorter; no piece of an empty list."""
    for at in range(0, len(listed), size):
        yield listed[at : at + size]
