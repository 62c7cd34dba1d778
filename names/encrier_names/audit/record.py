# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes one row of the audit; the view that shows names calls it before it answers."""

from uuid import UUID

from encrier import clock
from encrier_names.audit.models import Access, Action
from encrier_names.schools.models import Pupil, Staff


def record(
    action: Action,
    staff: UUID,
    *,
    n_pupils: int,
    division: UUID | None = None,
    pupil: UUID | None = None,
) -> None:
    """Write that a member of staff did this now, about so many pupils."""
    Access.objects.create(
        at=clock.now(),
        staff=staff,
        action=action,
        division=division,
        pupil=pupil,
        n_pupils=n_pupils,
    )


def record_staff(
    action: Action, by: UUID, *, about: UUID | None = None, division: UUID | None = None
) -> None:
    """Write that a member of staff changed an access now: his own unless it is about another."""
    Access.objects.create(
        at=clock.now(),
        staff=by,
        action=action,
        division=division,
        about=by if about is None else about,
        n_pupils=0,
    )


def record_pupil(action: Action, staff: Staff, pupil: Pupil) -> None:
    """Write that a member of staff did this now, about one pupil."""
    record(action, staff.id, n_pupils=1, division=pupil.division_id, pupil=pupil.id)
