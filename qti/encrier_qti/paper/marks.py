# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture for each page: a teacher says « la page avec un escargot » to who cannot read.

Knows pages by number only.
"""

from typing import Final

from encrier import pictograms
from encrier_qti.model import Record

_ORDER: Final = (
    *("escargot", "parapluie", "fusee", "cerises", "tortue", "cle", "ballon", "sapin", "glace"),
    *("velo", "etoile", "ecureuil", "marteau", "raisin", "train", "chien", "lunettes", "palmier"),
    *("cloche", "panda", "tente", "croissant", "avion", "oiseau", "ampoule", "couronne"),
    *("tracteur", "oeuf", "ancre", "pizza", "montagne", "ciseaux", "nuage", "diamant", "tambour"),
)
_COVER: Final = 1  # has no mark


class Mark(Record, frozen=True):
    """A picture in SVG, and its name with an article."""

    label: str
    svg: str


def _drawn() -> tuple[Mark, ...]:
    every = {each.id: each for each in pictograms.every()}
    return tuple(Mark(label=every[name].label, svg=every[name].svg) for name in _ORDER)


MARKS: Final = _drawn()


def mark_of(page: int) -> Mark:
    """Give the mark of a page of the pupil's booklet, the cover being page 1."""
    return MARKS[(page - 1 - _COVER) % len(MARKS)]
