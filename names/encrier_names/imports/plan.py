# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a class list would change, decided without touching anything. Pure.

A validated class is left as it is: its codes may be on paper already.
"""

from collections.abc import Mapping

from encrier.records import Record
from encrier_names.rosters.reading import Pupil as Read
from encrier_names.rosters.reading import Reading
from encrier_names.schools.lists import folded
from encrier_names.schools.models import Identity


class DivisionPlan(Record, frozen=True):
    """What one class of the file becomes. Indexes are ranks in `Reading.pupils`."""

    label: str
    frozen: bool  # validated: nothing changes
    pupils: tuple[int, ...]


class Plan(Record, frozen=True):
    """What a whole file becomes."""

    divisions: tuple[DivisionPlan, ...]
    n_without_division: int

    @property
    def n_taken(self) -> int:
        return sum(len(d.pupils) for d in self.divisions if not d.frozen)


def plan(reading: Reading, *, validated: Mapping[str, bool]) -> Plan:
    """Sort the pupils of a file into classes; `validated` knows the classes there are."""
    by_label: dict[str, list[int]] = {}
    for rank, pupil in enumerate(reading.pupils):
        if pupil.division:
            by_label.setdefault(pupil.division, []).append(rank)
    divisions = tuple(
        DivisionPlan(label=label, frozen=validated.get(label, False), pupils=tuple(ranks))
        for label, ranks in sorted(by_label.items())
    )
    placed = sum(len(d.pupils) for d in divisions)
    return Plan(divisions=divisions, n_without_division=len(reading.pupils) - placed)


def identity_of(read: Read) -> Identity:
    """What we keep of a pupil of a file."""
    return Identity(
        last_name=read.last_name,
        first_name=read.first_name,
        used_name=read.used_name,
        birth_date=read.birth_date,
        sex=read.sex,
        ine=read.ine,
    )


def kept(read: Identity, was: Identity) -> Identity:
    """What a file says of a pupil we know, without losing what it does not say.

    An accent that capitals have lost is no news; nor is an INE, a date or a sex that a file has no
    column for. What is wrong in all that is corrected on the pupil's page.
    """
    return Identity(
        last_name=_spelt(read.last_name, was.last_name),
        first_name=_spelt(read.first_name, was.first_name),
        used_name=_spelt(read.used_name, was.used_name or "") if read.used_name else None,
        birth_date=read.birth_date or was.birth_date,
        sex=read.sex or was.sex,
        ine=read.ine or was.ine,
    )


def _spelt(read: str, was: str) -> str:
    is_poorer = read.isascii() and not was.isascii()
    return was if is_poorer and folded(read) == folded(was) else read
