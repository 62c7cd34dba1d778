# SPDX-License-Identifier: AGPL-3.0-or-later
"""Merkle trees as RFC 6962 hashes them: one digest stands for many statements.

Knows bytes and SHA-256 only. A path shows that one statement is among those that a root stands
for, and tells nothing of the others but their digests.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from encrier.errors import BadSignature

DIGEST_SIZE: Final = 32
_LEAF: Final = b"\0"  # RFC 6962, section 2.1: a leaf can never be taken for a node
_NODE: Final = b"\1"


def leaf_of(statement: bytes) -> bytes:
    """The digest of one statement."""
    return hashlib.sha256(_LEAF + statement).digest()


def tree_of(leaves: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
    """The root of these leaves, and the path of each: the digests beside it, from below.

    leaves: 32 bytes each, at least one. A path has 32 bytes for each level at which its leaf has
    somebody beside it.
    """
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        levels.append(_level_above(levels[-1]))
    return levels[-1][0], [_path(levels[:-1], at) for at in range(len(leaves))]


def root_by(leaf: bytes, *, at: int, n_leaves: int, path: bytes) -> bytes:
    """The root that a path leads to from the leaf of rank `at` (RFC 9162, section 2.1.3.2).

    Raises BadSignature for a path that no tree of this size has.
    """
    if at >= n_leaves or len(path) % DIGEST_SIZE:
        raise BadSignature
    node, last = leaf, n_leaves - 1
    rest = [path[i : i + DIGEST_SIZE] for i in range(0, len(path), DIGEST_SIZE)]
    while last:
        if at % 2 or at < last:  # somebody stands beside it
            if not rest:
                raise BadSignature
            beside = rest.pop(0)
            node = _above(beside, node) if at % 2 else _above(node, beside)
        at, last = at // 2, last // 2
    if rest:
        raise BadSignature
    return node


def _path(levels: Sequence[Sequence[bytes]], at: int) -> bytes:
    beside: list[bytes] = []
    for level in levels:
        if at ^ 1 < len(level):  # the last of an odd level goes up alone
            beside.append(level[at ^ 1])
        at //= 2
    return b"".join(beside)


def _above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Two by two; who has nobody beside it goes up as it is."""
    pairs = [_above(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
