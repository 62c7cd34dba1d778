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
    SESSION_BOARD = "session-board"
    SESSION_MADE = "session-made"
    SESSION_CHANGED = "session-changed"
    SESSION_REMOVED = "session-removed"
    SEAT_MOVED = "seat-moved"
    SEAT_ABSENT = "seat-absent"
    SEAT_PRESENT = "seat-present"
    EXTRA_TIME = "extra-time"
    INCIDENT_WRITTEN = "incident-written"
    INCIDENTS_READ = "incidents-read"
    SESSION_RECEIPT = "session-receipt"
    SESSION_SIGNED = "session-signed"
    RECEIPT_PAPER = "receipt-paper"
    PLAN_PROPOSED = "plan-proposed"
    CODE_SHEET = "code-sheet"
    CLASS_LIST_PDF = "class-list-pdf"
    CLASS_ABSENTEES = "class-absentees"
    VALIDATION = "validation"
    IMPORT = "import"
    IMPORT_UNDONE = "import-undone"
    ACCESS_LOG = "access-log"
    PUPIL_ACCESSES = "pupil-accesses"
    SIGNED_IN = "signed-in"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    STAFF_INVITED = "staff-invited"
    STAFF_JOINED = "staff-joined"
    STAFF_CLOSED = "staff-closed"
    STAFF_REOPENED = "staff-reopened"
    CLASS_GIVEN = "class-given"
    CLASS_TAKEN = "class-taken"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 a verb
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    IDENTITY_LINKED = "identity-linked"
    IDENTITY_REMOVED = "identity-removed"
    ADDRESS_CHANGED = "address-changed"
    MISSING_PUPILS = "missing-pupils"
    END_DECLARED = "end-declared"
    END_TAKEN_BACK = "end-taken-back"
    WINDOW_EXTENDED = "window-extended"
    KEYING_RING = "keying-ring"
    REOPENING_ASKED = "reopening-asked"
    REOPENING_GRANTED = "reopening-granted"
    REOPENING_REFUSED = "reopening-refused"


class Access(models.Model):
    """One access to named data. All columns immutable."""

    at = models.DateTimeField()
    staff = models.UUIDField()
    action = models.CharField(max_length=32)  # an Action; no `choices`: a new one is no migration
    division = models.UUIDField(null=True)
    pupil = models.UUIDField(null=True)
    n_pupils = models.PositiveIntegerField()
    about = models.UUIDField(null=True)  # the member of staff whose access was changed, if one

    class Meta:  # noqa: D106 it is Django's
        indexes = [
            models.Index(fields=["division", "-id"], name="access_of_division"),
            models.Index(fields=["pupil", "-id"], name="access_of_pupil"),
            models.Index(fields=["staff", "-id"], name="access_by_staff"),
        ]
