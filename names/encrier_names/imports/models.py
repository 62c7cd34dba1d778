# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""A reading that waits for the head to confirm it: sealed, and gone once confirmed or old."""

import uuid

from django.db import models

from encrier_names.encryption import Boxed
from encrier_names.rosters.reading import Reading
from encrier_names.schools.models import School, Staff


class WaitingImport(models.Model):
    """What was understood of one file; the file itself is never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    at = models.DateTimeField()
    reading_box = models.BinaryField()
    reading = Boxed(Reading, column="reading_box")
