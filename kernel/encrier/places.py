# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pair serves a code: its first two letters say it, for the manifest says whose they are.

Two letters are a place; there are 361. `places` in the manifest has one character each, BB first,
then BC: "." while nobody uses it, else a pair, 1 to 9, then a for 10 to z for 35. Empty: there is
one pair, numbered 0. A place that is in use never moves, for its codes are on paper.

Knows letters and numbers of pairs; never a school, an address or whose a code is.
"""

from collections.abc import Sequence
from typing import Final

from encrier.codes import LETTERS
from encrier.errors import BadRecord

COUNT: Final = len(LETTERS) ** 2
FREE: Final = "."
ONLY: Final = 0  # the pair of a campaign that has one
_PAIRS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
MOST: Final = len(_PAIRS)


class NoPlaceLeft(BadRecord):
    what = "The places of the campaign are in use: no pair can be added to it."
    next_step = "Add a node to a pair that is there. For the next campaign leave room: --room."


def pair_of(places: str, code: str) -> int | None:
    """The pair that serves a code; None where its place is in nobody's use."""
    if not places:
        return ONLY
    first, second = (LETTERS.index(letter) for letter in code[:2])
    written = places[first * len(LETTERS) + second]
    return None if written == FREE else _PAIRS.index(written) + 1


def pairs_in(places: str) -> tuple[int, ...]:
    """The pairs that serve a place, in order."""
    return tuple(pair for pair, written in enumerate(_PAIRS, 1) if written in places) or (ONLY,)


def of_pair(places: str, pair: int) -> tuple[int, ...]:
    """The places of a pair, where its codes are drawn; never none (BadRecord)."""
    if not places:
        return tuple(range(COUNT))
    if pair not in pairs_in(places):
        raise BadRecord(f"Pair {pair} serves no place of this manifest.")
    return tuple(place for place, written in enumerate(places) if written == _PAIRS[pair - 1])


def shared(pairs: Sequence[int], *, room: int) -> str:
    """The places of a new campaign: an equal share to each of its pairs, of `room` that may come.

    Each share costs its codes log2(room) bits of what nobody can guess. docs/spec/codes.md.
    """
    if not 1 <= len(pairs) <= room <= MOST:
        raise BadRecord(f"A campaign has 1 to {MOST} pairs, and room for them.")
    places = FREE * COUNT
    for pair in pairs:
        places = added(places, pair, n_places=COUNT // room)
    return places


def added(places: str, pair: int, *, n_places: int) -> str:
    """The same with one pair more, in the first places that nobody uses; others stay as they are.

    Raises NoPlaceLeft where fewer are left: codes in few places are easier to guess.
    """
    if not 1 <= pair <= MOST or pair in pairs_in(places):
        raise BadRecord(f"A pair is numbered 1 to {MOST}, and only one has each number.")
    free = [place for place, written in enumerate(places) if written == FREE][:n_places]
    if len(free) < n_places:
        raise NoPlaceLeft
    return "".join(
        _PAIRS[pair - 1] if place in free else written for place, written in enumerate(places)
    )


def are_sound(places: str) -> bool:
    """Whether this is what a manifest may say."""
    return not places or (len(places) == COUNT and set(places) <= {FREE, *_PAIRS})
