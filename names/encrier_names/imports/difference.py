# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a class list changes for a school: who arrives, leaves, changes class, is written anew.

Pure: knows identities and classes, no table. `K` is whatever names a pupil that we know.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from encrier.records import Record
from encrier_names.imports.plan import identity_of, kept
from encrier_names.rosters.reading import Pupil as Read
from encrier_names.schools.lists import recognised, resembling
from encrier_names.schools.models import Identity

K = TypeVar("K")


class Known(Record, frozen=True):
    """A pupil of the school before the import."""

    identity: Identity
    division: str
    is_frozen: bool  # in a validated class: stays as she is


class Arrival(Record, Generic[K], frozen=True):
    """A pupil of the file whom we do not know; `like`: one we know who may be her."""

    read: Read
    like: K | None


class Move(Record, Generic[K], frozen=True):
    """A pupil we know, in another class."""

    pupil: K
    read: Read
    was: str


class Rewriting(Record, Generic[K], frozen=True):
    """A pupil we know, whose name, date, sex or INE is written otherwise."""

    pupil: K
    before: Identity
    after: Identity


class Difference(Record, Generic[K], frozen=True):
    """All of it. A pupil may both move and be rewritten; `held` stay, whatever the file says."""

    arrivals: tuple[Arrival[K], ...]
    moves: tuple[Move[K], ...]
    rewritten: tuple[Rewriting[K], ...]
    departures: tuple[K, ...]  # known, in a class of the file that is not frozen, and not in it
    held: tuple[K, ...]  # in a validated class, and elsewhere in the file
    held_from: Mapping[str, int]  # how many of them, by the class where the file puts them
    unchanged: int


def matched(
    pupils: Sequence[Read], known: Mapping[K, Identity], same: Mapping[int, K]
) -> dict[int, K]:
    """Tell which pupil we know each one read is: place in `pupils` -> key in `known`.

    same: what the head said, by rank of the row; it goes before what we would guess.
    """
    told = {i: same[p.rank] for i, p in enumerate(pupils) if same.get(p.rank) in known}
    others = [i for i in range(len(pupils)) if i not in told]
    taken = set(told.values())
    left = {key: identity for key, identity in known.items() if key not in taken}
    guessed = recognised([identity_of(pupils[i]) for i in others], left)
    return told | {others[i]: key for i, key in guessed.items()}


def difference(
    pupils: Sequence[Read], known: Mapping[K, Known], same: Mapping[int, K], labels: Iterable[str]
) -> Difference[K]:
    """Compare a file with a school; `labels`: the classes of the file that are not frozen."""
    identities = {key: one.identity for key, one in known.items()}
    found = matched(pupils, identities, same)
    strangers = {i: identity_of(p) for i, p in enumerate(pupils) if p.division and i not in found}
    stay = set(found.values())
    gone = {key: one for key, one in identities.items() if key not in stay}
    alike = resembling(strangers, gone)
    moves, rewritten, held, unchanged = [], [], [], 0
    held_from: Counter[str] = Counter()
    for i, key in found.items():
        read, was = pupils[i], known[key]
        if not read.division:
            continue
        if was.is_frozen:
            if read.division != was.division:
                held.append(key)
                held_from[read.division] += 1
            continue
        moves.extend([Move(key, read, was.division)] if read.division != was.division else [])
        after = kept(identity_of(read), was.identity)
        rewritten.extend([Rewriting(key, was.identity, after)] if after != was.identity else [])
        unchanged += read.division == was.division and after == was.identity
    open_labels = set(labels)
    return Difference(
        arrivals=tuple(Arrival(pupils[i], alike.get(i)) for i in strangers),
        moves=tuple(moves),
        rewritten=tuple(rewritten),
        departures=tuple(
            key for key in gone if known[key].division in open_labels and not known[key].is_frozen
        ),
        held=tuple(held),
        held_from=held_from,
        unchanged=unchanged,
    )
