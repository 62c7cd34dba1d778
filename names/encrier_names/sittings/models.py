# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Progress by sitting id, as answers last told it."""

from django.db import models


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
