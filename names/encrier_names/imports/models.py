# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""A list that waits for the head to confirm it, and what a confirmed one changed. Both sealed."""

import uuid
from uuid import UUID

from django.db import models

from encrier.records import Record
from encrier_names.encryption import Boxed
from encrier_names.rosters.reading import Correction, Source
from encrier_names.schools.models import Identity, School, Staff


class Same(Record, frozen=True):
    """A row of the file is a pupil that we know, says the head."""

    rank: int
    pupil: UUID


class Decisions(Record, frozen=True):
    """What the head has said of a file so far, in order."""

    corrections: tuple[Correction, ...] = ()
    same: tuple[Same, ...] = ()


class WaitingImport(models.Model):
    """What was read of one file and said of it since; the file itself is never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.CASCADE)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    at = models.DateTimeField()
    source_box = models.BinaryField()
    decisions_box = models.BinaryField()
    source = Boxed(Source, column="source_box")
    decisions = Boxed(Decisions, column="decisions_box")


class Place(Record, frozen=True):
    """Where a pupil is, at which level, and who she is."""

    division: UUID
    level: str
    identity: Identity


class Changed(Record, frozen=True):
    """What became of one pupil; None: not there."""

    pupil: UUID
    before: Place | None
    after: Place | None


class Changes(Record, frozen=True):
    """What an import changed: enough to take it back, and no more."""

    pupils: tuple[Changed, ...]
    divisions: tuple[UUID, ...]  # those that it made


class TakenImport(models.Model):
    """The last import of a school, as long as it can be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.OneToOneField(School, on_delete=models.CASCADE)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    at = models.DateTimeField()
    changes_box = models.BinaryField()
    changes = Boxed(Changes, column="changes_box")
