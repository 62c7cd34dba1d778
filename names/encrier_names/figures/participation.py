# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participation day after day: what the counters said in the evening, kept. Counts, no pupil."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Sum

from encrier.records import Record
from encrier_names.followup.models import AcademyDay, SchoolDay, Tally
from encrier_names.schools.hours import day_in_paris
from encrier_names.schools.models import School

KEPT_FOR: Final = timedelta(minutes=15)  # a day is written again after that long
_BATCH: Final = 1000
_COUNTED: Final = ("awaited", "started", "finished")


class Day(Record, frozen=True):
    """One day of some schools."""

    day: date
    schools: int
    awaited: int
    started: int
    finished: int


class Group(Record, frozen=True):
    """Some schools as they are now: an académie, a département, a sector."""

    name: str
    schools: int
    awaited: int
    started: int
    finished: int

    @property
    def share(self) -> float:
        """Who has finished, of those who are awaited."""
        return self.finished / self.awaited if self.awaited else 0.0


def keep_if_due(now: datetime) -> bool:
    """Write the day as the counters stand, unless it was a moment ago."""
    on = day_in_paris(now)
    newest = AcademyDay.objects.filter(day=on).order_by("-kept_at").first()
    if newest is not None and now - newest.kept_at < KEPT_FOR:
        return False
    keep(on, now)
    return True


def keep(on: date, now: datetime) -> None:
    """Write a day as the counters stand; a day that was written is written again."""
    counted = Tally.objects.filter(awaited__gt=0)
    with transaction.atomic():
        SchoolDay.objects.bulk_create(
            [
                SchoolDay(day=on, school_id=school, awaited=a, started=s, finished=f)
                for school, a, s, f in counted.values_list("school", *_COUNTED)
            ],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["school", "day"],
            update_fields=_COUNTED,
        )
        AcademyDay.objects.filter(day=on).delete()
        AcademyDay.objects.bulk_create(
            AcademyDay(
                day=on, academy=academy, is_public=is_public, schools=n, kept_at=now,
                awaited=a, started=s, finished=f,
            )
            for academy, is_public, n, a, s, f in counted.values_list(
                "academy", "is_public"
            ).annotate(Count("school"), Sum("awaited"), Sum("started"), Sum("finished"))
        )  # fmt: skip


def days_of(academy: str = "") -> list[Day]:
    """The days of an académie, or of the country."""
    rows = AcademyDay.objects.filter(academy=academy) if academy else AcademyDay.objects.all()
    summed = rows.values_list("day").annotate(
        Sum("schools"), Sum("awaited"), Sum("started"), Sum("finished")
    )
    return [Day(*row) for row in summed.order_by("day")]


def days_of_school(school: School) -> list[Day]:
    """The days of one school."""
    rows = SchoolDay.objects.filter(school=school).order_by("day")
    return [Day(row.day, 1, row.awaited, row.started, row.finished) for row in rows]


def groups(by: str, academy: str = "") -> list[Group]:
    """The schools as they are now, of an académie or all, by a column."""
    counted = Tally.objects.filter(in_scope=True, awaited__gt=0).order_by(by)
    if academy:
        counted = counted.filter(academy=academy)
    summed = counted.values_list(by).annotate(
        Count("school"), Sum("awaited"), Sum("started"), Sum("finished")
    )
    return [Group(str(name), *numbers) for name, *numbers in summed]
