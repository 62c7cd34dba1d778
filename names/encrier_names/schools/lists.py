# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of a class in the order of a French class list, and how a list changes by hand."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from encrier_names.schools.models import Division, Identity, Pupil, School

K = TypeVar("K")
_SAME: Final = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "‐": "-"})


def sort_key(identity: Identity) -> tuple[str, str]:
    """Alphabetical order without accents or case, family name then first name."""
    return folded(identity.used_name or identity.last_name), folded(identity.first_name)


def pupils_of(division: Division) -> list[Pupil]:
    """The pupils of a class in alphabetical order."""
    return in_order(division.pupils.all())


def in_order(pupils: Iterable[Pupil]) -> list[Pupil]:
    """These pupils in alphabetical order."""
    return sorted(pupils, key=lambda p: sort_key(p.identity))


def recognised(read: Sequence[Identity], known: Mapping[K, Identity]) -> dict[int, K]:
    """Tell which pupil we know each identity is: rank in `read` -> key in `known`. Pure.

    The same INE; else the same names and birth date, where one of the two has no INE. Nobody is
    recognised twice.
    """
    if not known:
        return {}
    by_ine = {identity.ine: key for key, identity in known.items() if identity.ine}
    found = {
        rank: by_ine.pop(identity.ine)
        for rank, identity in enumerate(read)
        if identity.ine in by_ine
    }
    taken = set(found.values())
    by_name: dict[tuple[object, ...], list[K]] = {}
    for key, identity in known.items():
        if key not in taken:
            by_name.setdefault(_person(identity), []).append(key)
    for rank, identity in enumerate(read):
        namesakes = [] if rank in found else by_name.get(_person(identity), [])
        fitting = [key for key in namesakes if not (identity.ine and known[key].ine)]
        if fitting:
            found[rank] = min(fitting, key=lambda key: known[key].ine is not None)
            namesakes.remove(found[rank])
    return found


def resembling(strangers: Mapping[int, Identity], known: Mapping[K, Identity]) -> dict[int, K]:
    """Tell whom each stranger may be, though we cannot be sure. Pure.

    The same names in either order, or the same first name and birth date with another family
    name. Nobody resembles two.
    """
    by_look: dict[object, list[K]] = {}
    for key, identity in known.items():
        for look in _looks(identity):
            by_look.setdefault(look, []).append(key)
    found: dict[int, K] = {}
    for place, identity in strangers.items():
        alike = (key for look in _looks(identity) for key in by_look.get(look, ()))
        for key in alike:
            if key not in found.values():
                found[place] = key
                break
    return found


def namesake(school: School, identity: Identity, *, apart_from: UUID | None = None) -> Pupil | None:
    """The pupil of a school that this identity would be a second row of."""
    pupils = Pupil.objects.filter(division__school=school).select_related("division")
    known = {pupil: pupil.identity for pupil in pupils if pupil.id != apart_from}
    return recognised([identity], known).get(0)


def add(division: Division, identity: Identity, *, level: str) -> Pupil:
    """Add a pupil; the list is then to be validated again."""
    pupil = Pupil(division=division, level=level)
    pupil.identity = identity
    pupil.save(force_insert=True)
    reopen(division)
    return pupil


def move(pupil: Pupil, target: Division) -> None:
    """Put a pupil in another class of her school; her row goes with her, so her code stays."""
    pupil.division = target
    pupil.save(update_fields=["division"])


def reopen(division: Division) -> bool:
    """Let a list be validated again; give whether it was validated."""
    opened = Division.objects.filter(id=division.id).exclude(validated_at=None)
    return bool(opened.update(validated_at=None))


def hold(*schools: School) -> None:
    """Inside a transaction: nobody else changes or validates a class of these schools meanwhile.

    On SQLite the transaction itself was that hold: it has one writer.
    """
    wanted = [school.id for school in schools]
    list(School.objects.select_for_update().filter(id__in=wanted).order_by("id"))
    list(Division.objects.select_for_update().filter(school__in=wanted).order_by("id"))


def _looks(identity: Identity) -> list[object]:
    last, first = folded(identity.last_name), folded(identity.first_name)
    looks: list[object] = [frozenset((last, first))]
    if identity.birth_date:
        looks.append((first, identity.birth_date))
    return looks


def _person(identity: Identity) -> tuple[object, ...]:
    return folded(identity.last_name), folded(identity.first_name), identity.birth_date


def folded(text: str) -> str:
    """Give a name without accents, ligatures, case or the kind of its apostrophes."""
    letters = unicodedata.normalize("NFKD", text.translate(_SAME))
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
