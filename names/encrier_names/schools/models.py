# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Schools, divisions, pupils, staff. A pupil's identity is one sealed column.

These tables hold nothing that a sitting could be found by: the link is in `pseudonyms`.
"""

import secrets
import uuid
from datetime import date
from typing import Literal

from django.conf import settings
from django.db import models

from encrier.records import Record
from encrier_names.encryption import Boxed


def draw_number() -> int:
    """Draw a number that means nothing, for results to group by."""
    return secrets.randbelow(2**48)


class Identity(Record, frozen=True):
    """Who a pupil is: all that we keep of a class list."""

    last_name: str
    first_name: str
    used_name: str | None = None
    birth_date: date | None = None
    sex: Literal["F", "M"] | None = None
    ine: str | None = None

    @property
    def shown(self) -> str:
        """The name as a class list shows it: family name first."""
        return f"{self.used_name or self.last_name} {self.first_name}"


class Kind(models.TextChoices):
    """What a school teaches."""

    FIRST_DEGREE = "ecole", "École"
    LOWER = "college", "Collège"
    UPPER = "lycee", "Lycée"


class School(models.Model):
    """A school, known outside the names zone only by `number`; the rest is the public directory's.

    academy, department: their names, as the directory writes them; empty where it does not say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    uai = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=200)
    number = models.PositiveBigIntegerField(unique=True, default=draw_number)
    kind = models.CharField(max_length=8, choices=Kind, default="")
    town = models.CharField(max_length=80, default="")
    department = models.CharField(max_length=40, default="")
    academy = models.CharField(max_length=40, default="", db_index=True)
    is_public = models.BooleanField(default=True)


class Division(models.Model):
    """A class of a school, known outside the names zone only by `number`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="divisions")
    label = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField(unique=True, default=draw_number)
    validated_at = models.DateTimeField(null=True)  # None: the list may still change

    class Meta:  # noqa: D106 it is Django's
        constraints = [
            models.UniqueConstraint(fields=["school", "label"], name="one_division_a_label")
        ]


class Pupil(models.Model):
    """A pupil of a division."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="pupils")
    level = models.CharField(max_length=8)
    identity_box = models.BinaryField()
    identity = Boxed(Identity, column="identity_box")


class Role(models.TextChoices):
    """What a member of staff is here for."""

    TEACHER = "teacher", "Professeur"
    HEAD = "head", "Chef d’établissement"
    MINISTRY = "ministry", "Agent du ministère"


class Staff(models.Model):
    """An account that may see something: a teacher her divisions, a head his school."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=16, choices=Role)
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True)  # None: ministry
    divisions = models.ManyToManyField(Division, related_name="teachers")  # of a teacher
