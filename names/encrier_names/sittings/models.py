# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Progress by sitting id, as answers last told it; what each pupil is granted."""

from datetime import datetime

from django.db import models

from encrier.records import Record
from encrier_names.encryption import Boxed
from encrier_names.schools.models import Pupil


class SeenProgress(models.Model):
    """What answers last said of one sitting; its names are those of wire.SittingProgress."""

    sid = models.CharField(max_length=32, primary_key=True)  # hex
    state = models.CharField(max_length=10)
    percent = models.PositiveSmallIntegerField()
    unsent = models.PositiveIntegerField()
    last_minute = models.PositiveBigIntegerField(null=True)  # minutes since 1970, UTC


class Pull(models.Model):
    """When progress was last pulled: one row."""

    at = models.DateTimeField()


class Grant(Record, frozen=True):
    """What one pupil is granted."""

    extra_time: int = 0  # percent of every time limit
    settings: tuple[str, ...] = ()  # "name:value", docs/spec/supports.md
    paused: bool = False
    closes_at: datetime | None = None  # None: as the campaign

    @property
    def designated(self) -> tuple[str, ...]:
        """What results may know of it: settings that were in force, extra time among them."""
        return (*self.settings, *([f"extra-time:{self.extra_time}"] if self.extra_time else []))


class Granted(models.Model):
    """What one pupil is granted, in one sealed column."""

    pupil = models.OneToOneField(Pupil, primary_key=True, on_delete=models.CASCADE)
    grant_box = models.BinaryField()
    grant = Boxed(Grant, column="grant_box")
