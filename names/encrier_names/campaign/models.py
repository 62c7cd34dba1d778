# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Each version of the campaign file that this zone has run with, and which one is frozen."""

from django.db import models


class CampaignVersion(models.Model):
    """One version; the text itself stands in the ministry's file. All but `frozen_at` immutable."""

    sha256 = models.CharField(max_length=64, unique=True)  # hex
    first_seen_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)  # of one version at most
