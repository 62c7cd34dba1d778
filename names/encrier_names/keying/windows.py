# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a class may be keyed: the campaign's window, the sample's, an extension, a reopening.

The latest of these ends counts: what was given to a school takes nothing from it. Nothing in the
answers zone has to know why: each sitting that is keyed is admitted with its end. No name.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from encrier.campaign import Window, windows_of
from encrier_names import zone
from encrier_names.batches import batches
from encrier_names.followup import windows as schools
from encrier_names.keying import levels
from encrier_names.keying.models import Reopening
from encrier_names.schools.models import Division, Pupil

_LOOKUP: Final = 500  # pupils a query
Place = tuple[UUID, UUID, str]  # a class, its school, the UAI of that


def window_of(division: Division) -> Window:
    """When this class may be keyed; only in a campaign that has a keyed level."""
    return windows([(division.id, division.school.id, division.school.uai)])[division.id]


def windows(places: Collection[Place]) -> dict[UUID, Window]:
    """When each of these classes may be keyed."""
    own, granted = schools.own_ends(), _granted()
    usual = {uai: _usual(uai) for uai in {uai for _division, _school, uai in places}}
    return {
        division: Window(
            usual[uai].opens,
            _latest(usual[uai].closes, own.get(school), granted.get(division)),
        )
        for division, school, uai in places
    }


def ends_of(pupils: Collection[UUID]) -> dict[UUID, datetime]:
    """The end of the keying of those of these pupils who are keyed."""
    if not levels.any_keyed():
        return {}
    of_class: dict[UUID, Place] = {}
    columns = ("id", "level", "division", "division__school", "division__school__uai")
    for part in batches(sorted(pupils), _LOOKUP):
        for pupil, level, *place in Pupil.objects.filter(id__in=part).values_list(*columns):
            if levels.is_keyed(level):
                division, school, uai = place
                of_class[pupil] = (division, school, uai)
    found = windows(set(of_class.values()))
    return {pupil: found[place[0]].closes for pupil, place in of_class.items()}


def _usual(uai: str) -> Window:
    """The keying window of a school; the campaign file has one where a level is keyed."""
    found = windows_of(zone.current().campaign, uai)
    return found.keying or found.sittings


def _granted() -> dict[UUID, datetime]:
    """The latest end that was granted to each class whose keying was opened again."""
    rows = Reopening.objects.exclude(ends_at=None).order_by("ends_at")
    return {division: end for division, end in rows.values_list("division", "ends_at") if end}


def _latest(usual: datetime, *later: datetime | None) -> datetime:
    return max(usual, *(one or usual for one in later))
