# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions as a calendar file; French like paper, and without a pupil's name."""

from collections.abc import Iterable

from encrier_names.rooms.models import Session
from encrier_names.rooms.plan import clock_of
from encrier_names.rooms.planning.calendar_file import Event, calendar


def calendar_of(sessions: Iterable[Session], *, label: str) -> bytes:
    """The file. label: what the campaign is called; each session has its count, `n_seats`."""
    return calendar(label, (_event(session, label=label) for session in sessions))


def _event(session: Session, *, label: str) -> Event:
    there = clock_of(session.school)
    begins = session.begins_at.astimezone(there)
    n_seats = int(getattr(session, "n_seats", 0))
    return Event(
        uid=f"{session.id}@encrier",
        starts_at=session.starts_at.astimezone(there),
        ends_at=session.ends_at.astimezone(there),
        summary=f"{session.label} – {label}, séquence {session.sequence}",
        location=session.place,
        description=f"Élèves\u00a0: {n_seats}.\nPremier écran à {begins:%-H h %M min %S s}.",
        changed_at=session.changed_at,
        revision=session.revision,
    )
