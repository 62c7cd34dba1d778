# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""A message, the schools it is for, and who of them has read it."""

import uuid

from django.db import models

from encrier_names.schools.models import School, Staff


class Message(models.Model):
    """One message. All columns but the last immutable. `page`: a page of ours that it leads to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    author = models.ForeignKey(Staff, on_delete=models.CASCADE)
    academy = models.CharField(max_length=40, default="")  # of the author; empty: the ministry
    at = models.DateTimeField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    page = models.CharField(max_length=20, default="")
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Addressed(models.Model):
    """A school that a message is for, and whether its head has said to have read it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="addressed")
    school = models.ForeignKey(School, on_delete=models.CASCADE)
    read_at = models.DateTimeField(null=True)

    class Meta:  # noqa: D106 it is Django's
        constraints = [
            models.UniqueConstraint(fields=["message", "school"], name="one_message_a_school")
        ]
