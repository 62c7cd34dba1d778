# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""What is on its way to answers."""

from django.db import models


class Outgoing(models.Model):
    """One admission list. Its content goes once every node of its pair has taken it."""

    serial = models.PositiveBigIntegerField(primary_key=True)  # immutable
    n_rows = models.PositiveIntegerField()  # immutable
    # Whose codes it is about (encrier.places): 0 where the campaign has one pair; immutable.
    pair = models.PositiveSmallIntegerField(default=0)
    n_keys = models.PositiveIntegerField(default=0)  # of booklets; immutable
    box = models.BinaryField(null=True)  # AES-256-GCM of the list; None once acknowledged
    acknowledged_at = models.DateTimeField(null=True)
