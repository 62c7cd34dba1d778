# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws that come out the same in Python and in a browser: from hashes, not from a generator.

docs/spec/draws.md. Each draw has names of its own, so that one more draw
changes no other. A seed is not secret and a draw is not hard to guess: it
tells neighbours apart, it hides nothing.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

_LENGTH: Final = 4  # bytes before each name
_NUMBER: Final = 6  # bytes of a number: JavaScript counts exactly to 2^53


def rank(seed: str, *names: str) -> bytes:
    """Give 32 bytes by which to order what has these names."""
    digest = hashlib.sha256()
    for name in (seed, *names):
        encoded = name.encode()
        digest.update(len(encoded).to_bytes(_LENGTH, "big"))
        digest.update(encoded)
    return digest.digest()


def number(seed: str, *names: str, below: int) -> int:
    """Give a whole number from 0 to `below` - 1; `below` is at most 2^24."""
    return int.from_bytes(rank(seed, *names)[:_NUMBER], "big") % below


def order(seed: str, *names: str, among: Iterable[str]) -> tuple[str, ...]:
    """Give distinct names in the order of their ranks."""
    return tuple(sorted(among, key=lambda name: rank(seed, *names, name)))
