# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Schools, divisions, pupils, staff. A pupil's identity is one sealed column.

These tables hold nothing that a sitting could be found by: the link is in `pseudonyms`.
"""

import secrets
import uuid
from datetime import date, datetime
from typing import Literal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as sentence

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

    FIRST_DEGREE = "ecole", _("École")
    LOWER = "college", _("Collège")
    UPPER = "lycee", _("Lycée")


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
    # Which pair serves its pupils' codes, all of them; 0: not decided yet (`validation.pairs`).
    pair = models.PositiveSmallIntegerField(default=0)


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


class Reason(models.TextChoices):
    """Why a pupil does not sit, or not all of it. Her row is then closed: nothing is awaited."""

    ABSENT = "absent", _("Absent pendant toute la période")
    EXEMPT = "exempt", _("Dispensé\u00a0: l’évaluation n’est pas adaptée à cet élève")
    LEFT = "left", _("A quitté l’établissement")
    REFUSED = "refused", _("La famille a refusé")
    OTHER = "other", _("Autre raison")


class Closure(Record, frozen=True):
    """Who closed the row of a pupil, when and why. Sealed: a reason may be one of health."""

    reason: Reason
    at: datetime
    by: uuid.UUID  # a member of staff

    @property
    def shown(self) -> str:
        """In a word or two, for a table."""
        return _SHOWN[self.reason]


_SHOWN = {
    Reason.ABSENT: sentence("Absent"),
    Reason.EXEMPT: sentence("Dispensé"),
    Reason.LEFT: sentence("Parti"),
    Reason.REFUSED: sentence("Refus"),
    Reason.OTHER: sentence("Excusé"),
}


class Pupil(models.Model):
    """A pupil of a division."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="pupils")
    level = models.CharField(max_length=8)
    identity_box = models.BinaryField()
    identity = Boxed(Identity, column="identity_box")
    closure_box = models.BinaryField(null=True)
    _closure = Boxed(Closure, column="closure_box")

    @property
    def closure(self) -> Closure | None:
        """Why nothing is awaited of her, if so."""
        return None if self.closure_box is None else self._closure

    def close(self, closure: Closure | None) -> None:
        """Say that nothing is awaited of her, or that she is awaited again; to be saved."""
        if closure is None:
            self.closure_box = None
        else:
            self._closure = closure


class Role(models.TextChoices):
    """What a member of staff is here for."""

    TEACHER = "teacher", _("Professeur")
    SUPERVISOR = "supervisor", _("Surveillant")
    HEAD = "head", _("Chef d’établissement")
    ACADEMY = "academy", _("Correspondant académique")
    MINISTRY = "ministry", _("Agent du ministère")
    AUDITOR = "auditor", _("Auditeur")


class Staff(models.Model):
    """An account that may see something: a teacher her divisions, a head his school.

    A supervisor sees the sittings of his divisions and no result; an académie's correspondent
    sees how far its schools are and no name; an auditor sees how often names were read, and none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=16)  # a Role; no `choices`: a new one is no migration
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True)  # of who works in one
    academy = models.CharField(max_length=40, default="")  # of its correspondent, as in School
    divisions = models.ManyToManyField(Division, related_name="teachers")  # of a teacher

    @property
    def role_shown(self) -> str:
        """What she is here for, as a page says it."""
        return str(Role(self.role).label)
