# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Failed sign-ins, counted by a keyed hash of the user name: no user name, no address."""

from django.db import models


class Failure(models.Model):
    """How often a sign-in failed lately under one user name."""

    who = models.CharField(max_length=64, primary_key=True)  # HMAC-SHA256 of the user name
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()
