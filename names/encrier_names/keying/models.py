# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Classes whose keying was asked to be opened again after its end, and what was decided."""

import uuid

from django.db import models

from encrier.records import Record
from encrier_names.encryption import Boxed
from encrier_names.schools.models import Division


class Words(Record, frozen=True):
    """Why it is asked, and what who decides says. Sealed: people were asked to name nobody."""

    reason: str
    answer: str = ""  # of a refusal


class Reopening(models.Model):
    """One request; decided once. `ends_at`: when the keying of the class then ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="reopenings")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()  # a member of staff
    words_box = models.BinaryField()
    words = Boxed(Words, column="words_box")
    decided_at = models.DateTimeField(null=True)  # None: it waits
    decided_by = models.UUIDField(null=True)
    ends_at = models.DateTimeField(null=True)  # None: it waits, or was refused

    class Meta:  # noqa: D106 it is Django's
        indexes = [models.Index(fields=["division", "-asked_at"], name="reopening_of_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["division"],
                condition=models.Q(decided_at=None),
                name="one_request_waits",
            )
        ]
