# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Counters of a school, ends that were declared, windows that were extended, days as they were.

Counts and moments; nothing that could tell one pupil from another.
"""

import uuid

from django.db import models

from encrier_names.schools.models import Division, School

COUNTED = ("pupils", "numbered", "excused", "awaited", "started", "finished")


class Tally(models.Model):
    """How far a school is, kept by what changes it (`tallies`). `step`: of `steps.Step`."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE)
    # As in School, so that the country is counted without it.
    academy = models.CharField(max_length=40, default="")
    is_public = models.BooleanField(default=True)
    in_scope = models.BooleanField(default=True)  # the campaign is about it
    divisions = models.PositiveIntegerField(default=0)
    validated = models.PositiveIntegerField(default=0)  # divisions
    printed = models.PositiveIntegerField(default=0)  # divisions whose code sheet was taken out
    pupils = models.PositiveIntegerField(default=0)
    numbered = models.PositiveIntegerField(default=0)  # pupils with a code
    excused = models.PositiveIntegerField(default=0)
    awaited = models.PositiveIntegerField(default=0)  # with a code, who sit or still may
    started = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=16, default="no-list")
    ends_at = models.DateTimeField(null=True)  # of its own window; None: as the campaign
    declared_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField()

    class Meta:  # noqa: D106 it is Django's
        indexes = [models.Index(fields=["in_scope", "academy"], name="tally_scope")]


class Printed(models.Model):
    """When the code sheet of a class was last taken out."""

    division = models.OneToOneField(Division, primary_key=True, on_delete=models.CASCADE)
    at = models.DateTimeField()


class Sampled(models.Model):
    """A school of the national sample: followed first."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE)


class DeclaredEnd(models.Model):
    """A head said that all who could sit have; the counts are those of that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE)
    at = models.DateTimeField()
    staff = models.UUIDField()
    awaited = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    started = models.PositiveIntegerField()  # begun, not finished: handled without anybody
    excused = models.PositiveIntegerField()
    taken_back_at = models.DateTimeField(null=True)


class Extension(models.Model):
    """A school whose window ends later than the campaign's; the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE)
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    staff = models.UUIDField()


class SchoolDay(models.Model):
    """How far a school was at the end of a day (of Paris)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE)
    day = models.DateField()
    awaited = models.PositiveIntegerField()
    started = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()

    class Meta:  # noqa: D106 it is Django's
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_count_a_day")]


class AcademyDay(models.Model):
    """How far the schools of an académie and a sector were at the end of a day."""

    academy = models.CharField(max_length=40)
    is_public = models.BooleanField()
    day = models.DateField()
    schools = models.PositiveIntegerField()  # with pupils who are awaited
    awaited = models.PositiveIntegerField()
    started = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    kept_at = models.DateTimeField()

    class Meta:  # noqa: D106 it is Django's
        constraints = [
            models.UniqueConstraint(
                fields=["day", "academy", "is_public"], name="one_row_an_academy_a_day"
            )
        ]
