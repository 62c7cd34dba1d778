# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which an author wrote choices must not travel: it is often the key.

Where choices are to be shuffled, the player draws an order for each pupil.
What it starts from stands in the page for all to read, so it is put here in
an order that depends on the identifiers alone.
"""

import hashlib
from typing import Final

from lxml import etree

from encrier_qti.reading.safe_xml import local

_SHUFFLED: Final = frozenset(
    {
        "qti-simple-choice", "qti-inline-choice", "qti-simple-associable-choice",
        "qti-gap-text", "qti-gap-img",
    }
)  # fmt: skip
_SETS: Final = "qti-simple-match-set"


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
    return local(child) in _SHUFFLED and child.get("fixed", "").strip() not in {"true", "1"}


def _rank(choice: etree._Element) -> bytes:
    return hashlib.sha256(choice.get("identifier", "").encode()).digest()
