# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""How far the papers of a school have come, so that its head can see it. Counts, no name."""

from django.db import models

from encrier_names.schools.models import School


class Printing(models.Model):
    """The last time that all papers of a school were asked for."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    n_papers = models.PositiveIntegerField()
    n_done = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)  # None: under way, or given up by the browser
