# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""The table of accesses: ids, a verb, a moment. A trigger refuses change and removal."""

from django.db import models


class Action(models.TextChoices):
    """What was done with pupils' names in hand; the ones of a sitting are its supervisor's."""

    CLASS_LIST = "class-list"
    CLASS_PROGRESS = "class-progress"
    CLASS_RESULTS = "class-results"
    PUPIL_RESULTS = "pupil-results"
    PUPIL_SHEET = "pupil-sheet"
    PUPIL_IDENTITY = "pupil-identity"
    PUPIL_ADDED = "pupil-added"
    PUPIL_CORRECTED = "pupil-corrected"
    PUPIL_REMOVED = "pupil-removed"
    PUPIL_MOVED = "pupil-moved"
    PUPIL_CLOSED = "pupil-closed"
    PUPIL_REOPENED = "pupil-reopened"
    LIST_REOPENED = "list-reopened"
    SITTING_PAUSED = "sitting-paused"
    SITTING_RESUMED = "sitting-resumed"
    SITTING_CLOSED = "sitting-closed"
    SITTING_REOPENED = "sitting-reopened"
    CODE_PAGE = "code-page"
    CODE_REPLACED = "code-replaced"
    CODES_EXCHANGED = "codes-exchanged"
    RESERVE_GIVEN = "reserve-given"
    PUPIL_NEEDS = "pupil-needs"
    PUPIL_GRANTED = "pupil-granted"
    CODE_SHEET = "code-sheet"
    VALIDATION = "validation"
    IMPORT = "import"
    IMPORT_UNDONE = "import-undone"


class Access(models.Model):
    """One access to named data. All columns immutable."""

    at = models.DateTimeField()
    staff = models.UUIDField()
    action = models.CharField(max_length=32)  # an Action; no `choices`: a new one is no migration
    division = models.UUIDField(null=True)
    pupil = models.UUIDField(null=True)
    n_pupils = models.PositiveIntegerField()
