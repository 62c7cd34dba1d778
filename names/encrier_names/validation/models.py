# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""What was declared, which classes wait for their keys, which reserve codes a class holds.

No name, number or code stands here: a reserve code is found from `Reserve.id` with the link key.
"""

import uuid

from django.db import models

from encrier_names.schools.models import Division


class Declaration(models.Model):
    """What a head declared of a class list. All columns immutable; a trigger sees to it."""

    at = models.DateTimeField()
    division = models.UUIDField(db_index=True)
    staff = models.UUIDField(null=True)  # None: the operator, from the command line
    n_pupils = models.PositiveIntegerField()
    sentence = models.TextField()  # word for word, in the language in which it was read


class Owed(models.Model):
    """A class whose codes are drawn and whose admission list waits for their keys."""

    division = models.OneToOneField(Division, primary_key=True, on_delete=models.CASCADE)


class Reserve(models.Model):
    """A code that a class holds for nobody yet; once given, its number is a pupil's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="reserves")
    rank = models.PositiveSmallIntegerField()  # from 1, as on paper
    is_given = models.BooleanField(default=False)

    class Meta:  # noqa: D106 it is Django's
        constraints = [
            models.UniqueConstraint(fields=["division", "rank"], name="one_reserve_a_rank")
        ]
