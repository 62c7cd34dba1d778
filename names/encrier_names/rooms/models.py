# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Rooms of a school, its planning rules, sessions, who sits in them, what happened there.

What says something of a person (an absence, an incident, what was declared) is sealed. No number,
no sitting, no score.
"""

import uuid
from datetime import datetime
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from encrier.records import Record
from encrier_names.encryption import Boxed
from encrier_names.schools.models import Pupil, School, Staff


class Room(models.Model):
    """A room that a school may use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()  # computers that work
    headsets = models.PositiveSmallIntegerField(default=0)
    line_mbits = models.FloatField(default=0.0)  # 0: not known
    halves = models.CharField(max_length=40)  # when it is free: "1m 1a 2m"
    busy = models.CharField(max_length=400, default="")  # days on which it is not, ISO

    class Meta:  # noqa: D106 it is Django's
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="one_room_a_name")]


class PlanRules(models.Model):
    """How a school plans: `planning.problem.Rules` as canonical JSON; and its last revision."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE)
    rules = models.TextField()
    revision = models.PositiveIntegerField(default=0)  # one more with each change of the plan


class Session(models.Model):
    """Some pupils in one room at one time, with who watches over them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="sessions")
    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="sessions")
    place = models.CharField(max_length=40)  # the room as people call it
    label = models.CharField(max_length=200)  # « 6B, groupe 1 sur 2 »
    sequence = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    begins_at = models.DateTimeField()  # to the second: pupils press « Commencer »
    is_planned = models.BooleanField(default=False)  # proposed; else opened by hand
    is_locked = models.BooleanField(default=False)  # a new proposal leaves it where it is
    revision = models.PositiveIntegerField(default=0)  # of the plan that changed it last
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    supervisors = models.ManyToManyField(Staff, related_name="sessions")

    class Meta:  # noqa: D106 it is Django's
        indexes = [models.Index(fields=["school", "starts_at"])]


class AbsenceReason(models.TextChoices):
    """Why a pupil is not in a session; she sits another one. No `Reason` closes her row here."""

    ILL = "ill", _("Malade")
    AWAY = "away", _("En sortie, en stage ou exclu")
    LATE = "late", _("Arrivé trop tard")
    UNKNOWN = "unknown", _("Motif non connu")


class Absence(Record, frozen=True):
    """Who noted an absence, when and why. Sealed: a reason may be one of health."""

    reason: AbsenceReason
    at: datetime
    by: uuid.UUID


class Seat(models.Model):
    """A pupil in a session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="seats")
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="seats")
    group = models.UUIDField()  # the class she was planned with
    rank = models.PositiveSmallIntegerField(default=1)  # half-group of `of`
    of = models.PositiveSmallIntegerField(default=1)
    absence_box = models.BinaryField(null=True)
    _absence = Boxed(Absence, column="absence_box")

    class Meta:  # noqa: D106 it is Django's
        constraints = [
            models.UniqueConstraint(fields=["session", "pupil"], name="one_seat_a_session")
        ]

    @property
    def absence(self) -> Absence | None:
        """Why she is not there, if so."""
        return None if self.absence_box is None else self._absence

    def note(self, absence: Absence | None) -> None:
        """Say that she is not there, or that she is; to be saved."""
        if absence is None:
            self.absence_box = None
        else:
            self._absence = absence


class IncidentKind(models.TextChoices):
    """What broke a session."""

    NETWORK = "network", _("Réseau coupé ou trop lent")
    POWER = "power", _("Panne de courant")
    COMPUTER = "computer", _("Panne d’un ordinateur")
    NOISE = "noise", _("Bruit, dérangement")
    FIRE_ALARM = "fire-alarm", _("Alarme incendie, évacuation")
    ILLNESS = "illness", _("Malaise d’un élève")
    WRONG_CODE = "wrong-code", _("Code d’un autre élève")
    OTHER = "other", _("Autre")


class Note(Record, frozen=True):
    """What happened, in the words of who was there. Sealed: it may name a pupil."""

    kind: IncidentKind
    starts_at: datetime
    ends_at: datetime | None  # None: it goes on
    pupils: tuple[uuid.UUID, ...]
    computers: str
    done: str
    by: uuid.UUID  # a member of staff


class Incident(models.Model):
    """An incident note of a school."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="incidents")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="incidents")
    written_at = models.DateTimeField()
    note_box = models.BinaryField()
    note = Boxed(Note, column="note_box")


ReceiptState = Literal["complete", "unfinished", "to-check", "never", "absent"]


class ReceiptLine(Record, frozen=True):
    """One pupil on the receipt of a session."""

    name: str
    division: str
    screen: str  # the four letters of her screen
    state: ReceiptState
    percent: int
    unsent: int
    seen_at: datetime | None
    remark: str  # why she is absent, what to do


class Declared(Record, frozen=True):
    """What a supervisor declared, as it stood then. Sealed: it names pupils."""

    by: str  # user name
    lines: tuple[ReceiptLine, ...]
    n_incidents: int
    told_at: datetime | None  # when answers had last said how far each was


class Receipt(models.Model):
    """The receipt of a session; declared again, it is another row and the last one holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="receipts")
    signed_at = models.DateTimeField()
    declared_box = models.BinaryField()
    declared = Boxed(Declared, column="declared_box")
