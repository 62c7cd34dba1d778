# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window of a school: the campaign's, or an end of its own that an académie gave it.

Nothing in the answers zone has to know why: each sitting of the school is admitted with its end.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from encrier import clock
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier_names import zone
from encrier_names.batches import batches
from encrier_names.followup import tallies
from encrier_names.followup.models import Extension, Tally
from encrier_names.keying import levels
from encrier_names.schools.hours import PARIS_TIME, day_in_paris
from encrier_names.schools.models import Pupil, School, Staff

_LOOKUP: Final = 500


class TooLate(EncrierError):
    what = "Cette fenêtre ne peut plus être prolongée\u00a0: le dernier jour possible est passé."
    next_step = "Adressez-vous au ministère, qui décide des dates de la campagne."
    status = 409


def latest(manifest: Manifest, *, days: int) -> datetime:
    """The latest end that a school may be given.

    So many days after the campaign's, and early enough for the last answers to be sent and
    consulted: the grace before results close.
    """
    before_closing = manifest.results_close_at - timedelta(hours=manifest.grace_h)
    return min(usual_end(manifest) + timedelta(days=days), before_closing)


def days_of(manifest: Manifest, *, days: int, now: datetime) -> list[date]:
    """The days on which a school's window may be made to end; the first may be the campaign's."""
    last, first = latest(manifest, days=days), max(usual_end(manifest), now)
    usual = day_in_paris(usual_end(manifest))
    ends = [end_of(manifest, usual + timedelta(days=n)) for n in range(days + 1)]
    return [day_in_paris(end) for end in ends if first <= end <= last]


def end_of(manifest: Manifest, day: date) -> datetime:
    """The end of a window on this day: at the hour of the campaign's, by the clocks of Paris."""
    usual = usual_end(manifest).astimezone(PARIS_TIME)
    return datetime.combine(day, usual.time(), tzinfo=PARIS_TIME)


def extend(school: School, staff: Staff, *, ends_at: datetime, reason: str) -> None:
    """Keep that this school ends then, who decided it and why."""
    with transaction.atomic():
        Extension.objects.create(
            school=school, ends_at=ends_at, reason=reason, at=clock.now(), staff=staff.id
        )
        tallies.recount(school.id)


def ends_at(school: School, manifest: Manifest) -> datetime:
    """When the window of this school ends."""
    return later(manifest, of_school(school.id))


def usual_end(manifest: Manifest) -> datetime:
    """When the campaign ends: its sittings, or its keying where nobody sits on screen."""
    keying = zone.current().campaign.windows.keying
    return manifest.closes_at if keying is None or not levels.all_keyed() else keying.closes


def later(manifest: Manifest, own: datetime | None) -> datetime:
    """The end of a school that was given this end of its own, which takes nothing from it."""
    usual = usual_end(manifest)
    return max(own or usual, usual)


def of_school(school: UUID) -> datetime | None:
    """The end of its own that a school was given, if any."""
    newest = Extension.objects.filter(school=school).order_by("-at").first()
    return newest.ends_at if newest else None


def own_ends() -> dict[UUID, datetime]:
    """The end of each school that has one of its own."""
    given = Tally.objects.exclude(ends_at=None).values_list("school", "ends_at")
    return {school: end for school, end in given if end}


def ends_of(pupils: Collection[UUID]) -> dict[UUID, datetime]:
    """The end of those of these pupils whose school has one of its own."""
    own = own_ends()
    if not own:
        return {}
    found: dict[UUID, datetime] = {}
    for part in batches(sorted(pupils), _LOOKUP):
        rows = Pupil.objects.filter(id__in=part)
        for pupil, school in rows.values_list("id", "division__school"):
            if school in own:
                found[pupil] = own[school]
    return found
