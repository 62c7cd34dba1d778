# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of a class in the order of a French class list, and how a list changes by hand."""

import unicodedata

from encrier_names.schools.models import Division, Identity, Pupil


def sort_key(identity: Identity) -> tuple[str, str]:
    """Alphabetical order without accents or case, family name then first name."""
    return _plain(identity.used_name or identity.last_name), _plain(identity.first_name)


def pupils_of(division: Division) -> list[Pupil]:
    """The pupils of a class in alphabetical order."""
    return sorted(division.pupils.all(), key=lambda p: sort_key(p.identity))


def add(division: Division, identity: Identity, *, level: str) -> Pupil:
    """Add a pupil; the list is then to be validated again."""
    pupil = Pupil(division=division, level=level)
    pupil.identity = identity
    pupil.save(force_insert=True)
    Division.objects.filter(id=division.id).update(validated_at=None)
    return pupil


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
