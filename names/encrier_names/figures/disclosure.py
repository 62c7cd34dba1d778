# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which cells of a table of counts are hidden, so that no small group can be told. Pure.

A group of fewer pupils than the campaign's minimum is hidden; where it is the only one of its
total, the next smallest too, since the total minus the others would give it back.
"""

from collections.abc import Sequence


def hidden(sizes: Sequence[int], *, minimum: int, has_total: bool = True) -> frozenset[int]:
    """The places of the groups to hide, of those whose sizes these are.

    A group of nobody hides nobody and is told. has_total: the sum of all is told beside them.
    """
    small = {place for place, size in enumerate(sizes) if 0 < size < minimum}
    if not has_total or not small:
        return frozenset(small)
    concealed = sum(sizes[place] for place in small)
    rest = sorted(
        (place for place, size in enumerate(sizes) if size >= minimum), key=sizes.__getitem__
    )
    if (len(small) == 1 or concealed < minimum) and rest:
        small.add(rest[0])
    return frozenset(small)
