# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which an author wrote choices must not travel: it is often the key.

Where choices are to be shuffled, the player draws an order for each pupil.
What it starts from stands in the page for all to read, so it is put here in
an order that depends on the identifiers alone. The order a pupil saw can be
drawn again from the seed: docs/spec/bundle.md, "The order of choices".
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.model import Record
from encrier_qti.reading.safe_xml import local

_SHUFFLED: Final = frozenset(
    {
        "qti-simple-choice", "qti-inline-choice", "qti-simple-associable-choice",
        "qti-gap-text", "qti-gap-img",
    }
)  # fmt: skip
_SETS: Final = "qti-simple-match-set"
_MASK: Final = 0xFFFFFFFF


class Choices(Record, frozen=True):
    """One set of choices that the player shuffles, in the order in which it finds them.

    `part` is added to the seed: "/0" and "/1" for the two sets of a match, else "".
    """

    response: str
    part: str
    choices: tuple[str, ...]
    fixed: tuple[str, ...]


def to_shuffle(made: etree._Element) -> Iterable[Choices]:
    """Give what the player will shuffle in an item that travels."""
    for interaction in made.iter(etree.Element):
        if interaction.get("data-shuffle") != "true":
            continue
        sets = [child for child in interaction if local(child) == _SETS]
        for place, holder in enumerate(sets or [interaction]):
            choices = [child for child in holder.iter(etree.Element) if local(child) in _SHUFFLED]
            yield Choices(
                response=interaction.get("response-identifier", ""),
                part=f"/{place}" if sets else "",
                choices=tuple(choice.get("identifier", "") for choice in choices),
                fixed=tuple(
                    choice.get("identifier", "")
                    for choice in choices
                    if choice.get("fixed") == "true"
                ),
            )


def seen(choices: Choices, *, sitting: str, item: str) -> tuple[str, ...]:
    """Give the order in which a pupil saw choices; `sitting` is its identifier in hex.

    The same draw as player/src/items/shuffle.js: FNV-1a of the seed (Fowler,
    Noll, Vo), then mulberry32 (T. Ettinger, 2017), then a Fisher-Yates shuffle.
    """
    numbers = _Numbers(f"{sitting}/{item}/{choices.response}{choices.part}")
    free = [choice for choice in choices.choices if choice not in choices.fixed]
    for last in range(len(free) - 1, 0, -1):
        other = numbers.next() * (last + 1) >> 32
        free[last], free[other] = free[other], free[last]
    drawn = iter(free)
    return tuple(choice if choice in choices.fixed else next(drawn) for choice in choices.choices)


class _Numbers:
    """Whole numbers of 32 bits from a text."""

    def __init__(self, seed: str) -> None:
        self.state = 0x811C9DC5
        units = seed.encode("utf-16-le")
        for low, high in zip(units[::2], units[1::2], strict=True):
            self.state = (self.state ^ (low | high << 8)) * 0x01000193 & _MASK

    def next(self) -> int:
        self.state = self.state + 0x6D2B79F5 & _MASK
        mixed = (self.state ^ self.state >> 15) * (1 | self.state) & _MASK
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (61 | mixed) & _MASK) & _MASK
        return mixed ^ mixed >> 14


def forget_order(interaction: etree._Element) -> None:
    """Reorder the choices of an interaction marked data-shuffle, each set by itself.

    A choice marked fixed keeps its place. Done twice, it changes nothing more.
    """
    if interaction.get("data-shuffle") != "true":
        return
    sets = [child for child in interaction if local(child) == _SETS]
    for holder in sets or [interaction]:
        _reorder(holder)


def _reorder(holder: etree._Element) -> None:
    children = list(holder)
    tails = [child.tail for child in children]
    free = [place for place, child in enumerate(children) if _is_free(child)]
    ranked = sorted((children[place] for place in free), key=_rank)
    for place, child in zip(free, ranked, strict=True):
        children[place] = child
    holder[:] = children  # all at once: one by one takes minutes on a hostile item
    for child, tail in zip(children, tails, strict=True):
        child.tail = tail


def _is_free(child: etree._Element) -> bool:
    return local(child) in _SHUFFLED and child.get("fixed") != "true"


def _rank(choice: etree._Element) -> bytes:
    return hashlib.sha256(choice.get("identifier", "").encode()).digest()
