# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which column is which, by the words of its header.

ONDE's own extraction has one set of headers, with a space before " Cycle"; its "extraction
personnalisée" lets the head choose columns and order, and any other sheet has its own: we go by
names alone.
Knows headers, never a pupil's cell.
"""

from collections.abc import Sequence
from typing import Final

from encrier.records import Record
from encrier_names.rosters.cells import clean
from encrier_names.rosters.identifiers import plain

REQUIRED: Final = ("last_name", "first_name", "level")
SHOWN: Final = {  # what a head reads on the screen of ONDE
    "last_name": "Nom élève",
    "first_name": "Prénom élève",
    "level": "Niveau",
    "birth_date": "Date naissance",
    "sex": "Sexe",
    "ine": "INE",
    "division": "Libellé classe",
}
_MAX_SHOWN: Final = 40  # characters of a header that is not ours

_WRITTEN: Final = {  # in order of preference
    "last_name": (
        "nom eleve", "nom de l eleve", "nom de famille eleve", "nom de famille", "nom"
    ),
    "used_name": (
        "nom d usage eleve", "nom d usage de l eleve", "nom d usage", "nom usage eleve", "nom usage"
    ),
    "first_name": ("prenom eleve", "prenom de l eleve", "prenom 1", "prenom"),
    "birth_date": (
        "date naissance", "date de naissance", "date naissance eleve", "date de naissance eleve"
    ),
    "sex": ("sexe", "sexe eleve"),
    "ine": ("ine", "ine eleve", "numero ine", "identifiant national eleve", "identifiant national"),
    "level": ("niveau", "niveau eleve", "niveau de l eleve"),
    "division": (
        "libelle classe", "libelle de la classe", "nom de la classe", "classe", "identifiant classe"
    ),
    "uai": ("uai", "uai etablissement", "numero uai", "code uai", "rne"),
}  # fmt: skip
_OF_ONDE: Final = {"nom eleve", "nom de l eleve", "libelle classe", "cycle"}


class Columns(Record, frozen=True):
    """The place of each column we read, and the names of those we do not."""

    places: dict[str, int]
    dropped: tuple[str, ...]
    width: int
    of_onde: bool  # whether a header is one that only ONDE writes

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(SHOWN[field] for field in SHOWN if field not in self.places)

    @property
    def complete(self) -> bool:
        return all(field in self.places for field in REQUIRED)


def columns_of(header: Sequence[str]) -> Columns:
    """Recognise the columns of a header row; the first of two columns of one name counts."""
    known = {name: place for place, name in reversed(list(enumerate(map(plain, header))))}
    places = {}
    for field, names in _WRITTEN.items():
        place = next((known[name] for name in names if name in known), None)
        if place is not None:
            places[field] = place
    ours = set(places.values())
    others = (clean(name)[:_MAX_SHOWN] for i, name in enumerate(header) if i not in ours)
    return Columns(
        places=places,
        dropped=tuple(dict.fromkeys(filter(None, others))),
        width=len(header),
        of_onde=not _OF_ONDE.isdisjoint(known),
    )
