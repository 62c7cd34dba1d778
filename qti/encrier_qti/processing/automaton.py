# SPDX-License-Identifier: AGPL-3.0-or-later
"""Position automata (Glushkov 1961): all the ways to read a text are followed at once.

Nothing is ever tried twice, and what one character costs is known beforehand:
a few moves of a whole set of positions, kept as the bits of one integer. A
text that could cost more than some tens of milliseconds is refused by TooLong,
always at the same length, whatever has been read before.
Knows no syntax of patterns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeVar

from encrier_qti.processing.characters import Test

_MAX_POSITIONS: Final = 1_000
_MAX_STEPS: Final = 20_000  # pieces put together while a pattern is written out
_MAX_EDGES: Final = 20_000  # beyond, no moves in common are looked for
_COMMON: Final = 4  # positions that go as far forward, for that to be a move of its own
_WORK: Final = 300_000  # moves that one text may take: some 40 ms
_LOOK: Final = 3  # moves that take as long as a look at a character
_KEPT: Final = 4_096  # sets of positions whose followers are remembered

_Key = TypeVar("_Key")
_Move = tuple[int, int]  # from which positions; how far on, or to which positions


class BadPattern(ValueError):
    """A pattern that is not one, or that is too large."""


class TooLong(ValueError):
    """A text that this pattern takes too long to read; it is not repeated."""


class Fragment(NamedTuple):
    """A part of the automaton; `first` and `last` are sets of positions, as bits."""

    empty: bool  # whether it can match nothing at all
    first: int
    last: int


NOTHING: Final = Fragment(empty=True, first=0, last=0)


class Automaton:
    """Positions, what each reads, and which may follow it."""

    def __init__(self) -> None:
        self.n_positions = 0
        self.steps = 0
        self._before: dict[int, int] = defaultdict(int)  # positions -> those they all may follow
        self._letters: dict[str, int] = defaultdict(int)  # a character -> positions that read it
        self._classes: dict[Test, int] = defaultdict(int)
        self._cost: dict[Test, int] = {}  # how many characters and ranges a class looks at

    def read_letter(self, character: str) -> Fragment:
        """Add a position that reads one character."""
        found = self._position()
        self._letters[character] |= found.first
        return found

    def read_class(self, test: Test, *, cost: int) -> Fragment:
        """Add a position that reads any character of a class."""
        found = self._position()
        self._classes[test] |= found.first
        self._cost[test] = cost
        return found

    def chain(self, one: Fragment, other: Fragment) -> Fragment:
        """Put one part after another. Raises BadPattern, as reading does, where it is too much."""
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise BadPattern
        if one.last and other.first:
            self._before[other.first] |= one.last
        return Fragment(
            empty=one.empty and other.empty,
            first=one.first | (other.first if one.empty else 0),
            last=other.last | (one.last if other.empty else 0),
        )

    def matcher(self, whole: Fragment) -> Callable[[str], bool]:
        """Give what tells whether a text is one of this part. It raises TooLong."""
        shifts, jumps = _moves(self._before)
        longest = _WORK // (1 + len(shifts) + len(jumps))
        most_looks = _WORK // (1 + _LOOK * sum(self._cost.values()))
        followers: dict[int, int] = {}
        readers: dict[str, int] = {}

        def matches(text: str) -> bool:
            if len(text) > most_looks and _looks(text) > most_looks:
                raise TooLong
            allowed, reached = whole.first, 0
            for character in text[:longest]:
                mask = readers.get(character)
                if mask is None:
                    mask = _kept(readers, character, self._reading(character))
                reached = allowed & mask
                if not reached:
                    return False
                found = followers.get(reached)
                if found is None:
                    found = _kept(followers, reached, _moved(reached, shifts, jumps))
                allowed = found
            if len(text) > longest:
                raise TooLong
            return bool(reached & whole.last) if text else whole.empty

        return matches

    def _position(self) -> Fragment:
        if self.n_positions >= _MAX_POSITIONS:
            raise BadPattern
        bit = 1 << self.n_positions
        self.n_positions += 1
        return Fragment(empty=False, first=bit, last=bit)

    def _reading(self, character: str) -> int:
        mask = self._letters.get(character, 0)
        for test, positions in self._classes.items():
            if test(character):
                mask |= positions
        return mask


def _looks(text: str) -> int:
    """How many characters of a text are looked at: those that are remembered, once."""
    different = len(set(text))
    return different if different < _KEPT else len(text)


def _moved(reached: int, shifts: list[_Move], jumps: list[_Move]) -> int:
    allowed = 0
    for these, by in shifts:
        here = reached & these
        allowed |= here << by if by >= 0 else here >> -by
    for these, there in jumps:
        if reached & these:
            allowed |= there
    return allowed


def _moves(before: dict[int, int]) -> tuple[list[_Move], list[_Move]]:
    """Give the fewest moves found that say which positions follow which.

    Jumps alone: from any of these to all of those. Or first the moves forward or
    back by as much that many positions share, as those of a repeat do.
    """
    jumps = [(these, there) for there, these in before.items()]
    if sum(one.bit_count() * other.bit_count() for one, other in jumps) > _MAX_EDGES:
        return [], jumps
    ways: dict[int, int] = defaultdict(int)
    for these, there in jumps:
        for start in _positions(these):
            for end in _positions(there):
                ways[end - start] |= 1 << start
    shifts = [(these, by) for by, these in ways.items() if these.bit_count() >= _COMMON]
    left: dict[int, int] = defaultdict(int)
    for by, these in ways.items():
        if these.bit_count() < _COMMON:
            for start in _positions(these):
                left[start] |= 1 << (start + by)
    rest: dict[int, int] = defaultdict(int)
    for start, there in left.items():
        rest[there] |= 1 << start
    mixed = [(these, there) for there, these in rest.items()]
    return (shifts, mixed) if len(shifts) + len(mixed) < len(jumps) else ([], jumps)


def _positions(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _kept(memory: dict[_Key, int], key: _Key, found: int) -> int:
    """Remember, but never more than so much."""
    if len(memory) >= _KEPT:
        memory.clear()
    memory[key] = found
    return found
